package io.genericpool.examples.basics;

import io.genericpool.core.ConnectionPools;
import io.genericpool.websocket.WebSocketConnectionManager;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;

/** The first example of the README. */
final class FifteenLines {
    private FifteenLines() {}

    public static void main(String[] uris) {
        var timeout = Duration.ofSeconds(5);
        try (var manager = WebSocketConnectionManager.builder().build();
                var pool = ConnectionPools.builder(manager)
                        .maxSize(20)
                        .totalMaxSize(100)
                        .build()) {
            for (String uri : uris) {
                String reply = pool.use(WebSocketEndpoint.of(uri), connection -> {
                    connection.send("hello");
                    return connection.receive(timeout).text();
                });
                System.out.println(reply);
            }
            System.out.println(pool.stats().created() + " connections opened");
        }
    }
}
