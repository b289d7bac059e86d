package io.genericpool.core.internal;

import io.genericpool.Lease;
import io.genericpool.core.internal.slot.SlotLease;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The future of a lease. Any code but the pool that completes it withdraws the request. Cancelling a stage that depends on it
 * does so too; when the lease was granted already, that stage's function may have seen the connection, so that the lease
 * is invalidated rather than released.
 */
final class LeaseFuture<E, C> extends CompletableFuture<Lease<E, C>> {
    /**
     * What the pool completes it with: set before it does; null until then. Plain: who sees the outcome of the pool's own
     * completion sees this too, and any other value means an outsider.
     */
    private @Nullable Object decided;

    /** Has {@code withdraw} called when any code but the pool completes it. */
    @SuppressWarnings("FutureReturnValueIgnored") // withdrawing does not throw
    void onOutsider(Runnable withdraw) {
        whenComplete((lease, failure) -> {
            Object ours = decided;
            if (ours == null || (lease != ours && failure != ours)) {
                withdraw.run();
            }
        });
    }

    /** By the pool. @return false when it was completed by other code: the lease is still the caller's */
    boolean grant(Lease<E, C> lease) {
        // I46: before it completes, so that a dependent knows the value for the pool's own
        decided = lease;
        return complete(lease);
    }

    /** By the pool. */
    public void fail(Throwable failure) {
        decided = failure;
        completeExceptionally(failure);
    }

    /** By the pool, when completing it in order has failed. @return false when it was completed all the same */
    boolean failIfPending(Throwable failure) {
        if (isDone()) {
            return false;
        }
        decided = failure;
        return completeExceptionally(failure);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new Dependent<>(this);
    }

    /** A stage that depends on it is given up, or the future itself: the request is withdrawn, or the lease invalidated if it was granted. */
    public void giveUp() {
        if (cancel(false) || isCompletedExceptionally()) {
            return;
        }
        Lease<E, C> granted = getNow(null);
        if (granted instanceof SlotLease<?, ?> lease && lease.isActive()) {
            granted.invalidate(new CancellationException("a stage that depends on this lease was cancelled"));
        }
    }

    /** A stage somewhere behind a lease future. */
    private static final class Dependent<U extends @Nullable Object> extends CompletableFuture<U> {
        private final LeaseFuture<?, ?> root;

        Dependent(LeaseFuture<?, ?> root) {
            this.root = root;
        }

        @Override
        public <V extends @Nullable Object> CompletableFuture<V> newIncompleteFuture() {
            return new Dependent<>(root);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean isOurs = !isDone() && super.cancel(mayInterruptIfRunning);
            if (isOurs) {
                root.giveUp();
            }
            return isCancelled();
        }

        @Override
        public boolean complete(U value) {
            boolean isOurs = super.complete(value);
            if (isOurs) {
                root.giveUp();
            }
            return isOurs;
        }

        /** Only outsiders call this (a timeout among them): a stage's own function completes it by other means. */
        @Override
        public boolean completeExceptionally(Throwable failure) {
            boolean isOurs = super.completeExceptionally(failure);
            if (isOurs) {
                root.giveUp();
            }
            return isOurs;
        }
    }
}
