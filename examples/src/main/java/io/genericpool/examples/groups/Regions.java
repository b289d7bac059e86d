package io.genericpool.examples.groups;

import io.genericpool.group.Routing;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.SessionListener;
import io.genericpool.websocket.WebSocketPool;
import io.genericpool.websocket.WebSocketSession;
import java.time.Duration;

/** A session that follows the best region that is up. */
final class Regions {
    private Regions() {}

    static WebSocketSession follow(WebSocketPool pool, SessionListener listener, String... uris) {
        var regions = pool.group("regions", Routing.inOrder().spillAfter(Duration.ofMillis(300)), uris);
        var session = pool.session(regions, listener)
                .rotateAfter(Duration.ofMinutes(10)) // then back to a better region
                .start();
        session.subscribe("trades", Message.text("{\"subscribe\":\"trades\"}"));
        return session;
    }
}
