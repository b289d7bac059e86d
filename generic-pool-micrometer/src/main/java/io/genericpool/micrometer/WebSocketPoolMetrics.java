package io.genericpool.micrometer;

import io.genericpool.spi.PoolClock;
import io.genericpool.websocket.WebSocketManagerStats;
import io.genericpool.websocket.WebSocketPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * Binds the traffic of a WebSocket pool to Micrometer, as meters named {@code genericpool.websocket.*} with the tag
 * {@code pool}. It comes in addition to {@link ConnectionPoolMetrics} over {@link WebSocketPool#pool()}, and needs the
 * module {@code contrib-websocket}.
 *
 * <p>One snapshot ({@link WebSocketPool#traffic()}) serves all meters for one second. The meters remain after the pool
 * has closed, until {@link #close}. Thread-safe.
 */
public final class WebSocketPoolMetrics implements MeterBinder, AutoCloseable {
    private static final String PREFIX = "genericpool.websocket.";

    /** The codes that have a row of their own, because a peer may send any of 4,000. */
    private static final int FIRST_CODE = 1000;

    private static final int LAST_CODE = 1015;

    private final String name;
    private final Tags tags;
    private final Cached<WebSocketManagerStats> traffic;

    /** Guards the fields below. */
    private final ReentrantLock binding = new ReentrantLock();

    private final List<MeterSet<WebSocketManagerStats>> bound = new ArrayList<>();
    private boolean closed;

    private WebSocketPoolMetrics(WebSocketPool pool, Tags more) {
        this.name = pool.stats().name();
        this.tags = PoolTags.of(name, more);
        this.traffic = new Cached<>(PoolClock.system(), pool::traffic);
    }

    /**
     * Creates the metrics of a WebSocket pool.
     *
     * @param pool the pool
     * @param tags tags to add to all meters; their keys must not be the meters' own, such as {@code pool}
     * @return the metrics, to be bound to a registry
     * @throws IllegalArgumentException if a key or a value is blank, or a key is taken
     */
    public static WebSocketPoolMetrics of(WebSocketPool pool, Tag... tags) {
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(tags, "tags");
        for (Tag tag : tags) {
            PoolTags.checked(tag);
        }
        return new WebSocketPoolMetrics(pool, Tags.of(tags));
    }

    /**
     * Registers the meters of the pool's traffic. They may be bound to several registries, once to each.
     *
     * @param registry the registry
     * @throws IllegalStateException if the registry holds meters of a pool of this name that no tag tells apart, if the
     *     registry is closed, or after {@link #close}
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        binding.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the metrics of pool " + name + " are closed");
            }
            PoolTags.requireFree(registry, PREFIX, tags, name);
            var meters = new MeterSet<>(registry, tags, traffic);
            bound.add(meters);
            register(meters);
        } finally {
            binding.unlock();
        }
    }

    private static void register(MeterSet<WebSocketManagerStats> meters) {
        meters.gauge(
                PREFIX + "sockets", null, "Sockets that are open or being closed", WebSocketManagerStats::openSockets);
        meters.counter(PREFIX + "messages", null, "Messages", WebSocketManagerStats::messagesIn, "direction", "in");
        meters.counter(PREFIX + "messages", null, "Messages", WebSocketManagerStats::messagesOut, "direction", "out");
        meters.counter(
                PREFIX + "dropped", null, "Messages that were not received", WebSocketManagerStats::messagesDropped);
        meters.counter(
                PREFIX + "bytes",
                "bytes",
                "Bytes, frame headers included",
                WebSocketManagerStats::bytesIn,
                "direction",
                "in");
        meters.counter(
                PREFIX + "bytes",
                "bytes",
                "Bytes, frame headers included",
                WebSocketManagerStats::bytesOut,
                "direction",
                "out");
        meters.counter(PREFIX + "reconnects", null, "Reconnects of sessions", WebSocketManagerStats::reconnects);
        meters.counter(PREFIX + "moves", null, "Reconnects to another member of a group", WebSocketManagerStats::moves);
        meters.counter(
                PREFIX + "retries", null, "Connection attempts after a failed one", WebSocketManagerStats::retries);
        meters.functionTimer(
                PREFIX + "connect",
                "Successful connection attempts, upgrades included",
                WebSocketManagerStats::connects,
                WebSocketManagerStats::totalConnectTime);
        meters.functionTimer(
                PREFIX + "handshake",
                "Upgrades, from the request to the answer",
                WebSocketManagerStats::connects,
                WebSocketManagerStats::totalUpgradeTime);
        for (int code = FIRST_CODE; code <= LAST_CODE; code++) {
            int known = code;
            closes(meters, Integer.toString(code), codes -> codes.getOrDefault(known, 0L));
        }
        closes(meters, "other", WebSocketPoolMetrics::others);
    }

    private static void closes(
            MeterSet<WebSocketManagerStats> meters, String code, ToLongFunction<Map<Integer, Long>> count) {
        meters.counter(
                PREFIX + "closes",
                null,
                "Connections that ended, by close code",
                stats -> count.applyAsLong(stats.closeCodes()),
                "code",
                code);
    }

    private static long others(Map<Integer, Long> codes) {
        return codes.entrySet().stream()
                .filter(entry -> entry.getKey() < FIRST_CODE || entry.getKey() > LAST_CODE)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Removes the meters from all registries. The pool is not closed. Further calls do nothing. */
    @Override
    public void close() {
        binding.lock();
        try {
            closed = true;
            bound.forEach(MeterSet::remove);
            bound.clear();
        } finally {
            binding.unlock();
        }
    }
}
