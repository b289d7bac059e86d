package io.genericpool.core.fault;

import java.util.List;

/** A scenario that is played with a copy of the engine. */
public interface FaultRun {
    /** Does all that an engine does, swallowing what is injected, and lets what is under way come to an end. */
    void play();

    /** What another thread does in the middle of {@link #play}. */
    default void meanwhile() {}

    /** After what may throw has thrown: the pool repairs itself, serves again and closes. @return what is wrong */
    List<String> settle();

    /** How often the pool has repaired itself. */
    long repaired();
}
