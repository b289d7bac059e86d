package io.genericpool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one endpoint. Immutable; every {@code with} method returns a copy.
 *
 * <p>Rules between the values ({@code minIdle <= maxSize}, {@code reserved <= maxSize}) are checked where the limits are used: by
 * {@code ConnectionPoolBuilder.build()} for the defaults, by {@link ConnectionPool#resize} and at the first use of an
 * endpoint for its own.
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
     * Limits with the given sizes, any number of waiters and at most 4 connects in flight.
     *
     * @param minIdle connections to hold, leased ones included; 0 or more
     * @param maxSize connections at most; 1 or more
     * @return the limits
     * @throws IllegalArgumentException when a value is below its bound or {@code minIdle > maxSize}
     */
    public static EndpointLimits of(int minIdle, int maxSize) {
        return new EndpointLimits(minIdle, maxSize, PoolConfig.UNLIMITED, 4, 0).validated();
    }

    /**
     * A copy with another {@link #minIdle()}.
     *
     * @param value connections to hold, leased ones included; 0 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is negative
     */
    public EndpointLimits withMinIdle(int value) {
        return new EndpointLimits(value, maxSize, maxWaiters, maxConnects, reserved);
    }

    /**
     * A copy with another {@link #maxSize()}.
     *
     * @param value connections at most; 1 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is below 1
     */
    public EndpointLimits withMaxSize(int value) {
        return new EndpointLimits(minIdle, value, maxWaiters, maxConnects, reserved);
    }

    /**
     * A copy with another {@link #maxWaiters()}.
     *
     * @param value waiters at most; 0 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is negative
     */
    public EndpointLimits withMaxWaiters(int value) {
        return new EndpointLimits(minIdle, maxSize, value, maxConnects, reserved);
    }

    /**
     * A copy with another {@link #maxConnects()}.
     *
     * @param value connects in flight at most; 1 or more
     * @return the copy
     * @throws IllegalArgumentException when the value is below 1
     */
    public EndpointLimits withMaxConnects(int value) {
        return new EndpointLimits(minIdle, maxSize, maxWaiters, value, reserved);
    }

    /**
     * A copy with another {@link #reserved()}.
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

    /**
     * The number of connections that stay with the endpoint when others run short of the total limit. While it has no more
     * than these, none of them is closed, idle or released, to make room for another endpoint.
     *
     * <p>It is a protection and not a claim. It opens no connection; {@link #minIdle()} and warm-ups do. It keeps none from
     * its idle timeout or lifetime, from a lower total limit, or from a new connection that the endpoint itself asks for. The
     * endpoints of a pool may reserve more than its total limit. Then those that connect first have the connections, and a
     * request of another endpoint waits until one of them ends, or until its timeout.
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
