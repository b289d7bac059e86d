package io.genericpool.testkit;

import java.util.concurrent.TimeUnit;

/** How long a test waits, in real time, for another thread to do something that takes none in virtual time. */
final class RealWait {
    /** The name of the system property that sets it, in milliseconds. */
    static final String PROPERTY = "io.genericpool.testkit.realWaitMillis";

    /** 20 s unless the property says otherwise: enough for a machine under heavy load, since only a failure waits so long. */
    static final long NANOS = TimeUnit.MILLISECONDS.toNanos(Long.getLong(PROPERTY, 20_000));

    private RealWait() {}
}
