package io.genericpool.examples.load;

import io.genericpool.ConnectionCreateException;
import io.genericpool.websocket.WebSocketClosedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Tries again, a bounded number of times, when the connection was lost or could not be made. Everything else (a timeout, a
 * wrong reply, a bug) is not tried again. Only for work that may be done twice.
 */
final class Retry {
    static final int MOST = 5;

    private Retry() {}

    static <T> CompletableFuture<T> onConnectionErrors(Supplier<CompletableFuture<T>> attempt, Runnable onRetry) {
        return attempt(attempt, onRetry, MOST);
    }

    private static <T> CompletableFuture<T> attempt(
            Supplier<CompletableFuture<T>> attempt, Runnable onRetry, int retriesLeft) {
        return attempt.get().exceptionallyCompose(failure -> {
            if (retriesLeft == 0 || !isConnectionError(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            onRetry.run();
            return attempt(attempt, onRetry, retriesLeft - 1);
        });
    }

    private static boolean isConnectionError(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof WebSocketClosedException || cause instanceof ConnectionCreateException;
    }
}
