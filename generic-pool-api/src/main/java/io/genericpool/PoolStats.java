package io.genericpool;

import java.util.Optional;
import java.util.OptionalInt;

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

    /**
     * Returns why the others cannot be reached, in words for people.
     *
     * @return the text; empty where they can be reached, and where the reason is not known
     */
    default Optional<String> sharedLimitsFailure() {
        return Optional.empty();
    }

    /**
     * Tells whether the pool shares limits with other processes.
     *
     * @return true where it was built with shared limits
     */
    default boolean hasSharedLimits() {
        return false;
    }

    /**
     * Returns the pool's share of the connections that all processes together may have: how many it may have to all of
     * its endpoints.
     *
     * @return the share; empty where this limit is not shared, and until the pool has been told a share
     */
    default OptionalInt share() {
        return OptionalInt.empty();
    }
}
