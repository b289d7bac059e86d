package io.genericpool.websocket;

import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;

/** For tests of a manager without a pool: each configures its own, and leaves no socket. */
abstract class WithManager {
    final WebSocketConnectionManagerBuilder builder = WebSocketConnectionManager.builder();
    WebSocketConnectionManager manager;

    final WebSocketConnectionManager manager() {
        manager = builder.build();
        return manager;
    }

    @AfterEach
    void leavesNoSocket() {
        if (manager != null) {
            manager.close();
            await().until(() -> manager.openSockets() == 0);
        }
    }
}
