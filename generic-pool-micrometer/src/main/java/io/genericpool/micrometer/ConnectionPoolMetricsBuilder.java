package io.genericpool.micrometer;

import io.genericpool.ConnectionPool;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds {@link ConnectionPoolMetrics}. Not thread-safe. */
public final class ConnectionPoolMetricsBuilder {
    private static final int DEFAULT_ENDPOINTS = 100;
    private static final int MOST_ENDPOINTS = 10_000;

    final ConnectionPool<?, ?> pool;
    Tags tags = Tags.empty();
    int endpoints;
    boolean openTelemetry;

    @Nullable
    PoolTimers timers;

    ConnectionPoolMetricsBuilder(ConnectionPool<?, ?> pool) {
        this.pool = pool;
    }

    /**
     * Adds a tag to all meters. Two pools of one name need it, with different values, to be bound to one registry.
     *
     * @param key the key, which must not be one of the meters' own, such as {@code pool} or {@code state}
     * @param value the value
     * @return this
     * @throws IllegalArgumentException if the key or the value is blank, or the key is taken
     */
    public ConnectionPoolMetricsBuilder tag(String key, String value) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        tags = tags.and(PoolTags.checked(Tag.of(key, value)));
        return this;
    }

    /**
     * Adds meters per endpoint, for at most 100 endpoints, as {@link #endpoints(int)} describes. Default: no such
     * meters.
     *
     * @return this
     */
    public ConnectionPoolMetricsBuilder endpoints() {
        return endpoints(DEFAULT_ENDPOINTS);
    }

    /**
     * Adds meters per endpoint, {@code genericpool.endpoint.*}, with the endpoint's label as the tag {@code endpoint}.
     * Endpoints with the same label share their rows. An endpoint keeps its rows until it leaves the pool. Free rows go
     * to the endpoints with the most connections and waiters. The rows of {@code endpoint="other"} hold the sums over
     * all other endpoints.
     *
     * <p>A snapshot then reads each endpoint of the pool, including those without rows. Rows appear and disappear when a
     * registry reads a meter, so they may be one scrape late. Default: no such meters.
     *
     * @param max the maximum number of endpoints with rows of their own, 1 to 10,000
     * @return this
     */
    public ConnectionPoolMetricsBuilder endpoints(int max) {
        if (max < 1 || max > MOST_ENDPOINTS) {
            throw new IllegalArgumentException("endpoints must be 1 to 10,000, but is " + max);
        }
        endpoints = max;
        return this;
    }

    /**
     * Adds timers. The pool must have been built with the same object as its listener, otherwise the timers stay at
     * zero. Default: no timers.
     *
     * @param value the timers, which serve one pool only
     * @return this
     */
    public ConnectionPoolMetricsBuilder timers(PoolTimers value) {
        timers = Objects.requireNonNull(value, "timers");
        return this;
    }

    /**
     * Adds meters of a pool of database connections by the names of OpenTelemetry's conventions: {@code
     * db.client.connection.count}, {@code .max}, {@code .idle.min}, {@code .pending_requests} and {@code .timeouts}. With
     * {@link #timers} there are also {@code .create_time}, {@code .wait_time} and {@code .use_time}, each if the timers
     * measure it. Their tag {@code db.client.connection.pool.name} is the name of the pool. The conventions are in
     * development, so these names may change in a minor version of this module. Default: no such meters.
     *
     * <p>A snapshot then reads each endpoint of the pool.
     *
     * @return this
     */
    public ConnectionPoolMetricsBuilder openTelemetry() {
        openTelemetry = true;
        return this;
    }

    /**
     * Builds the metrics, and takes their first snapshot.
     *
     * @return the metrics, to be bound to a registry
     * @throws IllegalArgumentException if the timers serve another pool
     */
    public ConnectionPoolMetrics build() {
        return new ConnectionPoolMetrics(this);
    }
}
