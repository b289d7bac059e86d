package io.genericpool;

/** Which of several idle connections of an endpoint is handed out. */
public enum IdleOrder {
    /**
     * Approximately the one used last: first the one that a thread like the caller's used last, then the lowest one.
     * Keeps few connections warm and lets extras reach their idle timeout, so that the pool shrinks. The fast choice.
     */
    LIFO,
    /**
     * Exactly the one that has been idle longest, checked first where that is due, so that every connection is exercised in
     * turn. (Only an acquire with a timeout of zero, which cannot wait for a check, takes one that needs none.) Slower: each
     * acquire and release takes the endpoint's lock.
     */
    FIFO
}
