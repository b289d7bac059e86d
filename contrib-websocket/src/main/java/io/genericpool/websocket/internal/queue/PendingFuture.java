package io.genericpool.websocket.internal.queue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * A future that waits. A call from outside that would end it (cancel, a timeout) first withdraws it from where it waits;
 * when its outcome is on its way already, that call is too late and has no effect. Completed on the executor.
 */
final class PendingFuture<T> extends CompletableFuture<T> implements Pending<T> {
    private final Executor executor;
    private final Predicate<Pending<T>> withdraw;

    /**
     * Makes a future.
     *
     * @param withdraw takes it out of where it waits; false when it is there no longer
     */
    PendingFuture(Executor executor, Predicate<Pending<T>> withdraw) {
        this.executor = executor;
        this.withdraw = withdraw;
    }

    @Override
    public void succeed(T result) {
        executor.execute(() -> super.complete(result));
    }

    @Override
    public void fail(RuntimeException failure) {
        executor.execute(() -> super.completeExceptionally(failure));
    }

    @Override
    public boolean complete(T value) {
        return withdraw.test(this) && super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return withdraw.test(this) && super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return withdraw.test(this) && super.cancel(mayInterruptIfRunning);
    }
}
