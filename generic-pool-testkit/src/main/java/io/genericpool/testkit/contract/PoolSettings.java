package io.genericpool.testkit.contract;

import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import java.util.function.Function;

/**
 * The settings that a test of {@link ConnectionPoolContract} needs, with a setter for each value. Values that were not set
 * are null, and are those of the pool. Not thread-safe.
 */
public final class PoolSettings extends SettingValues {
    /** Creates settings that change nothing. */
    public PoolSettings() {}

    /**
     * Sets the default timeout of an acquire.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings acquireTimeout(Duration value) {
        acquireTimeout = value;
        return this;
    }

    /**
     * Sets the maximum time of one connection attempt.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings connectTimeout(Duration value) {
        connectTimeout = value;
        return this;
    }

    /**
     * Sets the maximum time of one aliveness check.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings checkTimeout(Duration value) {
        checkTimeout = value;
        return this;
    }

    /**
     * Sets the maximum time of one reset.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings resetTimeout(Duration value) {
        resetTimeout = value;
        return this;
    }

    /**
     * Sets the maximum time of one disposal.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings disposeTimeout(Duration value) {
        disposeTimeout = value;
        return this;
    }

    /**
     * Sets the timeout of a close.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings closeTimeout(Duration value) {
        closeTimeout = value;
        return this;
    }

    /**
     * Sets the time after which an idle connection beyond minIdle is disposed.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings idleTimeout(Duration value) {
        idleTimeout = value;
        return this;
    }

    /**
     * Sets the age at which a connection is no longer reused.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxLifetime(Duration value) {
        maxLifetime = value;
        return this;
    }

    /**
     * Sets the share of the lifetime that the random jitter may subtract.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxLifetimeJitter(double value) {
        maxLifetimeJitter = value;
        return this;
    }

    /**
     * Sets the share of the idle timeout that the random jitter may subtract.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings idleTimeoutJitter(double value) {
        idleTimeoutJitter = value;
        return this;
    }

    /**
     * Sets the time after which an idle connection is checked.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings keepaliveInterval(Duration value) {
        keepaliveInterval = value;
        return this;
    }

    /**
     * Sets the time after a use within which a connection is reused without a check.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings alivenessBypass(Duration value) {
        alivenessBypass = value;
        return this;
    }

    /**
     * Sets the time for which an unused endpoint keeps its minIdle.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings endpointRetention(Duration value) {
        endpointRetention = value;
        return this;
    }

    /**
     * Sets the time after which a lease is reported as leaked.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings leakDetectionThreshold(Duration value) {
        leakDetectionThreshold = value;
        return this;
    }

    /**
     * Sets the time for which a connection still serves its own endpoint while another one starves.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings overtakeWindow(Duration value) {
        overtakeWindow = value;
        return this;
    }

    /**
     * Sets the number of connections to hold per endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings minIdle(int value) {
        minIdle = value;
        return this;
    }

    /**
     * Sets the maximum number of connections per endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxSize(int value) {
        maxSize = value;
        return this;
    }

    /**
     * Sets the maximum number of connections of all endpoints.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings totalMaxSize(int value) {
        totalMaxSize = value;
        return this;
    }

    /**
     * Sets the maximum number of requests that may wait per endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxWaiters(int value) {
        maxWaiters = value;
        return this;
    }

    /**
     * Sets the maximum number of endpoints.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxEndpoints(int value) {
        maxEndpoints = value;
        return this;
    }

    /**
     * Sets the maximum number of connection attempts in flight per endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxConnectsPerEndpoint(int value) {
        maxConnectsPerEndpoint = value;
        return this;
    }

    /**
     * Sets the number of leases after which a connection is retired.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxLeases(int value) {
        maxLeases = value;
        return this;
    }

    /**
     * Sets the number of expired connections that a release disposes when there is no collector.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings disposeBatchSize(int value) {
        disposeBatchSize = value;
        return this;
    }

    /**
     * Sets the order in which idle connections are reused.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings idleOrder(IdleOrder value) {
        idleOrder = value;
        return this;
    }

    /**
     * Sets whether a thread of the pool expires, refills and probes.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings backgroundCollector(boolean value) {
        backgroundCollector = value;
        return this;
    }

    /**
     * Sets the name of the pool.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings name(String value) {
        name = value;
        return this;
    }

    /**
     * Sets the limits of each endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings endpointLimits(Function<String, EndpointLimits> value) {
        endpointLimits = value;
        return this;
    }

    /**
     * Sets the name of each endpoint for logs and errors.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings endpointLabel(Function<String, String> value) {
        endpointLabel = value;
        return this;
    }

    /**
     * Sets the governor of connection attempts.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings connectGovernor(ConnectGovernor<String> value) {
        connectGovernor = value;
        return this;
    }
}
