package io.genericpool.testkit;

import java.util.concurrent.TimeUnit;

/** How long a test waits, in real time, for another thread to do something that takes none in virtual time. */
public final class RealWait {
    /** The name of the system property that sets it, in milliseconds. */
    public static final String PROPERTY = "io.genericpool.testkit.realWaitMillis";

    /**
     * The time in nanoseconds: 20 s unless the property says otherwise. That is enough for a machine under heavy load, and
     * only a failure waits so long.
     */
    public static final long NANOS = TimeUnit.MILLISECONDS.toNanos(Long.getLong(PROPERTY, 20_000));

    private RealWait() {}
}
