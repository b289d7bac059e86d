package io.genericpool.core.internal.config;

import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.PoolConfig;
import io.genericpool.core.internal.executor.PoolExecutors;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one pool: immutable, checked against each other, times as nanoseconds.
 *
 * @param <E> the type of endpoints
 */
public final class PoolSettings<E> implements PoolConfig {
    private static final AtomicInteger POOLS = new AtomicInteger();

    public final long acquireTimeout;
    public final long connectTimeout;
    public final long checkTimeout;
    public final long resetTimeout;
    public final long disposeTimeout;
    public final long closeTimeout;
    public final long idleTimeout;
    public final long maxLifetime;
    public final long keepaliveInterval;
    public final long alivenessBypass;
    public final long endpointRetention;
    public final long leakDetectionThreshold;
    public final long tooManyRecovery;
    public final long addressWatch;
    /** {@code -1}: chosen by the pool. */
    public final long overtakeWindow;

    public final long overtakeWithin;

    public final PoolClock clock;
    public final ConnectGovernor<? super E> connectGovernor;
    public final @Nullable SharedLimits<? super E> sharedLimits;
    public final @Nullable PoolListener<? super E> listener;
    public final ListenerEvents hears;
    /** JMX shows the pool. */
    public final boolean isManaged;

    public final PoolExecutors executors;
    public final @Nullable Function<? super E, ? extends @Nullable EndpointLimits> endpointLimits;
    public final @Nullable Function<? super E, ?> tenant;
    public final EndpointLabels<E> labels;

    private final String name;
    private final EndpointLimits defaultLimits;
    private final int totalMaxSize;
    private final int totalMaxConnects;
    private final int totalMaxDisposals;
    private final int maxEndpoints;
    private final int maxLeases;
    private final int disposeBatchSize;
    private final double maxLifetimeJitter;
    private final double idleTimeoutJitter;
    private final IdleOrder idleOrder;
    private final boolean backgroundCollector;

    /**
     * Takes what a builder has collected.
     *
     * @param knobs the values
     * @param governor decides about connects when the knobs name none
     * @throws IllegalArgumentException when they contradict each other
     */
    public PoolSettings(Knobs<E> knobs, ConnectGovernor<? super E> governor) {
        totalMaxSize = knobs.totalMaxSize;
        defaultLimits = EndpointLimits.of(0, knobs.maxSizeOrDefault())
                .withMinIdle(knobs.minIdle)
                .withMaxWaiters(knobs.maxWaiters)
                .withMaxConnects(knobs.maxConnectsOrDefault())
                .validated();
        requireWithinTotal(defaultLimits, totalMaxSize);
        totalMaxConnects = knobs.totalMaxConnectsOrDefault();
        totalMaxDisposals = knobs.totalMaxDisposals;
        if (defaultLimits.maxConnects() > totalMaxConnects) {
            throw new IllegalArgumentException("maxConnectsPerEndpoint must be at most totalMaxConnects ("
                    + totalMaxConnects + "), but is " + defaultLimits.maxConnects());
        }
        backgroundCollector = knobs.backgroundCollector;
        acquireTimeout = Nanos.of(knobs.acquireTimeout);
        connectTimeout = Nanos.of(knobs.connectTimeout);
        checkTimeout = Nanos.of(knobs.checkTimeout);
        resetTimeout = Nanos.of(knobs.resetTimeout);
        disposeTimeout = Nanos.of(knobs.disposeTimeout);
        closeTimeout = Nanos.of(knobs.closeTimeout);
        idleTimeout = Nanos.of(knobs.idleTimeout);
        maxLifetime = Nanos.of(knobs.maxLifetime);
        keepaliveInterval = Nanos.of(knobs.keepaliveInterval);
        alivenessBypass = Nanos.of(knobs.alivenessBypass);
        endpointRetention = Nanos.of(knobs.endpointRetention);
        tooManyRecovery = Nanos.of(knobs.tooManyRecovery);
        addressWatch = Nanos.of(knobs.addressWatch);
        leakDetectionThreshold = Nanos.of(knobs.leakDetectionThreshold);
        overtakeWindow = knobs.overtakeWindow == null ? -1 : Nanos.of(knobs.overtakeWindow);
        overtakeWithin = Nanos.of(knobs.overtakeWithin);
        if (!backgroundCollector) {
            requireOff("keepaliveInterval", keepaliveInterval);
            requireOff("leakDetectionThreshold", leakDetectionThreshold);
            requireOff("overtakeWithin", overtakeWithin == 0 ? Nanos.FOREVER : overtakeWithin);
        }
        name = knobs.name == null ? "pool-" + POOLS.incrementAndGet() : knobs.name;
        maxEndpoints = knobs.maxEndpoints;
        maxLeases = knobs.maxLeases;
        disposeBatchSize = knobs.disposeBatchSize;
        maxLifetimeJitter = knobs.maxLifetimeJitter;
        idleTimeoutJitter = knobs.idleTimeoutJitter;
        idleOrder = knobs.idleOrder;
        clock = knobs.clock;
        connectGovernor = knobs.connectGovernor == null ? governor : knobs.connectGovernor;
        sharedLimits = knobs.sharedLimits;
        listener = knobs.listener;
        hears = new ListenerEvents(listener);
        isManaged = knobs.registerMBean;
        tenant = knobs.tenant;
        endpointLimits = knobs.endpointLimits;
        labels = new EndpointLabels<>(knobs.endpointLabel);
        executors = new PoolExecutors(name, knobs.connectExecutor, knobs.completionExecutor);
    }

    public static void requireWithinTotal(EndpointLimits limits, int totalMaxSize) {
        if (limits.maxSize() > totalMaxSize) {
            throw new IllegalArgumentException(
                    "maxSize must be at most totalMaxSize (" + totalMaxSize + "), but is " + limits.maxSize());
        }
    }

    private static void requireOff(String name, long nanos) {
        if (!Nanos.isOff(nanos)) {
            throw new IllegalArgumentException(
                    name + " needs the background collector, which is switched off, but is " + Nanos.text(nanos));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public EndpointLimits defaultLimits() {
        return defaultLimits;
    }

    @Override
    public int totalMaxSize() {
        return totalMaxSize;
    }

    @Override
    public int totalMaxConnects() {
        return totalMaxConnects;
    }

    @Override
    public int totalMaxDisposals() {
        return totalMaxDisposals;
    }

    @Override
    public int maxEndpoints() {
        return maxEndpoints;
    }

    @Override
    public int maxLeases() {
        return maxLeases;
    }

    @Override
    public int disposeBatchSize() {
        return disposeBatchSize;
    }

    @Override
    public Duration acquireTimeout() {
        return Nanos.toDuration(acquireTimeout);
    }

    @Override
    public Duration connectTimeout() {
        return Nanos.toDuration(connectTimeout);
    }

    @Override
    public Duration checkTimeout() {
        return Nanos.toDuration(checkTimeout);
    }

    @Override
    public Duration resetTimeout() {
        return Nanos.toDuration(resetTimeout);
    }

    @Override
    public Duration disposeTimeout() {
        return Nanos.toDuration(disposeTimeout);
    }

    @Override
    public Duration closeTimeout() {
        return Nanos.toDuration(closeTimeout);
    }

    @Override
    public Duration idleTimeout() {
        return Nanos.toDuration(idleTimeout);
    }

    @Override
    public Duration maxLifetime() {
        return Nanos.toDuration(maxLifetime);
    }

    @Override
    public double maxLifetimeJitter() {
        return maxLifetimeJitter;
    }

    @Override
    public double idleTimeoutJitter() {
        return idleTimeoutJitter;
    }

    @Override
    public Duration keepaliveInterval() {
        return Nanos.toDuration(keepaliveInterval);
    }

    @Override
    public Duration alivenessBypass() {
        return Nanos.toDuration(alivenessBypass);
    }

    @Override
    public Duration endpointRetention() {
        return Nanos.toDuration(endpointRetention);
    }

    @Override
    public Duration leakDetectionThreshold() {
        return Nanos.toDuration(leakDetectionThreshold);
    }

    @Override
    public Optional<Duration> overtakeWindow() {
        return overtakeWindow < 0 ? Optional.empty() : Optional.of(Nanos.toDuration(overtakeWindow));
    }

    @Override
    public Duration overtakeWithin() {
        return Nanos.toDuration(overtakeWithin);
    }

    @Override
    public Duration tooManyRecovery() {
        return Nanos.toDuration(tooManyRecovery);
    }

    @Override
    public Duration addressWatch() {
        return Nanos.toDuration(addressWatch);
    }

    @Override
    public IdleOrder idleOrder() {
        return idleOrder;
    }

    @Override
    public boolean backgroundCollector() {
        return backgroundCollector;
    }

    @Override
    public Executor connectExecutor() {
        return executors.connectExecutor();
    }

    @Override
    public Executor completionExecutor() {
        return executors.completionExecutor();
    }

    /** Every knob that is a number, a time or a choice. Not the functions and executors, whose texts are not the pool's. */
    @Override
    public String toString() {
        return "PoolConfig[name=" + name + ", defaultLimits=" + defaultLimits
                + ", totalMaxSize=" + count(totalMaxSize)
                + ", totalMaxConnects=" + count(totalMaxConnects)
                + ", totalMaxDisposals=" + count(totalMaxDisposals)
                + ", maxEndpoints=" + count(maxEndpoints)
                + ", maxLeases=" + count(maxLeases)
                + ", disposeBatchSize=" + disposeBatchSize
                + ", acquireTimeout=" + Nanos.text(acquireTimeout)
                + ", connectTimeout=" + Nanos.text(connectTimeout)
                + ", checkTimeout=" + Nanos.text(checkTimeout)
                + ", resetTimeout=" + Nanos.text(resetTimeout)
                + ", disposeTimeout=" + Nanos.text(disposeTimeout)
                + ", closeTimeout=" + Nanos.text(closeTimeout)
                + ", idleTimeout=" + Nanos.text(idleTimeout)
                + ", idleTimeoutJitter=" + idleTimeoutJitter
                + ", maxLifetime=" + Nanos.text(maxLifetime)
                + ", maxLifetimeJitter=" + maxLifetimeJitter
                + ", keepaliveInterval=" + Nanos.text(keepaliveInterval)
                + ", alivenessBypass=" + Nanos.text(alivenessBypass)
                + ", endpointRetention=" + Nanos.text(endpointRetention)
                + ", leakDetectionThreshold=" + Nanos.text(leakDetectionThreshold)
                + ", overtakeWindow=" + (overtakeWindow < 0 ? "by connect time" : Nanos.text(overtakeWindow))
                + ", overtakeWithin=" + Nanos.text(overtakeWithin)
                + ", tooManyRecovery=" + Nanos.text(tooManyRecovery)
                + ", addressWatch=" + Nanos.text(addressWatch)
                + ", idleOrder=" + idleOrder
                + ", backgroundCollector=" + backgroundCollector + "]";
    }

    private static String count(int number) {
        return number == UNLIMITED ? "no limit" : Integer.toString(number);
    }
}
