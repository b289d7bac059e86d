package io.genericpool.examples.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.core.ConnectionPools;
import io.genericpool.examples.server.EchoServer;
import io.genericpool.websocket.WebSocketConnectionManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the listener against a real server. */
@Timeout(60)
class ObservingTest {
    @Test
    void aListenerHearsOfFailedConnectsAndLeaks() throws Exception {
        var listener = new Observing();
        try (var server = EchoServer.start();
                var manager = WebSocketConnectionManager.builder().build();
                var pool = ConnectionPools.builder(manager)
                        .listener(listener)
                        .leakDetectionThreshold(Duration.ofMillis(50))
                        .build()) {
            var gone = server.endpoint("/gone");
            try (var lease = pool.connection(gone)) {
                assertThat(lease.connection().isOpen()).isTrue();
                await().until(() -> !listener.alerts().isEmpty());
            }
            assertThat(listener.alerts()).allSatisfy(alert -> assertThat(alert).contains("/gone", "thread"));
            server.close();
            assertThatThrownBy(() -> pool.newConnection(gone)).hasMessageContaining("/gone");
            await().untilAsserted( // the listener is told after the caller
                            () -> assertThat(listener.alerts()).anyMatch(alert -> alert.startsWith("no connect to ")));
        }
    }
}
