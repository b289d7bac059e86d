package io.genericpool.websocket;

import io.genericpool.websocket.internal.queue.OutboundGate;
import io.genericpool.websocket.internal.session.SessionLoop;
import java.util.Objects;
import java.util.Optional;

/**
 * A subscription that outlives its connections. The session holds a lease. When the connection dies, or is due for
 * replacement, the session acquires another one, sends the subscriptions again and requests missed messages. A lease by
 * itself never does that.
 *
 * <p>The listener receives everything that arrives, on a thread of the session. Messages sent without a connection are
 * kept, within limits. Any thread may call all methods, and many threads may call {@link #send} at once.
 *
 * <p>A session over a group of endpoints, such as regions or providers, asks the group for each connection. When the
 * member that serves it is down, it moves to another one and takes its subscriptions along.
 *
 * <p>The session ends with {@link #close}, or when its pool is closed. When its group is closed, it keeps its
 * connection and ends with it.
 */
public final class WebSocketSession implements AutoCloseable {
    private final SessionLoop loop;

    WebSocketSession(SessionLoop loop) {
        this.loop = loop;
    }

    /**
     * Sends a message, or keeps it until there is a connection. The call may wait for room, as
     * {@link WebSocketConnection#send(Message)} does, or as the policy of the buffer requires.
     *
     * @param message the message
     * @throws IllegalStateException when the session is closed, or when the buffer is full and its policy is to fail.
     *     Also when its policy is to wait but the call comes from the session's listener, because no other thread would
     *     make room
     * @throws MessageTooLargeException when the message can never be sent
     * @throws WebSocketTimeoutException when there was no room in time; the message was neither sent nor kept
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited; the message was neither
     *     sent nor kept
     */
    public void send(Message message) {
        loop.send(checked(message));
    }

    private Message checked(Message message) {
        long unused = OutboundGate.checkedSize(
                Objects.requireNonNull(message, "message").payloadSize(), loop.target());
        return message;
    }

    /**
     * Sends a message now, if there is a connection, and first on every later connection.
     *
     * @param name the name, used to replace or remove the subscription
     * @param message the message that subscribes
     * @throws MessageTooLargeException when the message can never be sent
     */
    public void subscribe(String name, Message message) {
        loop.subscribe(name, checked(message));
    }

    /**
     * Removes a subscription, and sends a message now if there is a connection.
     *
     * @param name the name of the subscription
     * @param message the message that unsubscribes
     * @throws MessageTooLargeException when the message can never be sent
     */
    public void unsubscribe(String name, Message message) {
        loop.unsubscribe(name, checked(message));
    }

    /**
     * Returns the state of the session.
     *
     * @return the state
     */
    public SessionState state() {
        return loop.state();
    }

    /**
     * The number of connections the session has had after the first.
     *
     * @return the counter
     */
    public long reconnects() {
        return loop.reconnects();
    }

    /**
     * Returns the endpoint of the present connection. For a session over a group, it is the member that serves the session.
     *
     * @return the endpoint, or empty while there is no connection
     */
    public Optional<WebSocketEndpoint> endpoint() {
        return Optional.ofNullable(loop.endpoint());
    }

    /**
     * The number of reconnects that led to another member of the group than before.
     *
     * @return the counter; 0 for a session that is not over a group
     */
    public long moves() {
        return loop.moves();
    }

    /**
     * Ends the session and discards its connection, because the peer would continue to send. A connection attempt for
     * which only this session waits is cancelled. The call does not wait for the listener. Idempotent.
     */
    @Override
    public void close() {
        loop.close();
    }

    @Override
    public String toString() {
        return loop.toString();
    }
}
