package io.genericpool.kotlin

import io.genericpool.websocket.Message
import io.genericpool.websocket.WebSocketClosedException
import io.genericpool.websocket.WebSocketConnection
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await

private const val NORMAL_CLOSURE = 1000

/**
 * The messages of a WebSocket as they arrive, for as long as the lease lasts. Needs the module `contrib-websocket`.
 *
 * A collector takes one message at a time: as long as it is at work, messages wait in the connection's own buffer, and the
 * peer is slowed down when that is full. The flow ends when the peer has closed the connection with code 1000. Another end
 * of the connection or of the lease is the error of [WebSocketConnection.receive].
 *
 * A collector that is cancelled while it waits withdraws its receive. A message that arrived at that very moment may be
 * lost to later collectors. Only one collector at a time may wait.
 *
 * @return the flow, which receives nothing before it is collected
 */
public fun WebSocketConnection.incoming(): Flow<Message> = flow {
    while (true) {
        val message =
            try {
                receiveAsync().await()
            } catch (closed: WebSocketClosedException) {
                if (closed.code() == NORMAL_CLOSURE) break else throw closed
            }
        emit(message)
    }
}
