package io.genericpool.websocket.internal.typed;

import io.genericpool.websocket.Codec;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.SessionListener;
import io.genericpool.websocket.SessionState;
import io.genericpool.websocket.TypedSessionListener;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands values to the listener of a typed session, and everything else as it is. */
public final class DecodingSessionListener<T> implements SessionListener {
    private final TypedSessionListener<? super T> listener;
    private final Codec<T> codec;

    public DecodingSessionListener(TypedSessionListener<? super T> listener, Codec<T> codec) {
        this.listener = listener;
        this.codec = codec;
    }

    @Override
    public void onMessage(Message message) {
        T value;
        try {
            value = codec.decode(message);
        } catch (Throwable t) {
            listener.onUndecodable(message, t);
            return;
        }
        listener.onValue(value);
    }

    @Override
    public void onState(SessionState state) {
        listener.onState(state);
    }

    @Override
    public void onConnected(WebSocketConnection connection, long reconnects) {
        listener.onConnected(connection, reconnects);
    }

    @Override
    public void onMoved(WebSocketEndpoint from, WebSocketEndpoint to) {
        listener.onMoved(from, to);
    }

    @Override
    public void onDisconnected(@Nullable Throwable cause) {
        listener.onDisconnected(cause);
    }

    @Override
    public void onBackingOff(int failures, Duration pause) {
        listener.onBackingOff(failures, pause);
    }

    @Override
    public void onLost(List<Message> messages) {
        listener.onLost(messages);
    }

    @Override
    public void onGap(long lastSeen, long next) {
        listener.onGap(null, lastSeen, next);
    }

    @Override
    public void onGap(@Nullable Object key, long lastSeen, long next) {
        listener.onGap(key, lastSeen, next);
    }

    @Override
    public void onGapFilled(@Nullable Object key, long first, long last) {
        listener.onGapFilled(key, first, last);
    }

    @Override
    public void onCallbackFailed(String callback, Throwable failure) {
        listener.onCallbackFailed(callback, failure);
    }
}
