package io.genericpool.websocket;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what happens in a {@link WebSocketSession}. All calls but {@link #onLost} come from the session's one thread, one
 * after the other; a listener that takes its time slows the peer down. Whatever one throws is logged, told to
 * {@link #onCallbackFailed}, and goes no further; an interrupt flag that it leaves on the session's thread is cleared. It may
 * call the session, and close it.
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
     * @param state the new one
     */
    default void onState(SessionState state) {}

    /**
     * The session has a connection, its subscriptions are sent.
     *
     * @param connection for information; to send, use the session
     * @param reconnects how many connections there were before
     */
    default void onConnected(WebSocketConnection connection, long reconnects) {}

    /**
     * The connection was lost, or could not be had. The session goes on by itself.
     *
     * @param cause why; null when the connection was replaced as planned
     */
    default void onDisconnected(@Nullable Throwable cause) {}

    /**
     * The session pauses before it asks for a connection again; follows {@link #onDisconnected} and the state
     * {@link SessionState#BACKING_OFF}.
     *
     * @param failures how many connections in a row were lost before they were stable, or could not be had; 1 or more
     * @param pause how long the pause is
     */
    default void onBackingOff(int failures, Duration pause) {}

    /**
     * Messages of the user were lost: dropped from the full buffer, or not sent when the session was closed. What was
     * handed to a connection that failed may be lost too, and is not known. Called by whoever sends or closes, before that
     * call returns, so possibly during other calls.
     *
     * @param messages the messages, oldest first
     */
    default void onLost(List<Message> messages) {}

    /**
     * Messages of the peer are missing: the first sequence number after a reconnect or a replacement is not the next one.
     * Where they were asked for, they may still arrive: see {@link #onGapFilled}. When the second number is not above the
     * first, the peer has begun to count anew.
     *
     * @param lastSeen the last number before the gap
     * @param next the first one after it
     */
    default void onGap(long lastSeen, long next) {}

    /**
     * As {@link #onGap(long, long)}, where the numbers have keys; calls that one unless overridden.
     *
     * @param key the key of the row of numbers, null when there is only one row
     * @param lastSeen the last number before the gap
     * @param next the first one after it
     */
    default void onGap(@Nullable Object key, long lastSeen, long next) {
        onGap(lastSeen, next);
    }

    /**
     * All messages of a gap that was told have arrived after all, as they were sent again.
     *
     * @param key the key of the row of numbers, null when there is only one row
     * @param first the first number of the gap
     * @param last its last number
     */
    default void onGapFilled(@Nullable Object key, long first, long last) {}

    /**
     * Code of the application has thrown: another method of this listener, or a function given to the builder. The session
     * goes on; a function that has failed is taken to have said nothing, so a message whose number it should have told has
     * none.
     *
     * @param callback which one, such as {@code onMessage of the listener}
     * @param failure what it threw
     */
    default void onCallbackFailed(String callback, Throwable failure) {}
}
