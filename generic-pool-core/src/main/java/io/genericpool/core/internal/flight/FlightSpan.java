package io.genericpool.core.internal.flight;

/** Something that has begun and is being recorded. By one thread at a time. */
public interface FlightSpan {
    /** Adds what is known of it before its end. */
    default void note(String what) {}

    /** It ends now. */
    void end();

    /** After its end, without a lock: it is recorded, if it has taken long enough. */
    void commit(String pool, String endpoint, String outcome);
}
