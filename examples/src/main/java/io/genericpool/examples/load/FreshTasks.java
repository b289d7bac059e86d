package io.genericpool.examples.load;

import io.genericpool.DisposeReason;
import io.genericpool.websocket.WebSocketConnectionManager;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The same tasks without a pool: each opens a connection of its own and closes it. */
public final class FreshTasks {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final WebSocketConnectionManager manager;
    private final Workload workload;
    private final Scores scores;
    private final List<WebSocketEndpoint> endpoints;

    public FreshTasks(WebSocketConnectionManager manager, Workload workload, Scores scores) {
        this.manager = manager;
        this.workload = workload;
        this.scores = scores;
        this.endpoints = scores.endpoints();
    }

    public CompletableFuture<?> start(int number) {
        var endpoint = endpoints.get(number % endpoints.size());
        var score = scores.of(endpoint);
        score.expect(Conversation.MESSAGES);
        return workload.blocking(() -> converse(endpoint, score)).thenRun(() -> score.gotRight(Conversation.MESSAGES));
    }

    private void converse(WebSocketEndpoint endpoint, Score score) {
        try {
            long asked = System.nanoTime();
            var connection = manager.create(endpoint, TIMEOUT);
            score.waits.add(System.nanoTime() - asked);
            try {
                new Conversation(endpoint.path()).hold(connection);
            } finally {
                manager.dispose(endpoint, connection, DisposeReason.IDLE_TIMEOUT, TIMEOUT);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a fresh connection to " + endpoint + " failed", e);
        }
    }
}
