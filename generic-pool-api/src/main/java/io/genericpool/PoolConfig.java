package io.genericpool;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The settings a pool was built with. Immutable: later {@link ConnectionPool#resize} and
 * {@link ConnectionPool#resizeTotal} calls show in the statistics, not here. Every knob is explained at its setter in
 * {@code io.genericpool.core.ConnectionPoolBuilder}. A time that is off is reported as {@link #NO_LIMIT}.
 */
public interface PoolConfig {
    /** As a time: switched off, or never. Longer times than about 146 years mean the same. */
    Duration NO_LIMIT = Nanos.NO_LIMIT;

    /** As a number: no bound. */
    int UNLIMITED = Integer.MAX_VALUE;

    /**
     * The name of the pool, in thread names, log lines and errors.
     *
     * @return the name
     */
    String name();

    /**
     * The limits of every endpoint that has none of its own.
     *
     * @return minIdle, maxSize, maxWaiters and maxConnectsPerEndpoint
     */
    EndpointLimits defaultLimits();

    /**
     * The number of connections of all endpoints together.
     *
     * @return 1 or more
     */
    int totalMaxSize();

    /**
     * The number of endpoints the pool may know at once.
     *
     * @return 1 or more, or {@link #UNLIMITED}
     */
    int maxEndpoints();

    /**
     * The number of times a connection may be leased.
     *
     * @return 1 or more, or {@link #UNLIMITED}
     */
    int maxLeases();

    /**
     * How many expired connections a release may take out when there is no background collector.
     *
     * @return 1 or more; 0 when it follows the pool's size: log2(size + 1) + 1
     */
    int disposeBatchSize();

    /**
     * The default deadline of an acquire: queue, connect and check together.
     *
     * @return zero or more, or {@link #NO_LIMIT}
     */
    Duration acquireTimeout();

    /**
     * The time a connect may take.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration connectTimeout();

    /**
     * The time an aliveness check may take.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration checkTimeout();

    /**
     * The time a reset between two leases may take.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration resetTimeout();

    /**
     * The time the disposal of a connection may take.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration disposeTimeout();

    /**
     * The deadline of {@link ConnectionPool#close()}.
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
     * The age at which a connection is no longer handed out.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration maxLifetime();

    /**
     * The share of the lifetime that chance may take off.
     *
     * @return 0 to 1
     */
    double maxLifetimeJitter();

    /**
     * The share of the idle timeout that chance may take off.
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
     * The time since its last use or check within which a connection is handed out unchecked.
     *
     * @return zero or more, or {@link #NO_LIMIT} for never checking at hand-out
     */
    Duration alivenessBypass();

    /**
     * The time since the last acquire or warm-up after which an endpoint no longer holds its minIdle.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration endpointRetention();

    /**
     * The lease time after which a lease is reported as leaked.
     *
     * @return more than zero, or {@link #NO_LIMIT}
     */
    Duration leakDetectionThreshold();

    /**
     * How long a connection serves its own endpoint while another one starves.
     *
     * @return zero or more, {@link #NO_LIMIT} for ever; empty when it is chosen by the pool: the greater of 10 ms and
     *     twice the measured connect time
     */
    Optional<Duration> overtakeWindow();

    /**
     * The time after which an endpoint that has refused connects because there are too many is tried with more again.
     *
     * @return more than zero; {@link #NO_LIMIT} when such refusals are failures like others
     */
    Duration tooManyRecovery();

    /**
     * Which idle connection is handed out.
     *
     * @return the order
     */
    IdleOrder idleOrder();

    /**
     * Whether a thread of the pool expires, refills and probes.
     *
     * @return false when releases do
     */
    boolean backgroundCollector();

    /**
     * Where connects, checks and disposals run.
     *
     * @return the executor
     */
    Executor connectExecutor();

    /**
     * Where futures that were not granted at once are completed.
     *
     * @return the executor
     */
    Executor completionExecutor();
}
