package io.genericpool.websocket;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Receives the events of a {@link WebSocketSession}. The session's one thread makes all calls, one after another,
 * except calls of {@link #onLost}. A slow listener slows the peer down. An exception from a listener is logged and
 * reported to {@link #onCallbackFailed}, and has no other effect. An interrupt flag that a listener leaves on the
 * session's thread is cleared. A listener may call the session, and close it.
 */
@FunctionalInterface
public interface SessionListener {
    /**
     * A message has arrived.
     *
     * @param message the message
     */
    void onMessage(Message message);

    /**
     * The state has changed.
     *
     * @param state the new state
     */
    default void onState(SessionState state) {}

    /**
     * The session has a connection and has sent its subscriptions.
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
     * The connection was lost, or could not be acquired. The session continues by itself, except after a
     * {@link io.genericpool.PoolClosedException}: then its pool or its group was closed, and the session ends.
     *
     * @param cause the failure; null when the connection was replaced as planned
     */
    default void onDisconnected(@Nullable Throwable cause) {}

    /**
     * The session pauses before it acquires a connection again. This follows {@link #onDisconnected} and the state
     * {@link SessionState#BACKING_OFF}.
     *
     * @param failures the number of connections in a row that could not be acquired, or were lost before they were
     *     stable; 1 or more
     * @param pause the length of the pause
     */
    default void onBackingOff(int failures, Duration pause) {}

    /**
     * Messages of the user were lost. They were dropped from the full buffer, or were not sent before the session was
     * closed. Messages passed to a connection that failed may be lost, too, without a report. The thread that sends or
     * closes calls this method before its own call returns, possibly during other calls.
     *
     * @param messages the messages, oldest first
     */
    default void onLost(List<Message> messages) {}

    /**
     * Messages of the peer are missing, because the first sequence number after a reconnect or a replacement is not the
     * next one. If the session has requested them, they may still arrive; see {@link #onGapFilled}. When the second
     * number is not above the first, the peer has restarted its numbering.
     *
     * @param lastSeen the last number before the gap
     * @param next the first one after it
     */
    default void onGap(long lastSeen, long next) {}

    /**
     * Messages of the peer are missing, as in {@link #onGap(long, long)}, and their numbers have keys. By default, this
     * calls the method without a key.
     *
     * @param key the key of the sequence, null when there is only one sequence
     * @param lastSeen the last number before the gap
     * @param next the first number after the gap
     */
    default void onGap(@Nullable Object key, long lastSeen, long next) {
        onGap(lastSeen, next);
    }

    /**
     * All messages of a reported gap have arrived after all, because the peer sent them again.
     *
     * @param key the key of the sequence, null when there is only one sequence
     * @param first the first number of the gap
     * @param last the last number of the gap
     */
    default void onGapFilled(@Nullable Object key, long first, long last) {}

    /**
     * A callback of the application has thrown: another method of this listener, or a function given to the builder.
     * The session continues. The result of a failed function counts as missing, so its message has no number.
     *
     * @param callback the name of the callback, such as {@code onMessage of the listener}
     * @param failure its exception
     */
    default void onCallbackFailed(String callback, Throwable failure) {}
}
