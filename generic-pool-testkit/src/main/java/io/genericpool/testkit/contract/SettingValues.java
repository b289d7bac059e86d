package io.genericpool.testkit.contract;

import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@link PoolSettings}. A null field means the pool's default, and the code that builds the pool sets only
 * the others. Each value is that of the setting with the same name, and is not checked here. Not thread-safe.
 */
public abstract sealed class SettingValues permits PoolSettings {
    /** The default timeout of an acquire. */
    public @Nullable Duration acquireTimeout;

    /** The maximum time of one connection attempt. */
    public @Nullable Duration connectTimeout;

    /** The maximum time of one aliveness check. */
    public @Nullable Duration checkTimeout;

    /** The maximum time of one reset. */
    public @Nullable Duration resetTimeout;

    /** The maximum time of one disposal. */
    public @Nullable Duration disposeTimeout;

    /** The timeout of a close. */
    public @Nullable Duration closeTimeout;

    /** The time after which an idle connection beyond minIdle is disposed. */
    public @Nullable Duration idleTimeout;

    /** The age at which a connection is no longer reused. */
    public @Nullable Duration maxLifetime;

    /** The share of the lifetime that the random jitter may subtract. */
    public @Nullable Double maxLifetimeJitter;

    /** The share of the idle timeout that the random jitter may subtract. */
    public @Nullable Double idleTimeoutJitter;

    /** The time after which an idle connection is checked. */
    public @Nullable Duration keepaliveInterval;

    /** The time after a use within which a connection is reused without a check. */
    public @Nullable Duration alivenessBypass;

    /** The time for which an unused endpoint keeps its minIdle. */
    public @Nullable Duration endpointRetention;

    /** The time after which a lease is reported as leaked. */
    public @Nullable Duration leakDetectionThreshold;

    /** The time for which a connection still serves its own endpoint while another one starves. */
    public @Nullable Duration overtakeWindow;

    /** The number of connections to hold per endpoint. */
    public @Nullable Integer minIdle;

    /** The maximum number of connections per endpoint. */
    public @Nullable Integer maxSize;

    /** The maximum number of connections of all endpoints. */
    public @Nullable Integer totalMaxSize;

    /** The maximum number of requests that may wait per endpoint. */
    public @Nullable Integer maxWaiters;

    /** The maximum number of endpoints. */
    public @Nullable Integer maxEndpoints;

    /** The maximum number of connection attempts in flight per endpoint. */
    public @Nullable Integer maxConnectsPerEndpoint;

    /** The number of leases after which a connection is retired. */
    public @Nullable Integer maxLeases;

    /** The number of expired connections that a release disposes when there is no collector. */
    public @Nullable Integer disposeBatchSize;

    /** The order in which idle connections are reused. */
    public @Nullable IdleOrder idleOrder;

    /** Tells whether a thread of the pool expires, refills and probes. */
    public @Nullable Boolean backgroundCollector;

    /** The name of the pool. */
    public @Nullable String name;

    /** The limits of each endpoint. */
    public @Nullable Function<String, EndpointLimits> endpointLimits;

    /** The name of each endpoint for logs and errors. */
    public @Nullable Function<String, String> endpointLabel;

    /** The governor of connection attempts. */
    public @Nullable ConnectGovernor<String> connectGovernor;

    SettingValues() {}
}
