/**
 * WebSocket connections for the pool, over OkHttp: {@link io.genericpool.websocket.WebSocketConnectionManager} makes
 * them, {@link io.genericpool.websocket.WebSocketConnection} is what a lease gives.
 */
@NullMarked
package io.genericpool.websocket;

import org.jspecify.annotations.NullMarked;
