package io.genericpool.core.internal;

import io.genericpool.Lease;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asynchronous work with a lease that cannot be lost: it ends when the stage of the work has ended. */
final class AsyncUse<E, C> {
    private final PoolContext<E, C> context;

    AsyncUse(PoolContext<E, C> context) {
        this.context = context;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what these stages do reports its failures by the result
    <R extends @Nullable Object> CompletableFuture<R> start(
            CompletableFuture<Lease<E, C>> acquire, Function<? super C, ? extends CompletionStage<R>> work) {
        var result = new CompletableFuture<R>();
        var stage = new AtomicReference<@Nullable CompletionStage<R>>();
        acquire.whenComplete((lease, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (result.isDone()) {
                lease.release();
            } else {
                run((SlotLease<E, C>) lease, work, result, stage);
            }
        });
        if (!result.isDone()) {
            result.whenComplete((ignored, failure) -> {
                if (result.isCancelled()) {
                    cancel(acquire, stage.get());
                }
            });
        }
        return result;
    }

    private <R extends @Nullable Object> void run(
            SlotLease<E, C> lease,
            Function<? super C, ? extends CompletionStage<R>> work,
            CompletableFuture<R> result,
            AtomicReference<@Nullable CompletionStage<R>> running) {
        CompletionStage<R> stage;
        try {
            stage = Objects.requireNonNull(work.apply(lease.connection()), "the work returned null instead of a stage");
        } catch (Throwable e) {
            end(lease, e);
            result.completeExceptionally(e);
            return;
        }
        running.set(stage);
        try {
            stage.whenComplete((value, failure) -> ended(lease, value, failure, result));
        } catch (Throwable e) {
            end(lease, e); // a stage of the user's own make that does not do what a stage must
            result.completeExceptionally(e);
        }
        if (result.isCancelled()) {
            cancel(null, stage);
        }
    }

    private <R extends @Nullable Object> void ended(
            SlotLease<E, C> lease, R value, @Nullable Throwable failure, CompletableFuture<R> result) {
        if (failure == null) {
            lease.release();
            result.complete(value);
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        end(lease, cause);
        result.completeExceptionally(cause);
    }

    private static void cancel(@Nullable CompletableFuture<?> acquire, @Nullable CompletionStage<?> stage) {
        if (stage != null) {
            try {
                stage.toCompletableFuture().cancel(true);
            } catch (Throwable e) {
                // The lease goes back when the stage ends by itself.
            }
        } else if (acquire != null) {
            acquire.cancel(false);
        }
    }

    /** The work has failed: the manager says whether the connection is broken. Never throws. */
    void end(SlotLease<E, C> lease, Throwable failure) {
        boolean isFatal;
        try {
            isFatal = !lease.isActive() || context.manager.isFatal(lease.endpoint(), lease.slot.connection(), failure);
        } catch (Throwable e) {
            context.hooks.failed(lease.slot.pool, "isFatal", e);
            isFatal = true;
        }
        if (isFatal) {
            lease.invalidate(failure);
        } else {
            lease.release();
        }
    }
}
