package io.genericpool.core.internal;

import io.genericpool.Lease;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.support.CauseChain;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One piece of asynchronous work with a lease that cannot be lost: the lease ends when the stage of the work has ended.
 * Any code but this class that completes the result gives the work up: the request is withdrawn, or the stage cancelled.
 */
final class AsyncUse<E, C, R extends @Nullable Object> {
    private final PoolParts<E, C> context;
    private final CompletableFuture<Lease<E, C>> acquire;
    private final Function<? super C, ? extends CompletionStage<R>> work;
    private final CompletableFuture<R> result = new CompletableFuture<>();

    private volatile @Nullable CompletionStage<R> stage;
    /** Set before the result is completed here. */
    private volatile boolean isOurs;

    public AsyncUse(
            PoolParts<E, C> context,
            CompletableFuture<Lease<E, C>> acquire,
            Function<? super C, ? extends CompletionStage<R>> work) {
        this.context = context;
        this.acquire = acquire;
        this.work = work;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what these stages do reports its failures by the result
    public CompletableFuture<R> start() {
        acquire.whenComplete((lease, failure) -> {
            try {
                begin(lease, failure);
            } catch (Throwable e) {
                breakOff(lease, e);
                throw e;
            }
        });
        if (!result.isDone()) {
            result.whenComplete((ignored, failure) -> {
                if (!isOurs) {
                    giveUp();
                }
            });
        }
        return result;
    }

    private void begin(@Nullable Lease<E, C> lease, @Nullable Throwable failure) {
        if (lease == null) {
            fail(Objects.requireNonNull(failure));
        } else if (result.isDone()) {
            context.hooks.releaseSurely((SlotLease<E, C>) lease);
        } else {
            run((SlotLease<E, C>) lease);
        }
    }

    /** A stage swallows what is thrown at it: the lease and the result must not be lost. */
    private void breakOff(@Nullable Lease<E, C> lease, Throwable why) {
        if (lease != null) {
            context.hooks.endLost((SlotLease<E, C>) lease, why);
        }
        fail(why);
    }

    private void run(SlotLease<E, C> lease) {
        CompletionStage<R> started;
        try {
            started = Objects.requireNonNull(work.apply(lease.connection()), "the work returned null, not a stage");
            stage = started;
            started.whenComplete((value, failure) -> {
                try {
                    ended(lease, value, failure);
                } catch (Throwable e) {
                    breakOff(lease, e);
                    throw e;
                }
            });
        } catch (Throwable e) {
            context.hooks.endFailedUse(lease, e);
            fail(e);
            return;
        }
        if (result.isDone() && !isOurs) {
            giveUp(); // it was given up before the stage was there to be cancelled
        }
    }

    private void ended(SlotLease<E, C> lease, R value, @Nullable Throwable failure) {
        if (failure == null) {
            lease.release();
            isOurs = true;
            result.complete(value);
            return;
        }
        Throwable cause = CauseChain.unwrapped(failure);
        context.hooks.endFailedUse(lease, cause);
        fail(cause);
    }

    private void fail(Throwable failure) {
        isOurs = true;
        result.completeExceptionally(failure);
    }

    private void giveUp() {
        CompletionStage<R> running = stage;
        if (running == null) {
            acquire.cancel(false);
            return;
        }
        try {
            running.toCompletableFuture().cancel(true);
        } catch (Throwable e) {
            // It cannot be cancelled: the lease goes back when the stage ends by itself.
        }
    }
}
