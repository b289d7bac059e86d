package io.genericpool.websocket;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Receives the events of a {@link TypedWebSocketSession}. It is a {@link SessionListener} of values.
 *
 * @param <T> the type of values
 */
@FunctionalInterface
public interface TypedSessionListener<T> {
    /**
     * A value has arrived.
     *
     * @param value the value
     */
    void onValue(T value);

    /**
     * A message has arrived that the codec cannot decode. The session continues with the next message.
     *
     * @param message the message
     * @param failure the exception of the codec
     */
    default void onUndecodable(Message message, Throwable failure) {}

    /**
     * The state has changed.
     *
     * @param state the new state
     */
    default void onState(SessionState state) {}

    /**
     * The session has a connection; see {@link SessionListener#onConnected}.
     *
     * @param connection the connection, for information only; use the session to send
     * @param reconnects the number of earlier connections
     */
    default void onConnected(WebSocketConnection connection, long reconnects) {}

    /**
     * The session has moved: its connection leads to another member of its group than the one before. Follows
     * {@link #onConnected}.
     *
     * @param from the member that served the session before
     * @param to the member that serves it now
     */
    default void onMoved(WebSocketEndpoint from, WebSocketEndpoint to) {}

    /**
     * The connection was lost, or could not be acquired; see {@link SessionListener#onDisconnected}.
     *
     * @param cause the failure; null when the connection was replaced as planned
     */
    default void onDisconnected(@Nullable Throwable cause) {}

    /**
     * The session pauses before it acquires a connection again; see {@link SessionListener#onBackingOff}.
     *
     * @param failures the number of connections in a row that could not be acquired, or were lost before they were
     *     stable; 1 or more
     * @param pause the length of the pause
     */
    default void onBackingOff(int failures, Duration pause) {}

    /**
     * Messages of the user were lost; see {@link SessionListener#onLost}.
     *
     * @param messages the messages, oldest first
     */
    default void onLost(List<Message> messages) {}

    /**
     * Messages of the peer are missing; see {@link SessionListener#onGap(Object, long, long)}.
     *
     * @param key the key of the sequence, null when there is only one sequence
     * @param lastSeen the last number before the gap
     * @param next the first number after the gap
     */
    default void onGap(@Nullable Object key, long lastSeen, long next) {}

    /**
     * All messages of a gap have arrived after all; see {@link SessionListener#onGapFilled}.
     *
     * @param key the key of the sequence, null when there is only one sequence
     * @param first the first number of the gap
     * @param last the last number of the gap
     */
    default void onGapFilled(@Nullable Object key, long first, long last) {}

    /**
     * A callback of the application has thrown; see {@link SessionListener#onCallbackFailed}.
     *
     * @param callback the name of the callback
     * @param failure its exception
     */
    default void onCallbackFailed(String callback, Throwable failure) {}
}
