package io.genericpool;

/** The order in which idle connections of an endpoint are reused. */
public enum IdleOrder {
    /**
     * Reuses approximately the connection used last. The pool first tries the connection that a thread like the
     * caller's used last, and then the lowest slot. This order keeps few connections warm. The others reach their idle
     * timeout, and the pool shrinks. This is the fast choice.
     */
    LIFO,
    /**
     * Reuses exactly the connection that has been idle longest, so every connection is used in turn. The connection is
     * checked first where a check is due. Only an acquire with a timeout of zero cannot wait for a check, and takes a
     * connection that needs none. This order is slower, because each acquire and release takes the endpoint's lock.
     */
    FIFO
}
