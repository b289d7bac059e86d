package io.genericpool.websocket.internal.typed;

import io.genericpool.Lease;
import io.genericpool.websocket.Codec;
import io.genericpool.websocket.TypedConnection;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import org.jspecify.annotations.Nullable;

/** A lease of a connection for values: the lease of the connection for messages, seen through a codec. */
public final class TypedLease<T> implements Lease<WebSocketEndpoint, TypedConnection<T>> {
    private final Lease<WebSocketEndpoint, WebSocketConnection> lease;
    private final Codec<T> codec;

    public TypedLease(Lease<WebSocketEndpoint, WebSocketConnection> lease, Codec<T> codec) {
        this.lease = lease;
        this.codec = codec;
    }

    @Override
    public TypedConnection<T> connection() {
        return lease.connection().typed(codec);
    }

    @Override
    public WebSocketEndpoint endpoint() {
        return lease.endpoint();
    }

    @Override
    public void release() {
        lease.release();
    }

    @Override
    public void invalidate(@Nullable Throwable cause) {
        lease.invalidate(cause);
    }

    @Override
    public String toString() {
        return lease.toString();
    }
}
