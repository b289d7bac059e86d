package io.genericpool;

/** A snapshot of a pool: the sums over its endpoints, those included that have left it. */
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
     * Endpoints that have waiters and room of their own, but no permit under the total limit.
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
     * Listeners that threw.
     *
     * @return the counter
     */
    long listenerFailures();
}
