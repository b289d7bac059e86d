package io.genericpool;

/** Which of several idle connections of an endpoint is handed out. */
public enum IdleOrder {
    /**
     * Approximately the one used last: first the one that a thread like the caller's used last, then the lowest one.
     * Keeps few connections warm and lets extras reach their idle timeout, so that the pool shrinks. The fast choice.
     */
    LIFO,
    /**
     * Exactly the one that has been idle longest, so that every connection is exercised in turn; where a manager checks
     * aliveness, those that need no check come first, and the longest idle of the others after them. Slower: each acquire
     * and release takes the endpoint's lock.
     */
    FIFO
}
