package io.genericpool;

/** A snapshot of a pool: the sums over its endpoints, including endpoints that have left the pool. */
public interface PoolStats extends ConnectionStats {
    /**
     * The pool's name.
     *
     * @return the name
     */
    String name();

    /**
     * Endpoints the pool holds at the moment.
     *
     * @return the gauge
     */
    int endpoints();

    /**
     * Endpoints that have waiters and room under their own limit, but no permit under the total limit.
     *
     * @return the gauge
     */
    int starving();

    /**
     * The total limit in force.
     *
     * @return the limit
     */
    int totalMaxSize();

    /**
     * Listener calls that threw.
     *
     * @return the counter
     */
    long listenerFailures();

    /**
     * Tells whether the pool can reach those with whom it shares limits. While it cannot, its shares do not grow.
     *
     * @return false while it cannot; true where no limits are shared
     */
    default boolean sharedLimitsReachable() {
        return true;
    }
}
