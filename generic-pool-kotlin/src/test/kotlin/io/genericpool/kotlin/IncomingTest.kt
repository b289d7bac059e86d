package io.genericpool.kotlin

import io.genericpool.websocket.Message
import io.genericpool.websocket.WebSocketClosedException
import io.genericpool.websocket.WebSocketConnection
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import mockwebserver3.MockResponse
import mockwebserver3.MockWebServer
import okhttp3.Response
import okhttp3.WebSocket
import okhttp3.WebSocketListener
import io.genericpool.websocket.WebSocketPool
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows

/** The messages of a real server as a flow. */
@Timeout(60)
class IncomingTest {
    private val server = MockWebServer()
    private val opened = CompletableFuture<WebSocket>()
    private lateinit var pool: WebSocketPool

    @BeforeEach
    fun start() {
        server.start()
        server.enqueue(
            MockResponse.Builder()
                .webSocketUpgrade(
                    object : WebSocketListener() {
                        override fun onOpen(webSocket: WebSocket, response: Response) {
                            opened.complete(webSocket)
                        }

                        override fun onClosing(webSocket: WebSocket, code: Int, reason: String) {
                            webSocket.close(code, reason)
                        }
                    },
                )
                .build(),
        )
        pool = WebSocketPool.builder().baseUri("ws://${server.hostName}:${server.port}").build()
    }

    @AfterEach
    fun stop() {
        pool.close()
        server.close()
    }

    private fun onConnection(test: suspend (WebSocketConnection, WebSocket) -> Unit) = runBlocking {
        pool.connection("/prices").use { lease -> test(lease.connection(), opened.get()) }
    }

    @Test
    fun `messages come in order until the peer ends in order`() = onConnection { connection, peer ->
        repeat(100) { peer.send("message $it") }
        peer.close(1000, "done")
        assertThat(connection.incoming().map(Message::text).toList()).isEqualTo(List(100) { "message $it" })
    }

    @Test
    fun `another end is the error that a receive has`() = onConnection { connection, peer ->
        peer.send("one")
        peer.close(1011, "broken")
        val seen = mutableListOf<String>()
        val closed = assertThrows<WebSocketClosedException> { connection.incoming().collect { seen.add(it.text()) } }
        assertThat(closed.code()).isEqualTo(1011)
        assertThat(seen).containsExactly("one")
    }

    @Test
    fun `a collector that has enough leaves the rest, and one that is cancelled withdraws`() = onConnection { connection, peer ->
        repeat(3) { peer.send("message $it") }
        assertThat(connection.incoming().take(2).map(Message::text).toList()).containsExactly("message 0", "message 1")
        assertThat(connection.incoming().take(1).map(Message::text).toList()).containsExactly("message 2")
        runBlocking {
            val waiting = launch { connection.incoming().collect {} }
            yield()
            waiting.cancelAndJoin()
        }
        peer.send("later")
        assertThat(connection.incoming().take(1).map(Message::text).toList()).containsExactly("later")
    }
}
