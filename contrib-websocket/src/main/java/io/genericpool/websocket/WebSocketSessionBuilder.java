package io.genericpool.websocket;

import io.genericpool.PoolConfig;
import io.genericpool.support.Nanos;
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
 * Configures a {@link WebSocketSession}. Not thread-safe; may start several sessions. A session keeps the values it was
 * started with: later calls have no effect on it.
 */
public final class WebSocketSessionBuilder {
    private final WebSocketPool pool;
    private final WebSocketEndpoint endpoint;
    private final SessionListener listener;
    private final WebSocketConnectionManager manager;

    private Retry backoff = Retry.attempts(1).backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private Duration stableAfter = Duration.ofSeconds(2);
    private Duration rotateAfter = PoolConfig.NO_LIMIT;
    private @Nullable Duration overlap;
    private int bufferSize = 1000;
    private OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;
    private @Nullable Numbering numbering;
    private @Nullable Predicate<Message> startsAnew;

    WebSocketSessionBuilder(
            WebSocketPool pool,
            WebSocketEndpoint endpoint,
            SessionListener listener,
            WebSocketConnectionManager manager) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.listener = listener;
        this.manager = manager;
    }

    /**
     * Sets the pauses after a connection was lost or could not be had.
     *
     * @param first the first one; 10 ms or more; doubled for each further failure in a row, and randomised by half
     * @param longest the bound of the doubling; more than the first. Unless set, 500 ms and 30 s
     * @return this
     * @throws IllegalArgumentException when one is out of bounds
     */
    public WebSocketSessionBuilder backoff(Duration first, Duration longest) {
        backoff = backoff.backoff(first, longest);
        return this;
    }

    /**
     * Sets how long a connection must have held for the pauses to begin anew. A server that ends every connection after a
     * shorter time is met by pauses up to the longest.
     *
     * @param value zero or more; 2 s unless set
     * @return this
     * @throws IllegalArgumentException when it is negative
     */
    public WebSocketSessionBuilder stableAfter(Duration value) {
        stableAfter = Bounds.atLeast("stableAfter", value, Duration.ZERO);
        return this;
    }

    /**
     * Replaces the connection after some time: the next one is opened and subscribed, and the old one is read on until the
     * next one has delivered; see {@link #overlap}.
     *
     * @param value more than zero; less than what the server allows. Never unless set
     * @return this
     * @throws IllegalArgumentException when it is not positive
     */
    public WebSocketSessionBuilder rotateAfter(Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("rotateAfter must be more than zero, but is " + Nanos.text(value));
        }
        rotateAfter = value;
        return this;
    }

    /**
     * Sets how long both connections are read when one replaces the other, for servers whose subscriptions take effect some
     * time after they were answered. Messages without numbers then come twice.
     *
     * <p>Unless set, the old connection is read until the new one has delivered a message, or 5 s at most. With
     * {@link #replay}, until the new one has delivered a number and the old one has caught up with it, for each key.
     *
     * @param value zero or more
     * @return this
     * @throws IllegalArgumentException when it is negative
     */
    public WebSocketSessionBuilder overlap(Duration value) {
        overlap = Bounds.atLeast("overlap", value, Duration.ZERO);
        return this;
    }

    /**
     * Sets what is kept of messages that are sent while there is no connection.
     *
     * @param messages how many; 0 or more; 1,000 unless set
     * @param policy what happens to more: {@link OverflowPolicy#BLOCK} makes the sender wait, {@link OverflowPolicy#FAIL}
     *     throws {@link IllegalStateException}; {@link OverflowPolicy#DROP_OLDEST} unless set
     * @return this
     * @throws IllegalArgumentException when the number is negative
     */
    public WebSocketSessionBuilder buffer(int messages, OverflowPolicy policy) {
        bufferSize = (int) Bounds.atLeast("buffer", messages, 0);
        overflow = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Makes the session ask for what it has missed: messages of the peer carry a growing number. Messages with a number that
     * was seen already are dropped. A number that is missing is taken whenever it comes, even after higher ones.
     *
     * @param extractor the number of a message, negative for one without; one that throws is taken to have found none, see
     *     {@link SessionListener#onCallbackFailed}
     * @param request what to send after a reconnect or a replacement, given the last number seen, so that the peer sends
     *     again what came after it. Where a gap is open that was asked for only once, the last number before it
     * @return this
     * @see #startsAnewWhen
     */
    public WebSocketSessionBuilder replay(ToLongFunction<Message> extractor, LongFunction<List<Message>> request) {
        numbering = Numbering.single(
                Objects.requireNonNull(extractor, "extractor"), Objects.requireNonNull(request, "request"));
        return this;
    }

    /**
     * As {@link #replay(ToLongFunction, LongFunction)}, for peers that number each topic, instrument or channel by itself.
     *
     * @param key which row of numbers a message belongs to; null for one without a number. Of 10,000 rows, the one that was
     *     used longest ago is forgotten
     * @param extractor the number of a message, negative for one without
     * @param request what to send after a reconnect or a replacement, given the last number seen of each key
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
     * Tells when the peer has begun to count anew, for {@link #replay}. What was seen before is then forgotten, and
     * {@link SessionListener#onGap(Object, long, long)} is called.
     *
     * <p>Unless set, that is decided by the numbers: a row begins anew when the first number after a reconnect is neither
     * one that was asked for, nor a repetition of one of the last 256 messages, or is not above the very first one; and when
     * a much lower number comes on a connection. A peer that sends its whole history with every connection needs a
     * condition here, such as {@code message -> false}.
     *
     * @param condition called for each message with a number that is not above the last one
     * @return this
     */
    public WebSocketSessionBuilder startsAnewWhen(Predicate<Message> condition) {
        startsAnew = Objects.requireNonNull(condition, "startsAnewWhen");
        return this;
    }

    /**
     * Starts the session.
     *
     * @return the session, which ends with its close or that of its pool
     */
    public WebSocketSession start() {
        var session = new WebSocketSession(settings());
        pool.sessions().began(session);
        session.start();
        return session;
    }

    SessionSettings settings() {
        Numbering numbered = numbering;
        Predicate<Message> condition = startsAnew;
        return new SessionSettings(
                pool,
                endpoint,
                listener,
                manager,
                backoff,
                stableAfter,
                rotateAfter,
                overlap,
                bufferSize,
                overflow,
                numbered == null || condition == null ? numbered : numbered.startsAnewWhen(condition));
    }
}
