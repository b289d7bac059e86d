package io.genericpool.core;

import io.genericpool.core.internal.circuit.Backoff;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link CircuitGovernor}. Each setter checks its value at once. {@link #build()} checks that
 * {@code maxBackoff} is not below {@code initialBackoff}. Not thread-safe.
 */
public final class CircuitGovernorBuilder {
    private static final SafeLog LOG = SafeLog.of(CircuitGovernor.class);

    int failFastAfter = 5;
    /** Asked once per failure, under the governor's lock: from 0, inclusive, to 1, exclusive. */
    DoubleSupplier chance = () -> ThreadLocalRandom.current().nextDouble();

    private Duration initialBackoff = Duration.ofMillis(100);
    private Duration maxBackoff = Duration.ofMillis(800);
    private double backoffFactor = 2;
    private double backoffJitter = 0.5;
    private Predicate<? super Throwable> hopeless = cause -> false;
    private Function<? super Throwable, ? extends @Nullable Duration> retryAfter = cause -> null;
    private Duration maxRetryAfter = Duration.ofMinutes(5);

    CircuitGovernorBuilder() {}

    private CircuitGovernorBuilder(CircuitGovernorBuilder other) {
        failFastAfter = other.failFastAfter;
        chance = other.chance;
        hopeless = other.hopeless;
        retryAfter = other.retryAfter;
        maxRetryAfter = other.maxRetryAfter;
    }

    /**
     * Sets the number of failed connection attempts in a row that open the circuit. Requests then fail fast instead of
     * waiting. {@code PoolConfig.UNLIMITED} never opens the circuit. Requests then wait for the end of the pause, if it
     * comes before their deadlines. Default: 5.
     *
     * @param failures the number of failures; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public CircuitGovernorBuilder failFastAfter(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("failFastAfter must be at least 1, but is " + failures);
        }
        failFastAfter = failures;
        return this;
    }

    /**
     * Sets which failures open the circuit at once, because an early retry cannot succeed. Examples are wrong
     * credentials and a certificate that does not match. Default: none.
     *
     * @param test returns true for such a failure of a connection attempt
     * @return this
     */
    public CircuitGovernorBuilder failFastOn(Predicate<? super Throwable> test) {
        hopeless = Objects.requireNonNull(test, "failFastOn");
        return this;
    }

    /**
     * Sets the pause after the first failure, before the random jitter. Default: 100 ms.
     *
     * @param value the time; 1 ms or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1 ms
     */
    public CircuitGovernorBuilder initialBackoff(Duration value) {
        initialBackoff = atLeastOneMilli("initialBackoff", value);
        return this;
    }

    /**
     * Sets the longest pause. It bounds how late the pool notices that an endpoint is back, and how often the pool
     * tries an endpoint that is down. Choose a longer pause when many processes share an endpoint. With the default, an
     * endpoint under demand serves again within a second of its return. Default: 800 ms.
     *
     * @param value the time; not less than {@code initialBackoff}
     * @return this
     * @throws IllegalArgumentException when the value is below 1 ms
     */
    public CircuitGovernorBuilder maxBackoff(Duration value) {
        maxBackoff = atLeastOneMilli("maxBackoff", value);
        return this;
    }

    /**
     * Sets the factor by which the pause grows with each failure. Default: 2.
     *
     * @param value 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1 or not a number
     */
    public CircuitGovernorBuilder backoffFactor(double value) {
        if (!(value >= 1) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("backoffFactor must be at least 1, but is " + value);
        }
        backoffFactor = value;
        return this;
    }

    /**
     * Sets the share of the pause that the random jitter may subtract. With jitter, processes that saw the same failure
     * do not return at the same moment. Use 0 for none, 0.5 for "equal jitter" and 1 for "full jitter" (Marc Brooker,
     * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Default: 0.5.
     *
     * @param value a fraction from 0 to 1
     * @return this
     * @throws IllegalArgumentException when the value is not from 0 to 1
     */
    public CircuitGovernorBuilder backoffJitter(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("backoffJitter must be from 0 to 1, but is " + value);
        }
        backoffJitter = value;
        return this;
    }

    /**
     * Sets a function that reads the minimum pause that a failure asks for, such as an HTTP {@code Retry-After}. The
     * pause is then at least that long, even beyond {@code maxBackoff}, but not longer than {@link #maxRetryAfter}.
     * Default: no failure asks for a pause.
     *
     * @param reader returns the pause for the failure of a connection attempt, or null
     * @return this
     */
    public CircuitGovernorBuilder retryAfter(Function<? super Throwable, ? extends @Nullable Duration> reader) {
        retryAfter = Objects.requireNonNull(reader, "retryAfter");
        return this;
    }

    /** For tests, which do not leave anything to chance. */
    CircuitGovernorBuilder chance(DoubleSupplier generator) {
        chance = generator;
        return this;
    }

    /**
     * Sets the longest pause that a failure can ask for by {@link #retryAfter}. A longer one is cut to this value,
     * because a server may ask for a year, by mistake or on purpose. {@code PoolConfig.NO_LIMIT} accepts any pause. To
     * end a pause early, call {@code evict} or {@code resume} of the pool. Default: 5 minutes.
     *
     * @param value the time; zero ignores what servers ask for
     * @return this
     * @throws IllegalArgumentException when the value is negative
     */
    public CircuitGovernorBuilder maxRetryAfter(Duration value) {
        if (Objects.requireNonNull(value, "maxRetryAfter").isNegative()) {
            throw new IllegalArgumentException("maxRetryAfter must not be negative, but is " + value);
        }
        maxRetryAfter = value;
        return this;
    }

    /**
     * Builds the governor.
     *
     * @return the governor
     * @throws IllegalArgumentException when {@code maxBackoff} is below {@code initialBackoff}
     */
    public CircuitGovernor build() {
        if (maxBackoff.compareTo(initialBackoff) < 0) {
            throw new IllegalArgumentException("maxBackoff must be at least initialBackoff ("
                    + Nanos.text(initialBackoff) + "), but is " + Nanos.text(maxBackoff));
        }
        return new CircuitGovernor(
                new CircuitGovernorBuilder(this),
                new Backoff(initialBackoff, maxBackoff, backoffFactor, backoffJitter));
    }

    boolean isHopeless(Throwable cause) {
        try {
            return hopeless.test(cause);
        } catch (Throwable e) {
            LOG.warn(
                    "failFastOn failed for {}; the failure counts as an ordinary one",
                    cause.getClass().getName(),
                    e);
            return false;
        }
    }

    /** Nanoseconds; 0 for none. */
    long askedPause(Throwable cause) {
        try {
            Duration asked = retryAfter.apply(cause);
            return asked == null ? 0 : Math.min(Backoff.nanos(asked), Backoff.nanos(maxRetryAfter));
        } catch (Throwable e) {
            LOG.warn(
                    "retryAfter failed for {}; the pause does not depend on it",
                    cause.getClass().getName(),
                    e);
            return 0;
        }
    }

    private static Duration atLeastOneMilli(String name, Duration value) {
        if (Objects.requireNonNull(value, name).compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(name + " must be at least 1 ms, but is " + Nanos.text(value));
        }
        return value;
    }
}
