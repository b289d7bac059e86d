package io.genericpool.core.jmx;

/** One endpoint as JMX shows it: a composite of the attributes of its {@link io.genericpool.EndpointStats}. */
public interface PoolMXEndpoint {
    /**
     * The label of the endpoint.
     *
     * @return the label
     */
    String getEndpoint();

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
     * The limit in force.
     *
     * @return the number
     */
    int getMaxSize();

    /**
     * The pool's share of a limit that other processes share.
     *
     * @return the share, 2147483647 for an endpoint without a cap, or -1 where no limits are shared
     */
    int getShare();

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
     * The state of the circuit: CLOSED, OPEN or HALF_OPEN.
     *
     * @return the state
     */
    String getCircuit();

    /**
     * Tells whether the endpoint is suspended.
     *
     * @return true until it is resumed
     */
    boolean isSuspended();
}
