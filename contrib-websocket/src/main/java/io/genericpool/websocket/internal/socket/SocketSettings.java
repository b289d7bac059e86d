package io.genericpool.websocket.internal.socket;

import io.genericpool.spi.PoolClock;
import io.genericpool.websocket.ConnectionHook;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.internal.handshake.HandshakeSettings;
import io.genericpool.websocket.internal.queue.QueueSettings;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How connections are opened, kept and closed.
 *
 * @param handshake what is asked of the server
 * @param queues how much is queued
 * @param hooks code of the application
 * @param heartbeat how a silent peer is found, or null
 * @param drain how long a connection must be quiet after a lease, or null
 * @param retry how often a connect is tried again, or null
 * @param rate how many connects may begin, or null
 * @param sendTimeout how long a send waits for room unless told otherwise
 * @param closeTimeout how long a close handshake may take
 * @param clock times all of that
 */
public record SocketSettings(
        HandshakeSettings handshake,
        QueueSettings queues,
        Hooks hooks,
        @Nullable HeartbeatRules heartbeat,
        @Nullable DrainRules drain,
        @Nullable RetryRules retry,
        @Nullable RateRules rate,
        Duration sendTimeout,
        Duration closeTimeout,
        PoolClock clock) {
    /**
     * Code of the application.
     *
     * @param opened prepares a new connection, or null
     * @param reset prepares one for its next lease, or null
     * @param retireOn tells a message by which the peer gives notice
     */
    public record Hooks(
            @Nullable ConnectionHook opened, @Nullable ConnectionHook reset, Predicate<Message> retireOn) {}

    /**
     * How a silent peer is found.
     *
     * @param interval from one heartbeat to the next
     * @param timeout how long an answer may take
     * @param tolerance how many in a row may be without an answer
     * @param message what is sent, or null for a ping
     * @param answer tells the answer to such a message, or null when any sign of life will do
     */
    public record HeartbeatRules(
            Duration interval,
            Duration timeout,
            int tolerance,
            @Nullable Supplier<Message> message,
            @Nullable Predicate<Message> answer) {}

    /**
     * When a connection is quiet enough for its next lease.
     *
     * @param quietPeriod how long nothing may arrive
     * @param limit how long to wait for that
     * @param harmless tells messages that may be dropped meanwhile
     */
    public record DrainRules(Duration quietPeriod, Duration limit, Predicate<Message> harmless) {}

    /**
     * How often a connect is tried again.
     *
     * @param maxAttempts how often it is tried in all
     * @param worthwhile tells failures after which it is
     * @param pauses how long to wait before
     */
    public record RetryRules(int maxAttempts, Predicate<Throwable> worthwhile, Pauses pauses) {
        /** The pause after a failed attempt, the first of which is number 1. */
        @FunctionalInterface
        public interface Pauses {
            long nanos(int attempt, @Nullable Throwable failure);
        }
    }

    /**
     * How many connects may begin.
     *
     * @param connects how many per period
     * @param period the period
     * @param scopes tells what an endpoint shares its rate with
     */
    public record RateRules(long connects, Duration period, Function<WebSocketEndpoint, Object> scopes) {}
}
