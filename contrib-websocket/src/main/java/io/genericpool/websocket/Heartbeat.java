package io.genericpool.websocket;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a peer that vanished without a trace is found: something is sent to it at intervals, in whatever state the
 * connection is, and a connection whose peer does not answer in time is dead. It is found dead at the latest {@code
 * interval * (1 + tolerance) + timeout} after the peer vanished. Immutable; every method but the first two returns a copy.
 *
 * <p>Whatever the peer sends after a heartbeat counts as a sign of life, an answer or not. While nothing is read because
 * the queue of received messages is full, silence counts as nothing.
 */
public final class Heartbeat {
    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final Duration interval;
    private final Duration timeout;
    private final int tolerance;
    private final @Nullable Supplier<Message> message;
    private final @Nullable Predicate<Message> answer;

    private Heartbeat(
            Duration interval,
            Duration timeout,
            int tolerance,
            @Nullable Supplier<Message> message,
            @Nullable Predicate<Message> answer) {
        this.interval = interval;
        this.timeout = timeout;
        this.tolerance = tolerance;
        this.message = message;
        this.answer = answer;
    }

    /**
     * Sends pings of the protocol, which every peer must answer.
     *
     * @param interval the time from one to the next; 10 ms or more
     * @return a heartbeat with a timeout of 10 s, or the interval where that is shorter, that tolerates no missing answer
     * @throws IllegalArgumentException when the interval is too short
     */
    public static Heartbeat ping(Duration interval) {
        return of(interval, null);
    }

    /**
     * Sends messages, for peers that want to see the application alive.
     *
     * @param interval the time from one to the next; 10 ms or more
     * @param message makes the message; called on a thread of the manager, must not wait
     * @return a heartbeat as that of {@link #ping}
     * @throws IllegalArgumentException when the interval is too short
     */
    public static Heartbeat message(Duration interval, Supplier<Message> message) {
        return of(interval, Objects.requireNonNull(message, "message"));
    }

    private static Heartbeat of(Duration interval, @Nullable Supplier<Message> message) {
        Bounds.atLeast("interval", interval, MIN_INTERVAL);
        Duration timeout = interval.compareTo(DEFAULT_TIMEOUT) < 0 ? interval : DEFAULT_TIMEOUT;
        return new Heartbeat(interval, timeout, 0, message, null);
    }

    /**
     * Sets how long the peer may take to answer.
     *
     * @param value 1 ms up to the interval
     * @return a copy
     * @throws IllegalArgumentException when it is out of bounds
     */
    public Heartbeat timeout(Duration value) {
        Bounds.atLeast("timeout", value, Duration.ofMillis(1));
        if (value.compareTo(interval) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be at most the interval (" + Nanos.text(interval) + "), but is " + Nanos.text(value));
        }
        return new Heartbeat(interval, value, tolerance, message, answer);
    }

    /**
     * Sets how many heartbeats in a row may stay without an answer.
     *
     * @param value 0 or more
     * @return a copy
     * @throws IllegalArgumentException when it is negative
     */
    public Heartbeat tolerance(int value) {
        Bounds.atLeast("tolerance", value, 0);
        return new Heartbeat(interval, timeout, value, message, answer);
    }

    /**
     * Tells the peer's answers, which are then seen by nobody else, from its other messages.
     *
     * @param matcher called for each message that arrives, on the reading thread; must not wait
     * @return a copy
     * @throws IllegalStateException when this heartbeat sends pings of the protocol
     */
    public Heartbeat answeredBy(Predicate<Message> matcher) {
        if (message == null) {
            throw new IllegalStateException("answeredBy is for heartbeats that send messages");
        }
        return new Heartbeat(interval, timeout, tolerance, message, Objects.requireNonNull(matcher, "matcher"));
    }

    Duration interval() {
        return interval;
    }

    Duration timeout() {
        return timeout;
    }

    int tolerance() {
        return tolerance;
    }

    @Nullable
    Supplier<Message> message() {
        return message;
    }

    @Nullable
    Predicate<Message> answer() {
        return answer;
    }
}
