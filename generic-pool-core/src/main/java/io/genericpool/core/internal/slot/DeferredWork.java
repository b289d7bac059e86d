package io.genericpool.core.internal.slot;

/** What a thread has decided under locks, and carries out once it holds none. */
public interface DeferredWork {
    /** Whether that thread has carried it out, or has failed at it. Any thread may ask. */
    boolean isOver();
}
