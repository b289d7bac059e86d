package io.genericpool.testkit;

/** The calls a pool makes to its manager about one connection. */
public enum Operation {
    /** {@code create} or {@code createAsync}. */
    CREATE,
    /** {@code bind}. */
    BIND,
    /** {@code checkAliveness} or {@code checkAlivenessAsync}. */
    CHECK,
    /** {@code onAcquire}. */
    ON_ACQUIRE,
    /** {@code lend}. */
    LEND,
    /** {@code isFatal}. */
    IS_FATAL,
    /** {@code onRelease}. */
    ON_RELEASE,
    /** {@code resetAsync}, until its stage has ended. */
    RESET,
    /** {@code onConnectionDead}. */
    ON_DEAD,
    /** {@code dispose} or {@code disposeAsync}. */
    DISPOSE
}
