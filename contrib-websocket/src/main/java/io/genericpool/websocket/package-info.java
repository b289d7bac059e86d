/**
 * WebSocket connections for the pool, over OkHttp. {@link io.genericpool.websocket.WebSocketConnectionManager} opens
 * them. The leases of a pool hold a {@link io.genericpool.websocket.WebSocketConnection}.
 */
@NullMarked
package io.genericpool.websocket;

import org.jspecify.annotations.NullMarked;
