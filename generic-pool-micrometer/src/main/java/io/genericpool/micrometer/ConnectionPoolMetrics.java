package io.genericpool.micrometer;

import io.genericpool.ConnectionPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Binds the statistics of a pool to Micrometer. All meters are named {@code genericpool.*} and have the tag {@code
 * pool}, the name of the pool. Those of {@link ConnectionPoolMetricsBuilder#openTelemetry} have names of their own.
 *
 * <p>The pool does nothing for its meters. When a registry reads one, this class asks for the snapshot that all
 * observers of the pool share ({@link ConnectionPool#recentStats()}), which serves all meters for one second. So one
 * scrape costs one snapshot. A reader never waits for another one.
 *
 * <p>Meters per endpoint ({@link ConnectionPoolMetricsBuilder#endpoints}) and timers
 * ({@link ConnectionPoolMetricsBuilder#timers}) must be asked for.
 *
 * <p>When the pool closes, its gauges fall to zero and its counters stay. The meters remain until {@link #close}. A
 * registry that closes first leaves the pool unharmed. Thread-safe.
 */
public final class ConnectionPoolMetrics implements MeterBinder, AutoCloseable {
    /** What a pool that is bound already has in the registry. */
    private static final String MARK = "genericpool.connections";

    private final String name;
    private final Tags tags;
    private final PoolReadings<?> readings;
    private final @Nullable Tags openTelemetryTags;
    /** Zero for no meters per endpoint. */
    private final int endpointRows;

    private final @Nullable PoolTimers timers;

    /** Guards the fields below. */
    private final ReentrantLock binding = new ReentrantLock();

    private final List<Runnable> unbinds = new ArrayList<>();
    private boolean closed;

    ConnectionPoolMetrics(ConnectionPoolMetricsBuilder builder) {
        ConnectionPool<?, ?> pool = builder.pool;
        this.name = pool.stats().name();
        this.tags = PoolTags.of(name, builder.tags);
        this.openTelemetryTags = builder.openTelemetry ? OpenTelemetryMeters.tags(name, builder.tags) : null;
        this.endpointRows = builder.endpoints;
        this.timers = builder.timers;
        this.readings = new PoolReadings<>(pool, builder.endpoints, builder.openTelemetry);
        if (timers != null) {
            timers.belongTo(pool);
        }
    }

    /**
     * Creates the metrics of a pool, without meters per endpoint and without timers.
     *
     * @param pool the pool
     * @return the metrics, to be bound to a registry
     */
    public static ConnectionPoolMetrics of(ConnectionPool<?, ?> pool) {
        return builder(pool).build();
    }

    /**
     * Starts to build the metrics of a pool.
     *
     * @param pool the pool
     * @return a new builder
     */
    public static ConnectionPoolMetricsBuilder builder(ConnectionPool<?, ?> pool) {
        return new ConnectionPoolMetricsBuilder(Objects.requireNonNull(pool, "pool"));
    }

    /**
     * Registers the meters of the pool. They may be bound to several registries, once to each.
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
            PoolTags.requireFree(registry, MARK, tags, name);
            var meters = new MeterSet<>(registry, tags, readings);
            PoolMeters.register(meters);
            unbinds.add(meters::remove);
            if (timers != null) {
                unbinds.add(timers.bind(meters, TimerNames.OWN));
            }
            if (openTelemetryTags != null) {
                bindOpenTelemetry(new MeterSet<>(registry, openTelemetryTags, readings));
            }
            bindRows(meters);
        } finally {
            binding.unlock();
        }
    }

    private void bindOpenTelemetry(MeterSet<PoolReading> meters) {
        OpenTelemetryMeters.register(meters);
        unbinds.add(meters::remove);
        if (timers != null) {
            unbinds.add(timers.bind(meters, OpenTelemetryMeters.TIMERS));
        }
    }

    private void bindRows(MeterSet<PoolReading> meters) {
        var groups = new GroupMeters(meters, endpointRows);
        bindRows(groups::update, groups::close);
        if (endpointRows > 0) {
            var endpoints = new EndpointMeters(meters);
            bindRows(endpoints::update, endpoints::close);
        }
        if (readings.get().stats().hasSharedLimits()) {
            var fleet = new FleetMeters(meters);
            bindRows(fleet::update, fleet::close);
        }
    }

    /** Meters whose rows come and go with what a reading tells. */
    private void bindRows(Consumer<PoolReading> update, Runnable close) {
        readings.observe(update);
        unbinds.add(() -> {
            readings.unobserve(update);
            close.run();
        });
        update.accept(readings.get());
    }

    /**
     * Removes the meters from all registries. The pool is not closed. Further calls do nothing.
     */
    @Override
    public void close() {
        binding.lock();
        try {
            closed = true;
            unbinds.forEach(Runnable::run);
            unbinds.clear();
        } finally {
            binding.unlock();
        }
    }

    /**
     * Describes the metrics.
     *
     * @return the pool's name and the tags
     */
    @Override
    public String toString() {
        return "ConnectionPoolMetrics" + tags;
    }
}
