package io.genericpool.reactor;

import io.genericpool.reactor.ReactorPool.Start;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SignalType;

/** A use of a connection for any number of results. The pool knows the work as a stage, which the chain of operators ends. */
final class StreamUse<C> {
    private final CompletableFuture<C> connection = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> work = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<@Nullable Void> use;

    /** Asks for the connection. */
    CompletableFuture<C> start(Start<C> start) {
        CompletableFuture<@Nullable Void> started = start.use(granted -> {
            connection.complete(granted);
            return work;
        });
        use = started;
        CompletableFuture<?> unused = started.whenComplete((nothing, failure) -> {
            if (failure != null) {
                connection.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        return connection;
    }

    void succeeded() {
        work.complete(null);
    }

    void failed(Throwable failure) {
        work.completeExceptionally(failure);
    }

    /** A cancellation has reached the work already: its connection is not given to others before. */
    void ended(SignalType signal) {
        CompletableFuture<?> started = use;
        if (signal == SignalType.CANCEL && started != null) {
            work.completeExceptionally(new CancellationException("the subscription was cancelled"));
            started.cancel(false);
        }
    }
}
