package io.genericpool.examples.load;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Tasks that take their connections from a pool, in the three ways there are. */
public final class PooledTasks {
    private final ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool;
    private final Workload workload;
    private final Scores scores;
    private final List<WebSocketEndpoint> endpoints;

    public PooledTasks(ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, Workload workload, Scores scores) {
        this.pool = pool;
        this.workload = workload;
        this.scores = scores;
        this.endpoints = scores.endpoints();
    }

    /** Starts a task: one conversation, held again from its beginning when its connection is lost. */
    public CompletableFuture<?> start(int number) {
        var endpoint = endpoints.get(number % endpoints.size());
        var score = scores.of(endpoint);
        score.expect(Conversation.MESSAGES);
        Supplier<CompletableFuture<Void>> attempt =
                switch (number / endpoints.size() % 3) {
                    case 0 -> () -> blocking(endpoint, score);
                    case 1 -> () -> async(endpoint, score);
                    default -> () -> asyncLease(endpoint, score);
                };
        return Retry.onConnectionErrors(attempt, score::retried).thenRun(() -> score.gotRight(Conversation.MESSAGES));
    }

    /** On a thread that waits. */
    private CompletableFuture<Void> blocking(WebSocketEndpoint endpoint, Score score) {
        return workload.blocking(() -> {
            long asked = System.nanoTime();
            pool.use(endpoint, connection -> {
                score.waits.add(System.nanoTime() - asked);
                return new Conversation(endpoint.path()).hold(connection);
            });
        });
    }

    /** Without a thread that waits: the way to prefer, since the pool ends the lease. */
    private CompletableFuture<Void> async(WebSocketEndpoint endpoint, Score score) {
        long asked = System.nanoTime();
        return pool.useAsync(endpoint, connection -> {
            score.waits.add(System.nanoTime() - asked);
            return new Conversation(endpoint.path()).holdAsync(connection);
        });
    }

    /** The same with a lease in one's own hands. */
    private CompletableFuture<Void> asyncLease(WebSocketEndpoint endpoint, Score score) {
        long asked = System.nanoTime();
        return pool.connectionAsync(endpoint).thenCompose(lease -> {
            score.waits.add(System.nanoTime() - asked);
            return holdAndEnd(lease);
        });
    }

    private static CompletableFuture<Void> holdAndEnd(Lease<WebSocketEndpoint, WebSocketConnection> lease) {
        CompletableFuture<Void> work;
        try {
            work = new Conversation(lease.endpoint().path()).holdAsync(lease.connection());
        } catch (RuntimeException e) {
            work = CompletableFuture.failedFuture(e);
        }
        return work.whenComplete((nothing, failure) -> {
            if (failure == null) {
                lease.release();
            } else {
                lease.invalidate(failure);
            }
        });
    }
}
