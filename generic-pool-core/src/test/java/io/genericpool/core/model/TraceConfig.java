package io.genericpool.core.model;

import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The settings of one trace, at random. Times are nanoseconds; {@link #OFF} is never. */
final class TraceConfig {
    static final long OFF = Long.MAX_VALUE / 4;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** Whether callers are few and have time. */
    final boolean calm;
    /** Whether a pool is closed now and then, and another one made, or lives to the end of the trace. */
    final boolean closes;
    /** Whether calls of the manager give stages that steps end, or are made and over at once. */
    final boolean async;
    /** Whether the manager has hooks; without them and a listener, acquires and releases are plain. */
    final boolean hooks;

    final boolean checks;
    final boolean instantChecks;
    final boolean resets;
    final boolean listener;
    final boolean governed;
    final boolean collector;
    final boolean fifo;
    final int endpoints;
    final EndpointLimits[] limits;
    final int totalMaxSize;
    final int maxEndpoints;
    final int maxLeases;
    final int disposeBatchSize;
    final long acquireTimeout;
    final long connectTimeout;
    final long checkTimeout;
    final long resetTimeout;
    final long disposeTimeout;
    final long idleTimeout;
    final long maxLifetime;
    final long keepalive;
    final long alivenessBypass;
    final long endpointRetention;
    final long leakThreshold;
    /** Negative for the pool's own. */
    final long overtakeWindow;

    // What follows from the settings.
    final long tickPeriod;
    final long sweepPeriod;
    /** For how long a connection lives, and is usable unchecked: earlier than set, by the precision of the tick. */
    final long lifetime;

    final long bypass;
    /** Among how many connections the one idle longest is found for certain. */
    final int probes = 64;

    /** What may go wrong. */
    final List<Fault> faults;

    /** In some traces there are groups as well. */
    final List<TraceGroup> groups;

    TraceConfig(SplittableRandom random) {
        calm = random.nextInt(3) == 0;
        closes = random.nextBoolean();
        async = random.nextInt(4) != 0;
        hooks = random.nextInt(3) != 0;
        checks = async || hooks;
        instantChecks = checks && random.nextInt(4) == 0;
        resets = hooks && random.nextInt(3) == 0;
        listener = random.nextInt(4) == 0;
        governed = random.nextInt(3) == 0;
        collector = random.nextInt(4) != 0;
        fifo = random.nextInt(3) == 0;
        boolean isBounded = random.nextInt(4) == 0;
        int few = random.nextInt(3) == 0 ? 12 : 3;
        endpoints = 1 + random.nextInt(!isBounded && random.nextInt(8) == 0 ? 50 : few);
        int maxSize = 1 + random.nextInt(5);
        int most = Math.max(1, Math.min(endpoints * maxSize, 140) - maxSize);
        totalMaxSize = maxSize + random.nextInt(random.nextBoolean() ? most : 1 + most / 4);
        int minIdle = random.nextInt(3) == 0 ? random.nextInt(maxSize + 1) : 0;
        var common = EndpointLimits.of(minIdle, maxSize)
                .withMaxWaiters(random.nextInt(3) == 0 ? random.nextInt(6) : PoolConfig.UNLIMITED)
                .withMaxConnects(1 + random.nextInt(4));
        limits = new EndpointLimits[endpoints];
        boolean areAlike = random.nextInt(3) != 0;
        for (int e = 0; e < endpoints; e++) {
            int size = areAlike ? maxSize : 1 + random.nextInt(Math.min(8, totalMaxSize));
            int reserved = minIdle > 0 ? (e + totalMaxSize) % (size + 1) : 0;
            limits[e] = common.withMaxSize(size)
                    .withMinIdle(Math.min(minIdle, size))
                    .withReserved(reserved);
        }
        maxEndpoints = isBounded ? 1 + random.nextInt(endpoints) : PoolConfig.UNLIMITED;
        maxLeases = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : PoolConfig.UNLIMITED;
        disposeBatchSize = random.nextInt(3);
        // No two times fall together but those that are meant to.
        acquireTimeout = often(random, millis(random, 20, 200, 30_000) + 104_729);
        connectTimeout = often(random, millis(random, 30, 100, 10_000) + 224_737);
        checkTimeout = often(random, millis(random, 20, 100, 1_000) + 350_377);
        resetTimeout = often(random, millis(random, 30, 100, 10_000) + 479_909);
        disposeTimeout = often(random, millis(random, 30, 100, 5_000) + 611_953);
        idleTimeout = random.nextInt(3) == 0 ? OFF : millis(random, 40, 160, 640);
        maxLifetime = random.nextBoolean() ? OFF : millis(random, 80, 320, 1_280);
        keepalive = checks && collector && random.nextInt(4) == 0 ? millis(random, 80, 320) : OFF;
        alivenessBypass = random.nextInt(4) == 0 ? OFF : millis(random, 0, 20, 40, 500);
        endpointRetention = random.nextInt(3) == 0 ? millis(random, 320, 1_280) : TimeUnit.MINUTES.toNanos(10);
        leakThreshold = collector && random.nextInt(4) == 0 ? millis(random, 100, 400) : OFF;
        overtakeWindow = random.nextInt(5) == 0 ? -1 : millis(random, 0, 1, 10, 50);
        long swept = Math.min(
                Math.min(Math.min(idleTimeout, maxLifetime), Math.min(keepalive, leakThreshold)), endpointRetention);
        tickPeriod = halved(checks && alivenessBypass > 0 ? Math.min(swept, alivenessBypass) : swept);
        sweepPeriod = Math.max(tickPeriod, halved(swept) / tickPeriod * tickPeriod);
        long precision = collector ? tickPeriod : 0;
        lifetime = maxLifetime == OFF ? OFF : Math.max(maxLifetime / 2, maxLifetime - precision);
        faults = Fault.of(this);
        bypass = !checks || alivenessBypass == OFF ? OFF : Math.max(0, alivenessBypass - precision);
        groups = groups(random); // last, so that traces without groups are what they were
    }

    private List<TraceGroup> groups(SplittableRandom random) {
        int count = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        var made = new ArrayList<TraceGroup>(count);
        for (int i = 0; i < count; i++) {
            // In turn, and with a collector, connections would be retired where there are too many.
            made.add(TraceGroup.random("g" + i, !collector, random));
        }
        return made;
    }

    private static long often(SplittableRandom random, long nanos) {
        return random.nextInt(10) == 0 ? OFF : nanos;
    }

    private static long millis(SplittableRandom random, int... choices) {
        return choices[random.nextInt(choices.length)] * MILLI;
    }

    private static long halved(long nanos) {
        return Math.max(10 * MILLI, Math.min(1_000 * MILLI, nanos / 2));
    }

    static Duration duration(long nanos) {
        return nanos >= OFF ? PoolConfig.NO_LIMIT : Duration.ofNanos(nanos);
    }

    /** Turns the pool's knobs like this. */
    void turn(ConnectionPoolBuilder<TraceServer.Target, ?> knobs) {
        knobs.name("model")
                .minIdle(0)
                .maxSize(1)
                .totalMaxSize(totalMaxSize)
                .endpointLimits(endpoint -> endpoint.index() < limits.length ? limits[endpoint.index()] : null)
                .maxEndpoints(maxEndpoints)
                .maxLeases(maxLeases)
                .disposeBatchSize(disposeBatchSize)
                .acquireTimeout(duration(acquireTimeout))
                .connectTimeout(duration(connectTimeout))
                .checkTimeout(duration(checkTimeout))
                .resetTimeout(duration(resetTimeout))
                .disposeTimeout(duration(disposeTimeout))
                .idleTimeout(duration(idleTimeout))
                .maxLifetime(duration(maxLifetime))
                .maxLifetimeJitter(0)
                .idleTimeoutJitter(0)
                .keepaliveInterval(duration(keepalive))
                .alivenessBypass(duration(alivenessBypass))
                .endpointRetention(duration(endpointRetention))
                .leakDetectionThreshold(duration(leakThreshold))
                .idleOrder(fifo ? IdleOrder.FIFO : IdleOrder.LIFO)
                .backgroundCollector(collector);
        if (overtakeWindow >= 0) {
            knobs.overtakeWindow(duration(overtakeWindow));
        }
    }

    @Override
    public String toString() {
        return Arrays.stream(TraceConfig.class.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .map(field -> {
                    try {
                        return field.getName() + " " + show(field.get(this));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                })
                .collect(Collectors.joining(", "));
    }

    private static String show(Object value) {
        if (value instanceof Long nanos) {
            return nanos >= OFF ? "off" : nanos / 1e6 + " ms";
        }
        return value instanceof EndpointLimits[] all
                ? Arrays.stream(all).distinct().toList().toString()
                : String.valueOf(value);
    }
}
