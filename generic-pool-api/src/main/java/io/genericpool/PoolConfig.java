package io.genericpool;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The settings a pool was built with. Immutable: later calls of {@link ConnectionPool#resize} and
 * {@link ConnectionPool#resizeTotal} appear in the statistics, not here. The setters of
 * {@code io.genericpool.core.ConnectionPoolBuilder} explain each setting. A disabled time is reported as
 * {@link #NO_LIMIT}.
 */
public interface PoolConfig {
    /** As a time: disabled, or without limit. Times of more than about 146 years mean the same. */
    Duration NO_LIMIT = Nanos.NO_LIMIT;

    /** As a number: without limit. */
    int UNLIMITED = Integer.MAX_VALUE;

    /**
     * The name of the pool, in thread names, log lines and errors.
     *
     * @return the name
     */
    String name();

    /**
     * The limits of every endpoint without limits of its own.
     *
     * @return minIdle, maxSize, maxWaiters and maxConnectsPerEndpoint
     */
    EndpointLimits defaultLimits();

    /**
     * The maximum number of connections of all endpoints together.
     *
     * @return 1 or more
     */
    int totalMaxSize();

    /**
     * The maximum number of connection attempts, of all endpoints together, that may be in flight at once.
     *
     * @return 1 or more
     */
    int totalMaxConnects();

    /**
     * The maximum number of disposals, of all endpoints together, that may be in flight at once.
     *
     * @return 1 or more
     */
    int totalMaxDisposals();

    /**
     * The maximum number of endpoints the pool may hold at once.
     *
     * @return 1 or more, or {@link #UNLIMITED}
     */
    int maxEndpoints();

    /**
     * The maximum number of times a connection may be leased.
     *
     * @return 1 or more, or {@link #UNLIMITED}
     */
    int maxLeases();

    /**
     * The maximum number of expired connections that one release may dispose when there is no background collector.
     *
     * @return 1 or more; 0 when it follows the pool's size: log2(size + 1) + 1
     */
    int disposeBatchSize();

    /**
     * The default timeout of an acquire. It covers queue, connection attempt and check together.
     *
     * @return zero or more, or {@link #NO_LIMIT}
     */
    Duration acquireTimeout();

    /**
     * The maximum time of one connection attempt.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration connectTimeout();

    /**
     * The maximum time of one aliveness check.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration checkTimeout();

    /**
     * The maximum time of one reset between two leases.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration resetTimeout();

    /**
     * The maximum time of the disposal of one connection.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration disposeTimeout();

    /**
     * The timeout of {@link ConnectionPool#close()}.
     *
     * @return zero or more, or {@link #NO_LIMIT}
     */
    Duration closeTimeout();

    /**
     * The time after which an idle connection beyond minIdle is disposed.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration idleTimeout();

    /**
     * The age at which a connection is no longer reused.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration maxLifetime();

    /**
     * The share of the lifetime that the random jitter may subtract.
     *
     * @return 0 to 1
     */
    double maxLifetimeJitter();

    /**
     * The share of the idle timeout that the random jitter may subtract.
     *
     * @return 0 to 1
     */
    double idleTimeoutJitter();

    /**
     * The time after which an idle connection is checked in the background.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration keepaliveInterval();

    /**
     * The time since its last use or check within which a connection is reused without a check.
     *
     * @return zero or more, or {@link #NO_LIMIT} for no check before reuse
     */
    Duration alivenessBypass();

    /**
     * The time since the last acquire or warm-up after which the pool no longer holds minIdle connections for an
     * endpoint.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration endpointRetention();

    /**
     * The lease duration after which a lease is reported as leaked.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration leakDetectionThreshold();

    /**
     * The time for which a connection still serves its own endpoint while another endpoint starves.
     *
     * @return zero or more, {@link #NO_LIMIT} for no limit; empty when the pool chooses the greater of 10 ms and twice
     *     the measured connect time
     */
    Optional<Duration> overtakeWindow();

    /**
     * For how long after its call a waiting thread may be overtaken by others at its own endpoint.
     *
     * @return zero for strict arrival order, or more
     */
    Duration overtakeWithin();

    /**
     * The time after which the pool tries more connections again to an endpoint that has refused some because there
     * were too many.
     *
     * @return more than zero; {@link #NO_LIMIT} when such refusals count as ordinary failures
     */
    Duration tooManyRecovery();

    /**
     * The interval at which the addresses of endpoints are looked up anew.
     *
     * @return 1 s or more; {@link #NO_LIMIT} when they are not watched
     */
    Duration addressWatch();

    /**
     * The order in which idle connections are reused.
     *
     * @return the order
     */
    IdleOrder idleOrder();

    /**
     * Tells whether a thread of the pool expires connections, refills endpoints and probes them.
     *
     * @return false when releases do this work
     */
    boolean backgroundCollector();

    /**
     * The executor of connection attempts, checks and disposals.
     *
     * @return the executor
     */
    Executor connectExecutor();

    /**
     * The executor that completes futures that were not granted at once.
     *
     * @return the executor
     */
    Executor completionExecutor();
}
