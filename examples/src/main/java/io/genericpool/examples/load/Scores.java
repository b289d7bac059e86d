package io.genericpool.examples.load;

import io.genericpool.websocket.WebSocketEndpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scores by endpoint. */
public final class Scores {
    private final Map<WebSocketEndpoint, Score> byEndpoint = new LinkedHashMap<>();

    public Scores(List<WebSocketEndpoint> endpoints) {
        for (var endpoint : endpoints) {
            byEndpoint.put(endpoint, new Score());
        }
    }

    List<WebSocketEndpoint> endpoints() {
        return List.copyOf(byEndpoint.keySet());
    }

    Score of(WebSocketEndpoint endpoint) {
        Score score = byEndpoint.get(endpoint);
        if (score == null) {
            throw new IllegalArgumentException(
                    "endpoint must be one of " + byEndpoint.keySet() + ", but is " + endpoint);
        }
        return score;
    }

    public Score total() {
        var total = new Score();
        byEndpoint.values().forEach(total::add);
        return total;
    }
}
