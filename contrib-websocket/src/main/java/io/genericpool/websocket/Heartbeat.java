package io.genericpool.websocket;

import io.genericpool.support.Nanos;
import io.genericpool.websocket.internal.knobs.Bounds;
import io.genericpool.websocket.internal.socket.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Detects a peer that vanished without a trace. The manager sends a heartbeat at intervals, in any state of the
 * connection. A connection whose peer does not answer in time is dead. The manager detects this at the latest
 * {@code interval * (1 + tolerance) + timeout} after the peer vanished. Immutable. Every method except the first two
 * returns a copy.
 *
 * <p>Anything that the peer sends after a heartbeat counts as a sign of life. Silence does not count while the manager
 * reads nothing because the queue of received messages is full.
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
     * Sends protocol pings, which every peer must answer.
     *
     * @param interval the time between heartbeats; 10 ms or more
     * @return a heartbeat with a timeout of 10 s, or the interval if that is shorter; it tolerates no missing answer
     * @throws IllegalArgumentException when the interval is too short
     */
    public static Heartbeat ping(Duration interval) {
        return of(interval, null);
    }

    /**
     * Sends messages, for peers that expect signs of life from the application.
     *
     * @param interval the time between heartbeats; 10 ms or more
     * @param message creates the message; called on a thread of the manager, must not wait
     * @return a heartbeat with the timeout and tolerance of {@link #ping}
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
     * Sets the maximum time until the peer answers.
     *
     * @param value 1 ms up to the interval
     * @return a copy
     * @throws IllegalArgumentException when the time is out of bounds
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
     * Sets how many heartbeats in a row may remain unanswered.
     *
     * @param value 0 or more
     * @return a copy
     * @throws IllegalArgumentException when the number is negative
     */
    public Heartbeat tolerance(int value) {
        Bounds.atLeast("tolerance", value, 0);
        return new Heartbeat(interval, timeout, value, message, answer);
    }

    /**
     * Sets which messages of the peer are answers to heartbeats. No other code receives these messages.
     *
     * @param matcher called per arriving message, on the reading thread; must not wait
     * @return a copy
     * @throws IllegalStateException when this heartbeat sends protocol pings
     */
    public Heartbeat answeredBy(Predicate<Message> matcher) {
        if (message == null) {
            throw new IllegalStateException("answeredBy is for heartbeats that send messages");
        }
        return new Heartbeat(interval, timeout, tolerance, message, Objects.requireNonNull(matcher, "matcher"));
    }

    SocketSettings.HeartbeatRules rules() {
        return new SocketSettings.HeartbeatRules(interval, timeout, tolerance, message, answer);
    }
}
