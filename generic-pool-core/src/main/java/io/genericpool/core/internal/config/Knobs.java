package io.genericpool.core.internal.config;

import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.PoolConfig;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values a builder has collected, each checked when it is set. Rules between knobs are checked by
 * {@link PoolSettings}, so that the order of the setters does not matter.
 *
 * @param <E> the type of endpoints
 */
public final class Knobs<E> {
    public int minIdle = 0;
    private static final int DEFAULT_MAX_SIZE = 10;
    private static final int DEFAULT_MAX_CONNECTS = 4;
    private static final int DEFAULT_TOTAL_MAX_CONNECTS = 256;
    /** Name servers are asked for each endpoint once per interval. */
    private static final Duration SHORTEST_ADDRESS_WATCH = Duration.ofSeconds(1);

    /** 0: not set. */
    public int maxSize;

    public int totalMaxSize = 100;
    public int maxWaiters = PoolConfig.UNLIMITED;
    public int maxEndpoints = PoolConfig.UNLIMITED;
    /** 0: not set. */
    public int maxConnectsPerEndpoint;

    /** 0: not set. */
    public int totalMaxConnects;

    public int totalMaxDisposals = 256;
    public int maxLeases = PoolConfig.UNLIMITED;
    public int disposeBatchSize = 0;
    public Duration acquireTimeout = Duration.ofSeconds(30);
    public Duration connectTimeout = Duration.ofSeconds(10);
    public Duration checkTimeout = Duration.ofSeconds(1);
    public Duration resetTimeout = Duration.ofSeconds(10);
    public Duration disposeTimeout = Duration.ofSeconds(5);
    public Duration closeTimeout = Duration.ofSeconds(10);
    public Duration idleTimeout = Duration.ofSeconds(60);
    public Duration maxLifetime = Duration.ofHours(1);
    public Duration keepaliveInterval = PoolConfig.NO_LIMIT;
    public Duration alivenessBypass = Duration.ofMillis(500);
    public Duration endpointRetention = Duration.ofMinutes(10);
    public Duration leakDetectionThreshold = PoolConfig.NO_LIMIT;
    public Duration tooManyRecovery = Duration.ofSeconds(5);
    public Duration addressWatch = PoolConfig.NO_LIMIT;

    public @Nullable Duration overtakeWindow;
    public Duration overtakeWithin = Duration.ZERO;

    public double maxLifetimeJitter = 0.1;
    public double idleTimeoutJitter = 0.1;
    public IdleOrder idleOrder = IdleOrder.LIFO;
    public boolean backgroundCollector = true;
    public boolean registerMBean;
    public PoolClock clock = PoolClock.system();

    public @Nullable ConnectGovernor<? super E> connectGovernor;
    public @Nullable SharedLimits<? super E> sharedLimits;

    public @Nullable String name;

    public @Nullable PoolListener<? super E> listener;

    public @Nullable Executor connectExecutor;

    public @Nullable Executor completionExecutor;

    public @Nullable Function<? super E, ? extends @Nullable EndpointLimits> endpointLimits;

    public @Nullable Function<? super E, ?> tenant;

    public Function<? super E, String> endpointLabel = String::valueOf;

    public void minIdle(int value) {
        minIdle = atLeast("minIdle", value, 0);
    }

    public void maxSize(int value) {
        maxSize = atLeast("maxSize", value, 1);
    }

    public void totalMaxSize(int value) {
        totalMaxSize = atLeast("totalMaxSize", value, 1);
    }

    public void maxWaiters(int value) {
        maxWaiters = atLeast("maxWaiters", value, 0);
    }

    public void maxEndpoints(int value) {
        maxEndpoints = atLeast("maxEndpoints", value, 1);
    }

    public void maxConnectsPerEndpoint(int value) {
        maxConnectsPerEndpoint = atLeast("maxConnectsPerEndpoint", value, 1);
    }

    public void totalMaxConnects(int value) {
        totalMaxConnects = atLeast("totalMaxConnects", value, 1);
    }

    public void totalMaxDisposals(int value) {
        totalMaxDisposals = atLeast("totalMaxDisposals", value, 1);
    }

    public void maxLeases(int value) {
        maxLeases = atLeast("maxLeases", value, 1);
    }

    public void disposeBatchSize(int value) {
        disposeBatchSize = atLeast("disposeBatchSize", value, 0);
    }

    public void acquireTimeout(Duration value) {
        acquireTimeout = notNegative("acquireTimeout", value);
    }

    public void connectTimeout(Duration value) {
        connectTimeout = positive("connectTimeout", value);
    }

    public void checkTimeout(Duration value) {
        checkTimeout = positive("checkTimeout", value);
    }

    public void resetTimeout(Duration value) {
        resetTimeout = positive("resetTimeout", value);
    }

    public void disposeTimeout(Duration value) {
        disposeTimeout = positive("disposeTimeout", value);
    }

    public void closeTimeout(Duration value) {
        closeTimeout = notNegative("closeTimeout", value);
    }

    public void idleTimeout(Duration value) {
        idleTimeout = positive("idleTimeout", value);
    }

    public void maxLifetime(Duration value) {
        maxLifetime = positive("maxLifetime", value);
    }

    public void keepaliveInterval(Duration value) {
        keepaliveInterval = positive("keepaliveInterval", value);
    }

    public void alivenessBypass(Duration value) {
        alivenessBypass = notNegative("alivenessBypass", value);
    }

    public void endpointRetention(Duration value) {
        endpointRetention = positive("endpointRetention", value);
    }

    public void leakDetectionThreshold(Duration value) {
        leakDetectionThreshold = positive("leakDetectionThreshold", value);
    }

    public void overtakeWithin(Duration value) {
        overtakeWithin = notNegative("overtakeWithin", value);
    }

    public void overtakeWindow(Duration value) {
        overtakeWindow = notNegative("overtakeWindow", value);
    }

    public void maxLifetimeJitter(double value) {
        maxLifetimeJitter = fraction("maxLifetimeJitter", value);
    }

    public void idleTimeoutJitter(double value) {
        idleTimeoutJitter = fraction("idleTimeoutJitter", value);
    }

    public void idleOrder(IdleOrder value) {
        idleOrder = Objects.requireNonNull(value, "idleOrder");
    }

    public void clock(PoolClock value) {
        clock = Objects.requireNonNull(value, "clock");
    }

    public void sharedLimits(SharedLimits<? super E> value) {
        sharedLimits = Objects.requireNonNull(value, "sharedLimits");
    }

    public void connectGovernor(ConnectGovernor<? super E> value) {
        connectGovernor = Objects.requireNonNull(value, "connectGovernor");
    }

    public void name(String value) {
        Objects.requireNonNull(value, "name");
        if (value.isEmpty() || !SafeText.label(value).equals(value)) {
            throw new IllegalArgumentException("name must be 1 to " + SafeText.LABEL
                    + " characters without control characters, but is " + SafeText.label(value));
        }
        name = value;
    }

    public void listener(PoolListener<? super E> value) {
        listener = Objects.requireNonNull(value, "listener");
    }

    public void tooManyRecovery(Duration value) {
        tooManyRecovery = positive("tooManyRecovery", value);
    }

    public void addressWatch(Duration value) {
        if (Objects.requireNonNull(value, "addressWatch").compareTo(SHORTEST_ADDRESS_WATCH) < 0) {
            throw new IllegalArgumentException("addressWatch must be at least " + Nanos.text(SHORTEST_ADDRESS_WATCH)
                    + ", but is " + Nanos.text(value));
        }
        addressWatch = value;
    }

    public void connectExecutor(Executor value) {
        connectExecutor = Objects.requireNonNull(value, "connectExecutor");
    }

    public void completionExecutor(Executor value) {
        completionExecutor = Objects.requireNonNull(value, "completionExecutor");
    }

    public void endpointLimits(Function<? super E, ? extends @Nullable EndpointLimits> value) {
        endpointLimits = Objects.requireNonNull(value, "endpointLimits");
    }

    public void tenant(Function<? super E, ?> value) {
        tenant = Objects.requireNonNull(value, "tenant");
    }

    public void endpointLabel(Function<? super E, String> value) {
        endpointLabel = Objects.requireNonNull(value, "endpointLabel");
    }

    public void registerMBean(boolean value) {
        registerMBean = value;
    }

    public void backgroundCollector(boolean value) {
        backgroundCollector = value;
    }

    /** The default gives way to a smaller total; what was set does not. */
    int maxSizeOrDefault() {
        return maxSize == 0 ? Math.min(DEFAULT_MAX_SIZE, totalMaxSize) : maxSize;
    }

    /** The default gives way to a smaller total; what was set does not. */
    int maxConnectsOrDefault() {
        int total = totalMaxConnects == 0 ? DEFAULT_TOTAL_MAX_CONNECTS : totalMaxConnects;
        return maxConnectsPerEndpoint == 0 ? Math.min(DEFAULT_MAX_CONNECTS, total) : maxConnectsPerEndpoint;
    }

    /** The default gives way to what one endpoint may have. */
    int totalMaxConnectsOrDefault() {
        return totalMaxConnects == 0 ? Math.max(DEFAULT_TOTAL_MAX_CONNECTS, maxConnectsOrDefault()) : totalMaxConnects;
    }

    private static int atLeast(String name, int value, int bound) {
        if (value < bound) {
            throw new IllegalArgumentException(name + " must be at least " + bound + ", but is " + value);
        }
        return value;
    }

    private static double fraction(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to 1, but is " + value);
        }
        return value;
    }

    private static Duration notNegative(String name, Duration value) {
        if (Objects.requireNonNull(value, name).isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, but is " + Nanos.text(value));
        }
        return value;
    }

    private static Duration positive(String name, Duration value) {
        if (notNegative(name, value).isZero()) {
            throw new IllegalArgumentException(name + " must be more than zero, but is " + Nanos.text(value));
        }
        return value;
    }
}
