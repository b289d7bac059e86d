package io.genericpool;

/** The reason why a connection is disposed. */
public enum DisposeReason {
    /** The connection was idle for longer than {@code idleTimeout}, and its endpoint held more than {@code minIdle}. */
    IDLE_TIMEOUT,
    /** The connection reached its lifetime: {@code maxLifetime}, shortened by its random jitter. */
    MAX_LIFETIME,
    /** The connection was leased {@code maxLeases} times, or its manager asked to retire it. */
    MAX_LEASES,
    /** The connection failed its aliveness check, or its manager reported it dead. */
    DEAD,
    /** The lease was invalidated, or the connection arrived after its connection attempt had timed out. */
    INVALIDATED,
    /** {@code evict} was called while the connection existed or was being opened. */
    EVICTED,
    /** Another endpoint, or a request for a new connection, needed the connection's permit. */
    PRESSURE,
    /** A limit was lowered below the number of connections held. */
    RESIZED,
    /** A hook of the connection's manager failed, so the connection's state is unknown. */
    HOOK_FAILED,
    /** The pool was closed. */
    CLOSED
}
