package io.genericpool.websocket;

import io.genericpool.PoolConfig;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** Configures a {@link WebSocketSession}. Not thread-safe. */
public final class WebSocketSessionBuilder {
    final WebSocketPool pool;
    final WebSocketEndpoint endpoint;
    final SessionListener listener;
    final WebSocketConnectionManager manager;

    Retry backoff = Retry.attempts(1).backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    Duration stableAfter = Duration.ofSeconds(60);
    Duration rotateAfter = PoolConfig.NO_LIMIT;
    int bufferSize = 1000;
    OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;
    ToLongFunction<Message> sequence = message -> -1;
    LongFunction<List<Message>> replay = lastSeen -> List.of();

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
     * Sets how long a connection must have held for the pauses to begin anew.
     *
     * @param value zero or more; 60 s unless set
     * @return this
     * @throws IllegalArgumentException when it is negative
     */
    public WebSocketSessionBuilder stableAfter(Duration value) {
        stableAfter = Bounds.atLeast("stableAfter", value, Duration.ZERO);
        return this;
    }

    /**
     * Replaces the connection after some time: the next one is opened and subscribed before the old one is given up.
     *
     * @param value more than zero; less than what the server allows. Never unless set
     * @return this
     */
    public WebSocketSessionBuilder rotateAfter(Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("rotateAfter must be more than zero, but is " + Nanos.text(value));
        }
        rotateAfter = value;
        return this;
    }

    /**
     * Sets what is kept of messages that are sent while there is no connection.
     *
     * @param messages how many; 0 or more; 1,000 unless set
     * @param policy what happens to more: {@link OverflowPolicy#BLOCK} makes the sender wait, {@link OverflowPolicy#FAIL}
     *     throws {@link IllegalStateException} at him; {@link OverflowPolicy#DROP_OLDEST} unless set
     * @return this
     * @throws IllegalArgumentException when the number is negative
     */
    public WebSocketSessionBuilder buffer(int messages, OverflowPolicy policy) {
        bufferSize = (int) Bounds.atLeast("buffer", messages, 0);
        overflow = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Makes the session ask for what it has missed: messages of the peer carry a growing number.
     *
     * @param extractor the number of a message, negative for one without
     * @param request what to send after a reconnect, given the last number seen, so that the peer sends again what came
     *     after it. Messages with a number that was seen already are dropped
     * @return this
     */
    public WebSocketSessionBuilder replay(ToLongFunction<Message> extractor, LongFunction<List<Message>> request) {
        sequence = Objects.requireNonNull(extractor, "extractor");
        replay = Objects.requireNonNull(request, "request");
        return this;
    }

    /**
     * Starts the session.
     *
     * @return the session, to be closed before its pool
     */
    public WebSocketSession start() {
        var session = new WebSocketSession(this);
        session.start();
        return session;
    }
}
