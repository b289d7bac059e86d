package io.genericpool.testkit;

import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The knobs a test of {@link ConnectionPoolContract} turns. A field that is null stands for the pool's default: whoever
 * builds the pool sets only the others. The values are those of the knob with the same name; nothing is checked here. For
 * one thread.
 */
public final class PoolSettings {
    /** The default deadline of an acquire. */
    public @Nullable Duration acquireTimeout;

    /** The time a connect may take. */
    public @Nullable Duration connectTimeout;

    /** The time an aliveness check may take. */
    public @Nullable Duration checkTimeout;

    /** The time a reset may take. */
    public @Nullable Duration resetTimeout;

    /** The time a disposal may take. */
    public @Nullable Duration disposeTimeout;

    /** The deadline of a close. */
    public @Nullable Duration closeTimeout;

    /** The time after which an idle connection beyond minIdle is disposed. */
    public @Nullable Duration idleTimeout;

    /** The age at which a connection is no longer handed out. */
    public @Nullable Duration maxLifetime;

    /** The share of the lifetime that chance may take off. */
    public @Nullable Double maxLifetimeJitter;

    /** The share of the idle timeout that chance may take off. */
    public @Nullable Double idleTimeoutJitter;

    /** The time after which an idle connection is checked. */
    public @Nullable Duration keepaliveInterval;

    /** The time after a use within which no check is made. */
    public @Nullable Duration alivenessBypass;

    /** The time for which an unused endpoint keeps its minIdle. */
    public @Nullable Duration endpointRetention;

    /** The time after which a lease is reported as leaked. */
    public @Nullable Duration leakDetectionThreshold;

    /** How long a connection serves its own endpoint while another one starves. */
    public @Nullable Duration overtakeWindow;

    /** Connections to hold for an endpoint. */
    public @Nullable Integer minIdle;

    /** Connections at most for an endpoint. */
    public @Nullable Integer maxSize;

    /** Connections at most for all endpoints. */
    public @Nullable Integer totalMaxSize;

    /** Requests that may wait for an endpoint. */
    public @Nullable Integer maxWaiters;

    /** Endpoints at most. */
    public @Nullable Integer maxEndpoints;

    /** Connects in flight at most for an endpoint. */
    public @Nullable Integer maxConnectsPerEndpoint;

    /** Uses of a connection before it is retired. */
    public @Nullable Integer maxLeases;

    /** How many expired connections a release takes out without the collector. */
    public @Nullable Integer disposeBatchSize;

    /** Which idle connection is handed out. */
    public @Nullable IdleOrder idleOrder;

    /** Whether the pool expires, refills and probes by itself. */
    public @Nullable Boolean backgroundCollector;

    /** The name of the pool. */
    public @Nullable String name;

    /** The limits of each endpoint. */
    public @Nullable Function<String, EndpointLimits> endpointLimits;

    /** The name of each endpoint for logs and errors. */
    public @Nullable Function<String, String> endpointLabel;

    /** What decides when an endpoint may be connected to. */
    public @Nullable ConnectGovernor<String> connectGovernor;

    /** Makes settings that change nothing. */
    public PoolSettings() {}

    /**
     * Sets the default deadline of an acquire.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings acquireTimeout(Duration value) {
        acquireTimeout = value;
        return this;
    }

    /**
     * Sets the time a connect may take.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings connectTimeout(Duration value) {
        connectTimeout = value;
        return this;
    }

    /**
     * Sets the time an aliveness check may take.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings checkTimeout(Duration value) {
        checkTimeout = value;
        return this;
    }

    /**
     * Sets the time a reset may take.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings resetTimeout(Duration value) {
        resetTimeout = value;
        return this;
    }

    /**
     * Sets the time a disposal may take.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings disposeTimeout(Duration value) {
        disposeTimeout = value;
        return this;
    }

    /**
     * Sets the deadline of a close.
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
     * Sets the age at which a connection is no longer handed out.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxLifetime(Duration value) {
        maxLifetime = value;
        return this;
    }

    /**
     * Sets the share of the lifetime that chance may take off.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxLifetimeJitter(double value) {
        maxLifetimeJitter = value;
        return this;
    }

    /**
     * Sets the share of the idle timeout that chance may take off.
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
     * Sets the time after a use within which no check is made.
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
     * Sets how long a connection serves its own endpoint while another one starves.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings overtakeWindow(Duration value) {
        overtakeWindow = value;
        return this;
    }

    /**
     * Sets connections to hold for an endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings minIdle(int value) {
        minIdle = value;
        return this;
    }

    /**
     * Sets connections at most for an endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxSize(int value) {
        maxSize = value;
        return this;
    }

    /**
     * Sets connections at most for all endpoints.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings totalMaxSize(int value) {
        totalMaxSize = value;
        return this;
    }

    /**
     * Sets requests that may wait for an endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxWaiters(int value) {
        maxWaiters = value;
        return this;
    }

    /**
     * Sets endpoints at most.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxEndpoints(int value) {
        maxEndpoints = value;
        return this;
    }

    /**
     * Sets connects in flight at most for an endpoint.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxConnectsPerEndpoint(int value) {
        maxConnectsPerEndpoint = value;
        return this;
    }

    /**
     * Sets uses of a connection before it is retired.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings maxLeases(int value) {
        maxLeases = value;
        return this;
    }

    /**
     * Sets how many expired connections a release takes out without the collector.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings disposeBatchSize(int value) {
        disposeBatchSize = value;
        return this;
    }

    /**
     * Sets which idle connection is handed out.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings idleOrder(IdleOrder value) {
        idleOrder = value;
        return this;
    }

    /**
     * Sets whether the pool expires, refills and probes by itself.
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
     * Sets what decides when an endpoint may be connected to.
     *
     * @param value the value
     * @return this
     */
    public PoolSettings connectGovernor(ConnectGovernor<String> value) {
        connectGovernor = value;
        return this;
    }
}
