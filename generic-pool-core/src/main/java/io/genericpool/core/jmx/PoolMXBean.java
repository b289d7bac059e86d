package io.genericpool.core.jmx;

import java.util.List;

/**
 * A pool as JMX shows it, registered by {@link io.genericpool.core.ConnectionPoolBuilder#registerMBean}. The attributes are those of the pool's
 * {@link io.genericpool.PoolStats}, at most a second old. Operations take the label of an endpoint, and act on each
 * endpoint that has it. An operation fails with an {@link IllegalArgumentException} when none has it, and with an {@link
 * IllegalStateException} when the pool refuses.
 */
public interface PoolMXBean {
    /**
     * The name of the pool.
     *
     * @return the name
     */
    String getName();

    /**
     * Connections that count against the limits.
     *
     * @return the number
     */
    int getTotal();

    /**
     * Idle connections.
     *
     * @return the number
     */
    int getIdle();

    /**
     * Leased connections.
     *
     * @return the number
     */
    int getLeased();

    /**
     * Connections that are being checked.
     *
     * @return the number
     */
    int getChecking();

    /**
     * Connections that are being opened.
     *
     * @return the number
     */
    int getConnecting();

    /**
     * Connections between two leases.
     *
     * @return the number
     */
    int getPending();

    /**
     * Connections that are being disposed.
     *
     * @return the number
     */
    int getDisposing();

    /**
     * Requests that wait.
     *
     * @return the number
     */
    int getWaiters();

    /**
     * The total limit in force.
     *
     * @return the number
     */
    int getTotalMaxSize();

    /**
     * Endpoints that the pool holds.
     *
     * @return the number
     */
    int getEndpoints();

    /**
     * Endpoints that lack a permit of the total limit only.
     *
     * @return the number
     */
    int getStarving();

    /**
     * Connections beyond the limits, whose manager has not returned in time.
     *
     * @return the number
     */
    int getAbandoned();

    /**
     * Acquires that have begun.
     *
     * @return the number
     */
    long getAcquires();

    /**
     * Acquires that were granted.
     *
     * @return the number
     */
    long getGranted();

    /**
     * Acquires that timed out.
     *
     * @return the number
     */
    long getTimedOut();

    /**
     * Acquires that were cancelled.
     *
     * @return the number
     */
    long getCancelled();

    /**
     * Acquires that failed with a connection attempt or hook.
     *
     * @return the number
     */
    long getFailed();

    /**
     * Acquires that were turned away.
     *
     * @return the number
     */
    long getRejected();

    /**
     * Connections that were opened.
     *
     * @return the number
     */
    long getCreated();

    /**
     * Connection attempts that failed.
     *
     * @return the number
     */
    long getConnectFailures();

    /**
     * Connections that were disposed.
     *
     * @return the number
     */
    long getDisposed();

    /**
     * Hooks of the manager that failed.
     *
     * @return the number
     */
    long getHookFailures();

    /**
     * Releases of a lease that had ended.
     *
     * @return the number
     */
    long getStaleReleases();

    /**
     * Leases that were reported as leaked.
     *
     * @return the number
     */
    long getLeaks();

    /**
     * Repairs after an error in the pool.
     *
     * @return the number
     */
    long getRepaired();

    /**
     * Calls of the listener that threw.
     *
     * @return the number
     */
    long getListenerFailures();

    /**
     * The time for which the oldest current lease has been held, in milliseconds.
     *
     * @return the time
     */
    long getLongestHeldMillis();

    /**
     * The endpoints, the one with the most connections first; at most 1,000.
     *
     * @return a row per endpoint
     */
    List<PoolMXEndpoint> getEndpointStats();

    /**
     * The pool's share of the connections that all processes together may have.
     *
     * @return the share, or -1 where this limit is not shared
     */
    int getShare();

    /**
     * Tells whether the pool can reach those with whom it shares limits.
     *
     * @return false while it cannot; true where no limits are shared
     */
    boolean isSharedLimitsReachable();

    /**
     * The open groups of the pool, by name; at most 1,000.
     *
     * @return a row per group
     */
    List<PoolMXGroup> getGroupStats();

    /**
     * Evicts the connections of an endpoint.
     *
     * @param endpoint the label
     */
    void evict(String endpoint);

    /** Evicts all connections. */
    void evictAll();

    /**
     * Suspends an endpoint.
     *
     * @param endpoint the label
     * @param mode WAIT or FAIL: what happens to requests
     */
    void suspend(String endpoint, String mode);

    /**
     * Resumes an endpoint.
     *
     * @param endpoint the label
     */
    void resume(String endpoint);

    /**
     * Sets the limit of an endpoint, and leaves its other limits as they are.
     *
     * @param endpoint the label
     * @param maxSize the maximum number of connections
     */
    void resize(String endpoint, int maxSize);

    /**
     * Sets the total limit.
     *
     * @param totalMaxSize the maximum number of connections of all endpoints
     */
    void resizeTotal(int totalMaxSize);

    /**
     * Starts to open connections until an endpoint holds the given number. Does not wait.
     *
     * @param endpoint the label
     * @param connections the number of connections
     */
    void warmUp(String endpoint, int connections);
}
