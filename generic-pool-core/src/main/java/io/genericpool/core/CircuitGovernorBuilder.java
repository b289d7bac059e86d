package io.genericpool.core;

import io.genericpool.core.internal.Backoff;
import io.genericpool.core.internal.SafeLog;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Collects the knobs of a {@link CircuitGovernor}. Each setter checks its value at once; that the backoff's end is not
 * before its beginning is checked by {@link #build()}. Not thread-safe.
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
     * The number of failed connects in a row that open the circuit, so that requests fail at once instead of waiting.
     * {@code PoolConfig.UNLIMITED} never opens it: requests wait for the end of the pause, if it comes before their
     * deadlines. Default: 5.
     *
     * @param failures how many; 1 or more
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
     * Failures that open the circuit at once, since trying again soon is no use: wrong credentials, a certificate that does
     * not fit. Default: none.
     *
     * @param test whether a connect that failed with this is such a case
     * @return this
     */
    public CircuitGovernorBuilder failFastOn(Predicate<? super Throwable> test) {
        hopeless = Objects.requireNonNull(test, "failFastOn");
        return this;
    }

    /**
     * The pause after the first failure, before chance takes off its share. Default: 100 ms.
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
     * The longest pause. It bounds how late the return of an endpoint is noticed, and how often an endpoint that is down
     * is tried: longer is kinder where many processes share one. Default: 800 ms, so that an endpoint that is asked for
     * serves again within a second of its return.
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
     * What the pause is multiplied by from failure to failure. Default: 2.
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
     * The share of the pause that chance may take off, so that processes that saw the same failure do not come back at the
     * same moment: 0 for none, 0.5 for "equal jitter", 1 for "full jitter" (Marc Brooker, "Exponential Backoff And
     * Jitter", AWS Architecture Blog, 2015). Default: 0.5.
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
     * Reads the shortest pause that a failure asks for, such as an HTTP {@code Retry-After}: the backoff is not shorter
     * then, whatever {@code maxBackoff} says, but not longer than {@link #maxRetryAfter}. Default: none asks.
     *
     * @param reader from what a connect failed with to a time, or null
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
     * The longest pause that a failure can ask for by {@link #retryAfter}: a longer one is cut to this, because a server
     * that says a year, by mistake or on purpose, must not close an endpoint for that long. {@code PoolConfig.NO_LIMIT}
     * obeys the server. To end a pause before its time, call {@code evict} or {@code resume} of the pool. Default: 5
     * minutes.
     *
     * @param value the time; zero obeys no server
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
            LOG.warn("failFastOn cannot tell what {} means", cause.getClass().getName(), e);
            return false;
        }
    }

    /** Nanoseconds; 0 for none. */
    long askedPause(Throwable cause) {
        try {
            Duration asked = retryAfter.apply(cause);
            return asked == null ? 0 : Math.min(Backoff.nanos(asked), Backoff.nanos(maxRetryAfter));
        } catch (Throwable e) {
            LOG.warn("retryAfter cannot read {}", cause.getClass().getName(), e);
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
