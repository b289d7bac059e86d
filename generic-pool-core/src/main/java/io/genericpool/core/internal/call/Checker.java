package io.genericpool.core.internal.call;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.Step;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.AlivenessCheck;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.AsyncConnectionManager;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks whether connections are alive: on the connect executor, or on the asking thread when the manager is instant. */
public final class Checker<E, C> {
    private final CallContext<E, C> context;
    private final Disposer<E, C> disposer;
    private final Duration timeout;
    final boolean isInstant;

    public Checker(CallContext<E, C> context, Disposer<E, C> disposer) {
        this.context = context;
        this.disposer = disposer;
        this.timeout = context.settings.checkTimeout();
        this.isInstant = context.traits.checksInstantly;
    }

    /** Makes a check that was decided under the endpoint's lock. */
    public void check(AlivenessCheck<E, C> check, Actions actions) {
        if (check.slot.isGone()) {
            return; // this comes so late that the repair has given it up
        }
        if (!isInstant) {
            new Check(check).start(context.executors.connectExecutor(), actions);
        } else if (actions.takesCheck()) {
            settle(check, isAliveNow(check.slot), actions);
        } else {
            handOn(check, actions);
        }
    }

    /** Very many connections may be dead, and each check leads to the next one: the caller's thread does not make them all. */
    private void handOn(AlivenessCheck<E, C> check, Actions actions) {
        var handedOn = new Check(check) {
            @Override
            boolean waitsWhenRefused() {
                return true;
            }

            @Override
            void ended(@Nullable Boolean isAlive, @Nullable Throwable failure, Actions more) {
                if (failure instanceof Withdrawn) {
                    settle(check, isAliveNow(check.slot), more);
                } else {
                    super.ended(isAlive, failure, more);
                }
            }
        };
        if (!handedOn.start(context.executors.connectExecutor(), actions)) {
            handedOn.withdrawn(actions); // no thread is to be had
        }
    }

    /** On the current thread, for a manager that is instant. */
    public boolean isAliveNow(Slot<E, C> slot) {
        try {
            return context.hooks.inside(
                    slot, () -> context.manager.checkAliveness(slot.owner.endpoint(), slot.connection(), timeout));
        } catch (Throwable e) {
            context.hooks.failed(slot, "checkAliveness", e);
            return false;
        }
    }

    /** A check made by its caller has ended: the connection is alive. */
    public void stampAlive(Slot<E, C> slot) {
        slot.checkedAt = context.ticker.coarse();
        EndpointPool.of(slot).stampUsable(slot, slot.checkedAt);
    }

    private void settle(AlivenessCheck<E, C> check, boolean isAlive, Actions actions) {
        Slot<E, C> slot = check.slot;
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        if (isAlive) {
            stampAlive(slot);
        }
        pool.lock();
        try {
            uncover(pool, check);
            long now = pool.now();
            if (isAlive || slot.isGone()) {
                context.offer.run(new Step<>(pool, now, actions), slot, null);
            } else {
                foundDead(check, actions);
                pool.dispose(slot, DisposeReason.DEAD, null, actions);
                context.serve.run(new Step<>(pool, now, actions));
            }
        } finally {
            pool.unlock();
        }
    }

    /** Under the lock. How it died is not known; it may have been of an error. */
    private void foundDead(AlivenessCheck<E, C> check, Actions actions) {
        if (!check.slot.isSuspectInCheck() && Slot.flags(check.slot.word()) == 0) {
            context.suspicion.begin(EndpointPool.of(check.slot), actions);
        }
    }

    private void uncover(EndpointPool<E, C> pool, AlivenessCheck<E, C> check) {
        if (check.covered != null) {
            pool.queue.uncover(check.covered);
        }
    }

    private class Check extends BoundedCall<Boolean> {
        private final AlivenessCheck<E, C> check;
        private final Slot<E, C> slot;
        /** It was counted as abandoned. */
        private volatile boolean wasCounted;

        Check(AlivenessCheck<E, C> check) {
            super(context.calls, "checkAliveness", context.settings.checkTimeout);
            this.check = check;
            this.slot = check.slot;
        }

        @Override
        Slot<?, ?> slot() {
            return slot;
        }

        @Override
        Object call() throws Exception {
            E endpoint = slot.owner.endpoint();
            if (context.manager instanceof AsyncConnectionManager<E, C> async) {
                return new Staged(Objects.requireNonNull(
                        async.checkAlivenessAsync(endpoint, slot.connection(), timeout),
                        "checkAlivenessAsync returned null instead of a stage"));
            }
            return context.manager.checkAliveness(endpoint, slot.connection(), timeout);
        }

        @Override
        void ended(@Nullable Boolean isAlive, @Nullable Throwable failure, Actions actions) {
            if (failure != null) {
                context.hooks.failed(slot, operation, failure);
            }
            settle(check, isAlive != null && isAlive && !isOverdue(), actions);
        }

        @Override
        void abandoned(TimeoutException why, Actions actions) {
            EndpointPool<E, C> pool = EndpointPool.of(slot);
            pool.lock();
            try {
                uncover(pool, check);
                foundDead(check, actions);
                try {
                    wasCounted = context.steps.abandon(slot, DisposeReason.DEAD, actions);
                } catch (Throwable e) {
                    wasCounted = slot.isGone();
                    throw e;
                }
            } finally {
                pool.unlock();
            }
            actions.tell(() -> context.events.abandoned(pool, operation, why));
        }

        @Override
        void returnedLate(@Nullable Boolean isAlive, Actions actions) {
            disposer.disposeLate(slot, slot.connection(), DisposeReason.DEAD, wasCounted, actions);
        }
    }
}
