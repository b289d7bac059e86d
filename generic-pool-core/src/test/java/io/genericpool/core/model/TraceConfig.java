package io.genericpool.core.model;

import io.genericpool.EndpointLimits;
import io.genericpool.PoolConfig;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The settings of one trace, at random. Times are nanoseconds, {@code NEVER} is off. */
final class TraceConfig {
    static final long NEVER = Long.MAX_VALUE;

    /** How the manager is called. */
    enum Style {
        ASYNC,
        BLOCKING,
        /** Blocking, without aliveness checks. */
        UNCHECKED
    }

    final Style style;
    final int endpoints;
    final EndpointLimits[] limits;
    final int total;
    final int maxEndpoints;
    final int maxLeases;
    final int batchSize;
    final long acquireTimeout;
    final long connectTimeout;
    final long checkTimeout;
    final long resetTimeout;
    final long disposeTimeout;
    final long idleTimeout;
    final long lifetime;
    final long keepalive;
    final long bypass;
    final long retention;
    final long overtakeWindow;
    final boolean collector;
    final boolean fifo;
    final boolean checks;
    final boolean instantCheck;
    final boolean resets;
    final boolean listener;
    /** Whether endpoints have limits of their own. */
    final boolean own;

    TraceConfig(SplittableRandom random) {
        style = Style.values()[random.nextInt(3)];
        endpoints = 1 + random.nextInt(6);
        int maxSize = 1 + random.nextInt(4);
        total = maxSize + random.nextInt(1 + Math.min(5, endpoints * maxSize / 2));
        limits = new EndpointLimits[endpoints];
        int minIdle = random.nextInt(3) == 0 ? random.nextInt(maxSize + 1) : 0;
        int maxWaiters = random.nextInt(3) == 0 ? random.nextInt(4) : PoolConfig.UNLIMITED;
        var common =
                EndpointLimits.of(minIdle, maxSize).withMaxWaiters(maxWaiters).withMaxConnects(1 + random.nextInt(4));
        own = random.nextInt(3) == 0;
        Arrays.setAll(limits, e -> {
            int size = own ? 1 + random.nextInt(total) : maxSize;
            return common.withMaxSize(size).withMinIdle(Math.min(minIdle, size));
        });
        maxEndpoints = random.nextInt(4) == 0 ? 1 + random.nextInt(endpoints) : PoolConfig.UNLIMITED;
        maxLeases = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : PoolConfig.UNLIMITED;
        batchSize = random.nextInt(3);
        acquireTimeout = millis(random, 20, 200, 30_000);
        connectTimeout = millis(random, 30, 100, 10_000);
        checkTimeout = millis(random, 20, 100, 1_000);
        resetTimeout = millis(random, 30, 100, 10_000);
        disposeTimeout = millis(random, 30, 100, 5_000);
        collector = random.nextInt(4) != 0;
        fifo = random.nextInt(3) == 0;
        checks = style != Style.UNCHECKED;
        instantCheck = checks && random.nextInt(3) == 0;
        // Powers of two times 20 ms, so that sweeps are whole numbers of ticks.
        idleTimeout = random.nextInt(3) == 0 ? NEVER : millis(random, 40, 160, 640);
        lifetime = random.nextInt(2) == 0 ? NEVER : millis(random, 80, 320, 1_280);
        keepalive = checks && collector && random.nextInt(5) == 0 ? millis(random, 80, 320) : NEVER;
        bypass = !checks ? millis(random, 20, 500) : random.nextInt(4) == 0 ? NEVER : millis(random, 0, 20, 40);
        retention = random.nextInt(3) == 0 ? millis(random, 320, 1_280) : TimeUnit.MINUTES.toNanos(10);
        overtakeWindow = millis(random, 0, 1, 10, 50);
        resets = random.nextInt(3) == 0;
        listener = random.nextInt(2) == 0;
    }

    private static long millis(SplittableRandom random, int... choices) {
        return TimeUnit.MILLISECONDS.toNanos(choices[random.nextInt(choices.length)]);
    }

    int maxSize() {
        return Arrays.stream(limits).mapToInt(EndpointLimits::maxSize).max().orElseThrow();
    }

    EndpointLimits limitsOf(int endpoint) {
        return limits[endpoint];
    }

    /** Half the smallest enabled time that needs the tick, between 10 ms and 1 s. */
    long tickPeriod() {
        return checks && bypass > 0 ? Math.min(sweepPeriod(), half(bypass)) : sweepPeriod();
    }

    int ticksPerSweep() {
        return (int) (sweepPeriod() / tickPeriod());
    }

    private long sweepPeriod() {
        return half(Math.min(Math.min(idleTimeout, lifetime), Math.min(keepalive, retention)));
    }

    private static long half(long nanos) {
        return Math.max(TimeUnit.MILLISECONDS.toNanos(10), Math.min(TimeUnit.SECONDS.toNanos(1), nanos / 2));
    }

    long timeout(ModelState.State state) {
        switch (state) {
            case CONNECTING:
                return connectTimeout;
            case CHECKING:
                return checkTimeout;
            case PENDING:
                return resetTimeout;
            case DISPOSING:
                return disposeTimeout;
            default:
                return NEVER;
        }
    }

    /** How many expired connections one release takes out when there is no collector. */
    int batch(int size) {
        return batchSize > 0 ? batchSize : 32 - Integer.numberOfLeadingZeros(size + 1);
    }

    static Duration duration(long nanos) {
        return nanos == NEVER ? PoolConfig.NO_LIMIT : Duration.ofNanos(nanos);
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
        if (value instanceof Long) {
            return (long) value == NEVER ? "off" : (long) value / 1e6 + " ms";
        }
        if (value instanceof EndpointLimits[]) {
            var limits = (EndpointLimits[]) value;
            return IntStream.range(0, limits.length)
                    .mapToObj(e -> "e" + e + "(" + limits[e] + ")")
                    .toList()
                    .toString();
        }
        return String.valueOf(value);
    }
}
