package io.genericpool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one endpoint. Immutable; every {@code with} method returns a copy.
 *
 * <p>Rules between the values ({@code minIdle <= maxSize}) are checked where the limits are used: by
 * {@code ConnectionPoolBuilder.build()} for the defaults, by {@link ConnectionPool#resize} and at the first use of an
 * endpoint for its own.
 */
public final class EndpointLimits {
    private final int minIdle;
    private final int maxSize;
    private final int maxWaiters;
    private final int maxConnects;

    private EndpointLimits(int minIdle, int maxSize, int maxWaiters, int maxConnects) {
        this.minIdle = atLeast("minIdle", minIdle, 0);
        this.maxSize = atLeast("maxSize", maxSize, 1);
        this.maxWaiters = atLeast("maxWaiters", maxWaiters, 0);
        this.maxConnects = atLeast("maxConnects", maxConnects, 1);
    }

    /**
     * Limits with the given sizes, any number of waiters and at most 4 connects in flight.
     *
     * @param minIdle connections to hold, leased ones included; 0 or more
     * @param maxSize connections at most; 1 or more
     * @return the limits
     * @throws IllegalArgumentException when a value is below its bound or {@code minIdle > maxSize}
     */
    public static EndpointLimits of(int minIdle, int maxSize) {
        return new EndpointLimits(minIdle, maxSize, PoolConfig.UNLIMITED, 4).validated();
    }

    /**
     * A copy with another {@link #minIdle()}.
     *
     * @param value connections to hold, leased ones included; 0 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is negative
     */
    public EndpointLimits withMinIdle(int value) {
        return new EndpointLimits(value, maxSize, maxWaiters, maxConnects);
    }

    /**
     * A copy with another {@link #maxSize()}.
     *
     * @param value connections at most; 1 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is below 1
     */
    public EndpointLimits withMaxSize(int value) {
        return new EndpointLimits(minIdle, value, maxWaiters, maxConnects);
    }

    /**
     * A copy with another {@link #maxWaiters()}.
     *
     * @param value waiters at most; 0 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is negative
     */
    public EndpointLimits withMaxWaiters(int value) {
        return new EndpointLimits(minIdle, maxSize, value, maxConnects);
    }

    /**
     * A copy with another {@link #maxConnects()}.
     *
     * @param value connects in flight at most; 1 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is below 1
     */
    public EndpointLimits withMaxConnects(int value) {
        return new EndpointLimits(minIdle, maxSize, maxWaiters, value);
    }

    /**
     * Checks the rule between the values.
     *
     * @return this
     * @throws IllegalArgumentException when {@code minIdle > maxSize}
     */
    public EndpointLimits validated() {
        if (minIdle > maxSize) {
            throw new IllegalArgumentException("minIdle must be at most maxSize (" + maxSize + "), but is " + minIdle);
        }
        return this;
    }

    /**
     * The number of connections the pool tries to hold for the endpoint, leased ones included.
     *
     * @return 0 or more
     */
    public int minIdle() {
        return minIdle;
    }

    /**
     * The number of connections, in whatever state, that the endpoint may have.
     *
     * @return 1 or more
     */
    public int maxSize() {
        return maxSize;
    }

    /**
     * The number of requests that may wait for the endpoint; one more fails with {@link PoolExhaustedException}.
     *
     * @return 0 or more, {@link PoolConfig#UNLIMITED} for any number
     */
    public int maxWaiters() {
        return maxWaiters;
    }

    /**
     * The number of connects to the endpoint that may be in flight at once.
     *
     * @return 1 or more
     */
    public int maxConnects() {
        return maxConnects;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EndpointLimits that
                && minIdle == that.minIdle
                && maxSize == that.maxSize
                && maxWaiters == that.maxWaiters
                && maxConnects == that.maxConnects;
    }

    @Override
    public int hashCode() {
        return Objects.hash(minIdle, maxSize, maxWaiters, maxConnects);
    }

    @Override
    public String toString() {
        return "minIdle=" + minIdle + ", maxSize=" + maxSize + ", maxWaiters="
                + (maxWaiters == PoolConfig.UNLIMITED ? "unlimited" : maxWaiters) + ", maxConnects=" + maxConnects;
    }

    private static int atLeast(String name, int value, int bound) {
        if (value < bound) {
            throw new IllegalArgumentException(name + " must be at least " + bound + ", but is " + value);
        }
        return value;
    }
}
