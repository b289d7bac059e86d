package io.genericpool.websocket;

import java.util.Objects;

/**
 * A {@link WebSocketSession} that sends and receives values by way of a codec. As good as the session it was made of, which
 * may be used beside it: closing the one closes the other.
 *
 * @param <T> the type of values
 */
public final class TypedWebSocketSession<T> implements AutoCloseable {
    private final WebSocketSession session;
    private final Codec<T> codec;

    TypedWebSocketSession(WebSocketSession session, Codec<T> codec) {
        this.session = session;
        this.codec = Objects.requireNonNull(codec, "codec");
    }

    /**
     * The session itself, for raw messages.
     *
     * @return the session
     */
    public WebSocketSession raw() {
        return session;
    }

    /**
     * Sends a value, or keeps it until there is a connection; see {@link WebSocketSession#send}.
     *
     * @param value the value
     */
    public void send(T value) {
        session.send(codec.encode(value));
    }

    /**
     * Sends a value now, if there is a connection, and first thing on every later one; see
     * {@link WebSocketSession#subscribe}.
     *
     * @param name by which it is replaced or taken back
     * @param value what subscribes
     */
    public void subscribe(String name, T value) {
        session.subscribe(name, codec.encode(value));
    }

    /**
     * Sends a value now, if there is a connection, and forgets a subscription; see {@link WebSocketSession#unsubscribe}.
     *
     * @param name its name
     * @param value what unsubscribes
     */
    public void unsubscribe(String name, T value) {
        session.unsubscribe(name, codec.encode(value));
    }

    /**
     * What the session is doing.
     *
     * @return the state
     */
    public SessionState state() {
        return session.state();
    }

    /**
     * How many connections the session has had beyond the first.
     *
     * @return the counter
     */
    public long reconnects() {
        return session.reconnects();
    }

    /** Ends the session; see {@link WebSocketSession#close}. */
    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return session.toString();
    }
}
