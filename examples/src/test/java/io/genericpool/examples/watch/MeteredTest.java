package io.genericpool.examples.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.examples.basics.MyOwnManager;
import io.genericpool.websocket.WebSocketPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MeteredTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void thePoolsStatisticsAreInTheRegistry() throws Exception {
        try (var server = new ServerSocket(0);
                var pool = Metered.newPool(new MyOwnManager(), registry)) {
            pool.connection(new InetSocketAddress("localhost", server.getLocalPort()))
                    .close();
            // The listener is told after the caller.
            await().until(() -> registry.get("genericpool.connect")
                            .tags("pool", "orders", "outcome", "opened")
                            .timer()
                            .count()
                    == 1);
            assertThat(registry.get("genericpool.connections.limit").gauge().value())
                    .isEqualTo(100);
        }
    }

    @Test
    void aWebSocketPoolHasTheMetersOfBoth() {
        try (var pool = WebSocketPool.builder()
                .name("prices")
                .baseUri("ws://localhost:1")
                .build()) {
            Metered.bind(pool, registry);
            assertThat(registry.get("genericpool.connections").gauges()).hasSize(6);
            assertThat(registry.get("genericpool.websocket.messages").functionCounters())
                    .hasSize(2);
        }
    }
}
