package io.genericpool.spi;

/** An optional method of {@link ConnectionManager} that a pool calls only when the manager has it. */
public enum ManagerHook {
    /** {@link ConnectionManager#checkAliveness}; an {@link AsyncConnectionManager} always has it. */
    CHECK_ALIVENESS,

    /** {@link ConnectionManager#onAcquire}. */
    ON_ACQUIRE,

    /** {@link ConnectionManager#onRelease}. */
    ON_RELEASE,

    /** {@link ConnectionManager#isFatal}. */
    IS_FATAL,

    /** {@link ConnectionManager#isTooMany}. */
    IS_TOO_MANY,

    /** {@link ConnectionManager#resetAsync}. */
    RESET_ASYNC,

    /** {@link ConnectionManager#lend}. */
    LEND,

    /** {@link ConnectionManager#bind}. */
    BIND,

    /** {@link ConnectionManager#addresses}. */
    ADDRESSES
}
