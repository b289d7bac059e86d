package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.spi.PoolClock;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a connection between a release and the next lease, without holding the releaser. It ends once: with the
 * manager's stage, or with the timeout, whichever is first.
 */
final class PendingReset<E, C> {
    private final PoolContext<E, C> context;
    private final Slot<E, C> slot;
    private final AtomicBoolean isEnded = new AtomicBoolean();
    private volatile PoolClock.@Nullable Timer timer;

    PendingReset(PoolContext<E, C> context, Slot<E, C> slot) {
        this.context = context;
        this.slot = slot;
    }

    void await(CompletionStage<?> reset) {
        context.calls.add(this);
        long timeout = context.settings.resetTimeout;
        if (!Nanos.isOff(timeout)) {
            timer = context.clock.schedule(() -> overran(reset, timeout), timeout);
        }
        try {
            reset.whenComplete((ignored, failure) -> end(failure));
        } catch (Throwable e) {
            end(e);
        }
    }

    /** The pool is closed under it. */
    void giveUp() {
        end(new CancellationException("the pool was closed before the reset had ended"));
    }

    private void overran(CompletionStage<?> reset, long timeout) {
        try {
            reset.toCompletableFuture().cancel(true);
        } catch (Throwable e) {
            // It cannot be cancelled; the connection goes all the same.
        }
        end(new TimeoutException("resetAsync took longer than its timeout of " + Nanos.text(timeout)));
    }

    private void end(@Nullable Throwable failure) {
        if (!isEnded.compareAndSet(false, true)) {
            return;
        }
        context.calls.remove(this);
        PoolClock.Timer started = timer;
        if (started != null) {
            started.cancel();
        }
        EndpointPool<E, C> pool = slot.pool;
        pool.stampIdle(slot, context.ticker.coarse());
        if (failure == null) {
            pool.offer(slot);
        } else {
            context.hooks.failed(pool, "resetAsync", failure);
            pool.discard(slot, DisposeReason.HOOK_FAILED);
        }
    }
}
