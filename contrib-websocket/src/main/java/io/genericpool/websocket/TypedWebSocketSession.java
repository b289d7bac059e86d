package io.genericpool.websocket;

import java.util.Objects;
import java.util.Optional;

/**
 * A {@link WebSocketSession} that sends and receives values by a codec. It has the guarantees of the underlying
 * session, which may be used at the same time. Closing one closes the other.
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
     * Returns the underlying session, for raw messages.
     *
     * @return the session
     */
    public WebSocketSession raw() {
        return session;
    }

    /**
     * Sends a value, or keeps it until there is a connection, as {@link WebSocketSession#send} does.
     *
     * @param value the value
     */
    public void send(T value) {
        session.send(codec.encode(value));
    }

    /**
     * Sends a value now, if there is a connection, and first on every later connection, as
     * {@link WebSocketSession#subscribe} does.
     *
     * @param name the name, used to replace or remove the subscription
     * @param value the value that subscribes
     */
    public void subscribe(String name, T value) {
        session.subscribe(name, codec.encode(value));
    }

    /**
     * Removes a subscription, and sends a value now if there is a connection, as {@link WebSocketSession#unsubscribe}
     * does.
     *
     * @param name the name of the subscription
     * @param value the value that unsubscribes
     */
    public void unsubscribe(String name, T value) {
        session.unsubscribe(name, codec.encode(value));
    }

    /**
     * Returns the state of the session.
     *
     * @return the state
     */
    public SessionState state() {
        return session.state();
    }

    /**
     * The number of connections the session has had after the first.
     *
     * @return the counter
     */
    public long reconnects() {
        return session.reconnects();
    }

    /**
     * Returns the endpoint of the present connection, as {@link WebSocketSession#endpoint} does.
     *
     * @return the endpoint, or empty while there is no connection
     */
    public Optional<WebSocketEndpoint> endpoint() {
        return session.endpoint();
    }

    /**
     * The number of reconnects that led to another member of the group than before.
     *
     * @return the counter
     */
    public long moves() {
        return session.moves();
    }

    /** Ends the session as {@link WebSocketSession#close} does. */
    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return session.toString();
    }
}
