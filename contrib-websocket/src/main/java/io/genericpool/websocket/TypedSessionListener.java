package io.genericpool.websocket;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what happens in a {@link TypedWebSocketSession}: as a {@link SessionListener}, but of values.
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
     * A message has arrived that the codec cannot decode. The session goes on with the next one.
     *
     * @param message the message
     * @param failure what the codec threw
     */
    default void onUndecodable(Message message, Throwable failure) {}

    /**
     * The state has changed.
     *
     * @param state the new one
     */
    default void onState(SessionState state) {}

    /**
     * The session has a connection; see {@link SessionListener#onConnected}.
     *
     * @param connection for information; to send, use the session
     * @param reconnects how many connections there were before
     */
    default void onConnected(WebSocketConnection connection, long reconnects) {}

    /**
     * The connection was lost, or could not be had; see {@link SessionListener#onDisconnected}.
     *
     * @param cause why; null when the connection was replaced as planned
     */
    default void onDisconnected(@Nullable Throwable cause) {}

    /**
     * The session pauses before it asks for a connection again; see {@link SessionListener#onBackingOff}.
     *
     * @param failures how many connections in a row were lost before they were stable, or could not be had; 1 or more
     * @param pause how long the pause is
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
     * @param key the key of the row of numbers, null when there is only one row
     * @param lastSeen the last number before the gap
     * @param next the first one after it
     */
    default void onGap(@Nullable Object key, long lastSeen, long next) {}

    /**
     * All messages of a gap have arrived after all; see {@link SessionListener#onGapFilled}.
     *
     * @param key the key of the row of numbers, null when there is only one row
     * @param first the first number of the gap
     * @param last its last number
     */
    default void onGapFilled(@Nullable Object key, long first, long last) {}

    /**
     * Code of the application has thrown; see {@link SessionListener#onCallbackFailed}.
     *
     * @param callback which one
     * @param failure what it threw
     */
    default void onCallbackFailed(String callback, Throwable failure) {}
}
