package io.genericpool.replay.recording;

import io.genericpool.PoolConfig;
import io.genericpool.support.Nanos;
import java.time.Duration;

/**
 * The knobs of a pool that a replay sets, as in {@code ConnectionPoolBuilder}. All other knobs have their defaults in a replay.
 *
 * @param maxSize connections per endpoint
 * @param totalMaxSize connections of all endpoints together
 * @param minIdle connections held per endpoint
 * @param maxWaiters waiting requests per endpoint
 * @param maxConnectsPerEndpoint connection attempts in flight per endpoint
 * @param acquireTimeout the longest time of an acquire
 * @param connectTimeout the longest time of a connection attempt
 * @param idleTimeout the time after which an idle connection is closed
 * @param maxLifetime the age at which a connection is closed
 */
public record Knobs(
        int maxSize,
        int totalMaxSize,
        int minIdle,
        int maxWaiters,
        int maxConnectsPerEndpoint,
        Duration acquireTimeout,
        Duration connectTimeout,
        Duration idleTimeout,
        Duration maxLifetime) {
    /** The defaults of a pool. */
    public static final Knobs DEFAULTS = new Knobs(
            10,
            100,
            0,
            PoolConfig.UNLIMITED,
            4,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofHours(1));

    /**
     * Takes the knobs of a pool.
     *
     * @param config the configuration of the pool
     * @return its knobs
     */
    public static Knobs of(PoolConfig config) {
        return new Knobs(
                config.defaultLimits().maxSize(),
                config.totalMaxSize(),
                config.defaultLimits().minIdle(),
                config.defaultLimits().maxWaiters(),
                config.defaultLimits().maxConnects(),
                config.acquireTimeout(),
                config.connectTimeout(),
                config.idleTimeout(),
                config.maxLifetime());
    }

    /**
     * Checks that the knobs do not contradict each other.
     *
     * @return this
     * @throws IllegalArgumentException when a value is out of its bounds, {@code minIdle > maxSize} or
     *     {@code maxSize > totalMaxSize}
     */
    public Knobs validated() {
        require(maxSize >= 1, "maxSize must be at least 1, but is " + maxSize);
        require(totalMaxSize >= 1, "totalMaxSize must be at least 1, but is " + totalMaxSize);
        require(minIdle >= 0, "minIdle must be at least 0, but is " + minIdle);
        require(maxWaiters >= 0, "maxWaiters must be at least 0, but is " + maxWaiters);
        require(
                maxConnectsPerEndpoint >= 1,
                "maxConnectsPerEndpoint must be at least 1, but is " + maxConnectsPerEndpoint);
        require(minIdle <= maxSize, "minIdle must be at most maxSize (" + maxSize + "), but is " + minIdle);
        require(
                maxSize <= totalMaxSize,
                "maxSize must be at most totalMaxSize (" + totalMaxSize + "), but is " + maxSize);
        require(
                !acquireTimeout.isNegative(),
                "acquireTimeout must not be negative, but is " + Nanos.text(acquireTimeout));
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("idleTimeout", idleTimeout);
        requirePositive("maxLifetime", maxLifetime);
        return this;
    }

    private static void requirePositive(String name, Duration value) {
        require(!value.isNegative() && !value.isZero(), name + " must be more than zero, but is " + Nanos.text(value));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * Changes {@code maxSize}.
     *
     * @param value connections per endpoint
     * @return other knobs with that value
     */
    public Knobs withMaxSize(int value) {
        return new Knobs(
                value,
                totalMaxSize,
                minIdle,
                maxWaiters,
                maxConnectsPerEndpoint,
                acquireTimeout,
                connectTimeout,
                idleTimeout,
                maxLifetime);
    }

    /**
     * Changes {@code totalMaxSize}.
     *
     * @param value connections of all endpoints together
     * @return other knobs with that value
     */
    public Knobs withTotalMaxSize(int value) {
        return new Knobs(
                maxSize,
                value,
                minIdle,
                maxWaiters,
                maxConnectsPerEndpoint,
                acquireTimeout,
                connectTimeout,
                idleTimeout,
                maxLifetime);
    }

    /**
     * Changes {@code minIdle}.
     *
     * @param value connections held per endpoint
     * @return other knobs with that value
     */
    public Knobs withMinIdle(int value) {
        return new Knobs(
                maxSize,
                totalMaxSize,
                value,
                maxWaiters,
                maxConnectsPerEndpoint,
                acquireTimeout,
                connectTimeout,
                idleTimeout,
                maxLifetime);
    }

    /**
     * Changes {@code acquireTimeout}.
     *
     * @param value the longest time of an acquire
     * @return other knobs with that value
     */
    public Knobs withAcquireTimeout(Duration value) {
        return new Knobs(
                maxSize,
                totalMaxSize,
                minIdle,
                maxWaiters,
                maxConnectsPerEndpoint,
                value,
                connectTimeout,
                idleTimeout,
                maxLifetime);
    }

    /**
     * Changes {@code idleTimeout}.
     *
     * @param value the time after which an idle connection is closed
     * @return other knobs with that value
     */
    public Knobs withIdleTimeout(Duration value) {
        return new Knobs(
                maxSize,
                totalMaxSize,
                minIdle,
                maxWaiters,
                maxConnectsPerEndpoint,
                acquireTimeout,
                connectTimeout,
                value,
                maxLifetime);
    }

    @Override
    public String toString() {
        return "maxSize=" + maxSize + ", totalMaxSize=" + totalMaxSize + ", minIdle=" + minIdle + ", acquireTimeout="
                + Nanos.text(acquireTimeout) + ", connectTimeout=" + Nanos.text(connectTimeout) + ", idleTimeout="
                + Nanos.text(idleTimeout) + ", maxLifetime=" + Nanos.text(maxLifetime);
    }
}
