package io.genericpool.websocket;

import io.genericpool.PoolConfig;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.internal.knobs.Bounds;
import io.genericpool.websocket.internal.session.Numbering;
import io.genericpool.websocket.internal.session.PoolSessions;
import io.genericpool.websocket.internal.session.SessionSettings;
import io.genericpool.websocket.internal.session.SessionTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link WebSocketSession}. Not thread-safe. One builder may start several sessions. A session keeps the
 * values it was started with, and later calls have no effect on it.
 */
public final class WebSocketSessionBuilder {
    private final PoolSessions sessions;
    private final SessionTarget target;
    private final SessionListener listener;

    private Retry backoff = Retry.attempts(1).backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private Duration stableAfter = Duration.ofSeconds(2);
    private Duration rotateAfter = PoolConfig.NO_LIMIT;
    private @Nullable Duration overlap;
    private int bufferSize = 1000;
    private OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;
    private @Nullable Numbering numbering;
    private @Nullable Predicate<Message> startsAnew;

    WebSocketSessionBuilder(PoolSessions sessions, SessionTarget target, SessionListener listener) {
        this.sessions = sessions;
        this.target = target;
        this.listener = listener;
    }

    /**
     * Sets the pauses after a connection was lost or could not be acquired.
     *
     * @param first the first pause; 10 ms or more; doubled for each further failure in a row, and randomised by half
     * @param longest the limit of the doubling; more than the first pause. Unless set, 500 ms and 30 s
     * @return this
     * @throws IllegalArgumentException when a value is out of bounds
     */
    public WebSocketSessionBuilder backoff(Duration first, Duration longest) {
        backoff = backoff.backoff(first, longest);
        return this;
    }

    /**
     * Sets how long a connection must have lasted before the pauses start again at the first. If a server ends every
     * connection earlier, the pauses grow up to the longest.
     *
     * @param value zero or more; 2 s unless set
     * @return this
     * @throws IllegalArgumentException when the value is negative
     */
    public WebSocketSessionBuilder stableAfter(Duration value) {
        stableAfter = Bounds.atLeast("stableAfter", value, Duration.ZERO);
        return this;
    }

    /**
     * Replaces the connection after some time. The session opens the next connection and subscribes on it. It still
     * reads the old one until the next one has delivered; see {@link #overlap}.
     *
     * @param value more than zero; less than the server's limit. Never unless set
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public WebSocketSessionBuilder rotateAfter(Duration value) {
        long unused = Nanos.ofPositive("rotateAfter", value);
        rotateAfter = value;
        return this;
    }

    /**
     * Sets how long both connections are read when one replaces the other. Use it for servers whose subscriptions take
     * effect some time after the answer. Messages without numbers then arrive twice.
     *
     * <p>Unless set, the session reads the old connection until the new one has delivered a message, for at most 5 s.
     * With {@link #replay}, it reads the old one until the new one has delivered a number, and the old one has reached
     * it, for each key.
     *
     * @param value zero or more
     * @return this
     * @throws IllegalArgumentException when the value is negative
     */
    public WebSocketSessionBuilder overlap(Duration value) {
        overlap = Bounds.atLeast("overlap", value, Duration.ZERO);
        return this;
    }

    /**
     * Sets the buffer for messages that are sent while there is no connection.
     *
     * @param messages the number of messages; 0 or more; 1,000 unless set
     * @param policy what happens to further messages: {@link OverflowPolicy#BLOCK} makes the sender wait,
     *     {@link OverflowPolicy#FAIL} throws {@link IllegalStateException}; {@link OverflowPolicy#DROP_OLDEST} unless
     *     set
     * @return this
     * @throws IllegalArgumentException when the number is negative
     */
    public WebSocketSessionBuilder buffer(int messages, OverflowPolicy policy) {
        bufferSize = (int) Bounds.atLeast("buffer", messages, 0);
        overflow = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Makes the session request the messages it has missed. Messages of the peer carry a growing number. A message with
     * a number that was already seen is dropped. A missing number is accepted at any time, even after higher ones.
     *
     * @param extractor returns the number of a message, negative for a message without one. When it throws, the message
     *     counts as one without a number; see {@link SessionListener#onCallbackFailed}
     * @param request returns the messages to send after a reconnect or a replacement, given the last number seen. They
     *     ask the peer to send again what came after it. Where an open gap was requested only once, the given number is
     *     the last one before the gap
     * @return this
     * @see #startsAnewWhen
     */
    public WebSocketSessionBuilder replay(ToLongFunction<Message> extractor, LongFunction<List<Message>> request) {
        numbering = Numbering.single(
                Objects.requireNonNull(extractor, "extractor"), Objects.requireNonNull(request, "request"));
        return this;
    }

    /**
     * Does the same as {@link #replay(ToLongFunction, LongFunction)} for peers that number each topic, instrument or
     * channel separately.
     *
     * @param key returns the key of the sequence of a message; null for a message without a number. Of more than 10,000
     *     sequences, the one used longest ago is forgotten
     * @param extractor returns the number of a message, negative for a message without one
     * @param request returns the messages to send after a reconnect or a replacement, given the last number seen of
     *     each key
     * @param <K> the type of keys
     * @return this
     */
    public <K> WebSocketSessionBuilder replay(
            Function<Message, ? extends @Nullable K> key,
            ToLongFunction<Message> extractor,
            Function<Map<K, Long>, List<Message>> request) {
        numbering = Numbering.keyed(
                Objects.requireNonNull(key, "key"),
                Objects.requireNonNull(extractor, "extractor"),
                Objects.requireNonNull(request, "request"));
        return this;
    }

    /**
     * Sets when the peer has restarted its numbering, for {@link #replay}. The session then forgets the numbers seen
     * before and calls {@link SessionListener#onGap(Object, long, long)}.
     *
     * <p>Unless set, the numbers decide. A sequence restarts when a much lower number arrives on a connection. The first
     * number after a reconnect restarts it in two cases. The number is neither a requested one nor a repetition of one
     * of the last 256 messages, or it is not above the very first number.
     *
     * <p>A peer that sends its whole history with every connection needs a condition here, such as
     * {@code message -> false}.
     *
     * @param condition called per message with a number that is not above the last one
     * @return this
     */
    public WebSocketSessionBuilder startsAnewWhen(Predicate<Message> condition) {
        startsAnew = Objects.requireNonNull(condition, "startsAnewWhen");
        return this;
    }

    /**
     * Starts the session.
     *
     * @return the session, which ends when it or its pool is closed
     */
    public WebSocketSession start() {
        return new WebSocketSession(sessions.start(settings()));
    }

    SessionSettings settings() {
        Numbering numbered = numbering;
        Predicate<Message> condition = startsAnew;
        return new SessionSettings(
                target,
                listener,
                backoff::pauseNanos,
                stableAfter,
                rotateAfter,
                overlap,
                bufferSize,
                overflow,
                numbered == null || condition == null ? numbered : numbered.startsAnewWhen(condition));
    }
}
