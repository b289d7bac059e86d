package io.genericpool.websocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For tests of a pool whose sockets lead to a server of each test's own. */
abstract class WithServer {
    EchoServer server;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    final WebSocketPoolBuilder builder() {
        return WebSocketPool.builder().baseUri(server.endpoint("/").uri().toString());
    }
}
