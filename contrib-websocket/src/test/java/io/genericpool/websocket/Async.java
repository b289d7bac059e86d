package io.genericpool.websocket;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Runs what blocks on threads of its own: on JDK 25 the common pool has one thread where there are two processors. */
final class Async {
    private static final Executor THREADS = task -> {
        var thread = new Thread(task, "test-async");
        thread.setDaemon(true);
        thread.start();
    };

    private Async() {}

    static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, THREADS);
    }

    static <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, THREADS);
    }
}
