package io.genericpool;

/** Why a connection is disposed. */
public enum DisposeReason {
    /** It was idle for longer than {@code idleTimeout} and its endpoint held more than {@code minIdle}. */
    IDLE_TIMEOUT,
    /** It reached its lifetime: {@code maxLifetime}, shortened by its share of jitter. */
    MAX_LIFETIME,
    /** It was leased {@code maxLeases} times, or its manager asked to retire it. */
    MAX_LEASES,
    /** It failed its aliveness check, or its manager signalled its death. */
    DEAD,
    /** Its holder gave it up; or it came when its connect had been given up as overrun. */
    INVALIDATED,
    /** {@code evict} was called while it existed or was being made. */
    EVICTED,
    /** Another endpoint, or a caller that asked for a new connection, needed its permit. */
    PRESSURE,
    /** A limit was lowered below the number of connections held. */
    RESIZED,
    /** A hook of its manager failed, so that its state is unknown. */
    HOOK_FAILED,
    /** The pool was closed. */
    CLOSED
}
