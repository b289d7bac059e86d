package io.genericpool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one endpoint. Immutable; every {@code with} method returns a copy.
 *
 * <p>Some rules hold between the values: {@code minIdle <= maxSize} and {@code reserved <= maxSize}. They are checked
 * where the limits are used. {@code ConnectionPoolBuilder.build()} checks the defaults. {@link ConnectionPool#resize}
 * and the first use of an endpoint check the limits of that endpoint.
 */
public final class EndpointLimits {
    private final int minIdle;
    private final int maxSize;
    private final int maxWaiters;
    private final int maxConnects;
    private final int reserved;

    private EndpointLimits(int minIdle, int maxSize, int maxWaiters, int maxConnects, int reserved) {
        this.minIdle = atLeast("minIdle", minIdle, 0);
        this.maxSize = atLeast("maxSize", maxSize, 1);
        this.maxWaiters = atLeast("maxWaiters", maxWaiters, 0);
        this.maxConnects = atLeast("maxConnects", maxConnects, 1);
        this.reserved = atLeast("reserved", reserved, 0);
    }

    /**
     * Returns limits with the given sizes, any number of waiters and at most 4 connection attempts in flight.
     *
     * @param minIdle connections to hold, leased ones included; 0 or more
     * @param maxSize the maximum number of connections; 1 or more
     * @return the limits
     * @throws IllegalArgumentException when a value is below its bound or {@code minIdle > maxSize}
     */
    public static EndpointLimits of(int minIdle, int maxSize) {
        return new EndpointLimits(minIdle, maxSize, PoolConfig.UNLIMITED, 4, 0).validated();
    }

    /**
     * Returns a copy with another {@link #minIdle()}.
     *
     * @param value connections to hold, leased ones included; 0 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is negative
     */
    public EndpointLimits withMinIdle(int value) {
        return new EndpointLimits(value, maxSize, maxWaiters, maxConnects, reserved);
    }

    /**
     * Returns a copy with another {@link #maxSize()}.
     *
     * @param value the maximum number of connections; 1 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is below 1
     */
    public EndpointLimits withMaxSize(int value) {
        return new EndpointLimits(minIdle, value, maxWaiters, maxConnects, reserved);
    }

    /**
     * Returns a copy with another {@link #maxWaiters()}.
     *
     * @param value the maximum number of waiting requests; 0 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is negative
     */
    public EndpointLimits withMaxWaiters(int value) {
        return new EndpointLimits(minIdle, maxSize, value, maxConnects, reserved);
    }

    /**
     * Returns a copy with another {@link #maxConnects()}.
     *
     * @param value the maximum number of connection attempts in flight; 1 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is below 1
     */
    public EndpointLimits withMaxConnects(int value) {
        return new EndpointLimits(minIdle, maxSize, maxWaiters, value, reserved);
    }

    /**
     * Returns a copy with another {@link #reserved()}.
     *
     * @param value connections that stay when other endpoints run short; 0 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is negative
     */
    public EndpointLimits withReserved(int value) {
        return new EndpointLimits(minIdle, maxSize, maxWaiters, maxConnects, value);
    }

    /**
     * Checks the rules between the values.
     *
     * @return this
     * @throws IllegalArgumentException when {@code minIdle > maxSize} or {@code reserved > maxSize}
     */
    public EndpointLimits validated() {
        if (minIdle > maxSize) {
            throw new IllegalArgumentException("minIdle must be at most maxSize (" + maxSize + "), but is " + minIdle);
        }
        if (reserved > maxSize) {
            throw new IllegalArgumentException(
                    "reserved must be at most maxSize (" + maxSize + "), but is " + reserved);
        }
        return this;
    }

    /**
     * Returns the number of connections the pool tries to hold for the endpoint, leased ones included.
     *
     * @return 0 or more
     */
    public int minIdle() {
        return minIdle;
    }

    /**
     * Returns the maximum number of connections of the endpoint, in any state.
     *
     * @return 1 or more
     */
    public int maxSize() {
        return maxSize;
    }

    /**
     * Returns the maximum number of requests that may wait for the endpoint. One more fails with
     * {@link PoolExhaustedException}.
     *
     * @return 0 or more, {@link PoolConfig#UNLIMITED} for any number
     */
    public int maxWaiters() {
        return maxWaiters;
    }

    /**
     * Returns the maximum number of connection attempts to the endpoint that may be in flight at once.
     *
     * @return 1 or more
     */
    public int maxConnects() {
        return maxConnects;
    }

    /**
     * Returns the number of connections that stay with the endpoint when others run short of the total limit. While the
     * endpoint holds no more than these, none of them is closed to make room for another endpoint, whether idle or
     * released.
     *
     * <p>The reservation protects connections but opens none; {@link #minIdle()} and warm-ups open them. It does not
     * protect them from their idle timeout or lifetime, or from a lower total limit. It does not protect them from a
     * new connection that the endpoint itself asks for.
     *
     * <p>The endpoints of a pool may reserve more than its total limit. The endpoints that connect first then have the
     * connections. A request for another endpoint waits until one of these connections ends, or until its timeout.
     *
     * @return 0 or more
     */
    public int reserved() {
        return reserved;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EndpointLimits that
                && minIdle == that.minIdle
                && maxSize == that.maxSize
                && maxWaiters == that.maxWaiters
                && maxConnects == that.maxConnects
                && reserved == that.reserved;
    }

    @Override
    public int hashCode() {
        return Objects.hash(minIdle, maxSize, maxWaiters, maxConnects, reserved);
    }

    @Override
    public String toString() {
        return "minIdle=" + minIdle + ", maxSize=" + maxSize + ", maxWaiters="
                + (maxWaiters == PoolConfig.UNLIMITED ? "unlimited" : maxWaiters) + ", maxConnects=" + maxConnects
                + ", reserved=" + reserved;
    }

    private static int atLeast(String name, int value, int bound) {
        if (value < bound) {
            throw new IllegalArgumentException(name + " must be at least " + bound + ", but is " + value);
        }
        return value;
    }
}
