package io.genericpool.reactor;

import io.genericpool.reactor.ReactorPool.Start;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A use of a connection for one result. The pool knows the work as a stage, and gives the result only when the connection is
 * back. So the pool alone decides where the lease goes, and no operator ever holds one.
 */
final class SingleUse<C, R> {
    private final Function<? super C, ? extends Mono<? extends R>> work;
    private final Context context;
    private final CompletableFuture<@Nullable R> result = new CompletableFuture<>();
    private final Disposable.Swap running = Disposables.swap();
    private volatile @Nullable CompletableFuture<@Nullable R> use;

    SingleUse(Function<? super C, ? extends Mono<? extends R>> work, ContextView context) {
        this.work = work;
        this.context = Context.of(context);
    }

    CompletableFuture<@Nullable R> start(Start<C> start) {
        CompletableFuture<@Nullable R> started = start.use(this::run);
        use = started;
        return started;
    }

    private CompletableFuture<@Nullable R> run(C connection) {
        running.update(work.apply(connection)
                .subscribe(result::complete, result::completeExceptionally, () -> result.complete(null), context));
        return result;
    }

    /** The work hears of it first: its connection is not given to others before. */
    void cancel() {
        running.dispose();
        result.completeExceptionally(new CancellationException("the subscription was cancelled"));
        CompletableFuture<?> started = use;
        if (started != null) {
            started.cancel(false);
        }
    }
}
