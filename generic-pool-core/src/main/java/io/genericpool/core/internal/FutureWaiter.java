package io.genericpool.core.internal;

import io.genericpool.PoolException;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A request whose future waits for it. */
class FutureWaiter<E, C> extends Waiter<E, C> {
    private static final SafeLog LOG = SafeLog.of(FutureWaiter.class);

    public final LeaseFuture<E, C> future = new LeaseFuture<>();

    private final PoolParts<E, C> context;
    private final long threadId = Thread.currentThread().getId();
    /** Set before it enters, and before any thread but the requesting one knows of it. */
    private EndpointPool<E, C> pool;

    /** Guarded by the endpoint's lock. */
    private boolean isEntering = true;

    private volatile PoolClock.@Nullable Timer timer;
    private final AtomicBoolean isSettled = new AtomicBoolean();

    @SuppressWarnings("NullAway.Init") // the endpoint
    public FutureWaiter(PoolParts<E, C> context, boolean isNewOnly, long startedAt, long timeout) {
        super(isNewOnly, startedAt, timeout);
        this.context = context;
    }

    /** It is about to enter an endpoint, where another one had left the pool. */
    public void moveTo(EndpointPool<E, C> entered) {
        pool = entered;
    }

    /**
     * By the requesting thread, after it has entered: completes the future here if the outcome is decided by now, so that
     * what is granted at once is returned completed; else the thread that decides it sends a signal, and the deadline runs.
     */
    void entered() {
        if (endEntering()) {
            settle();
            return;
        }
        if (timeout == 0 && tryLeave(TIMED_OUT)) {
            withdrawn(); // only an instant check could have served it, and has not
            settle();
            return;
        }
        future.onOutsider(this::withdraw);
        if (!Nanos.isOff(timeout)) {
            startTimer();
        }
    }

    /** From now on the thread that decides the outcome tells it. @return whether it is decided already */
    boolean endEntering() {
        pool.lock();
        try {
            isEntering = false;
            // I46: under the lock, so that a later decision sends the signal, and one of the two settles it
            return !isWaiting();
        } finally {
            pool.unlock();
        }
    }

    /** It has left: what was meant for it is handed on. */
    void withdrawn() {
        context.requests.withdraw(pool, this);
    }

    /** Why it got no lease; for one that has failed or timed out. */
    PoolException problem() {
        return context.failures.of(pool, this);
    }

    /** The endpoint that observers are told of. */
    EndpointPool<E, C> told() {
        return pool;
    }

    /** Without a timer it could wait for ever: then it does not wait at all. */
    private void startTimer() {
        PoolClock.Timer started;
        try {
            started = context.timers.schedule(this::timeOut, startedAt + timeout - context.ticker.exact());
        } catch (Throwable e) {
            if (tryLeave(CANCELLED)) {
                withdrawn();
                fail(e);
            }
            return;
        }
        timer = started;
        if (!isWaiting()) {
            started.cancel();
        }
    }

    private void timeOut() {
        var actions = new Actions();
        if (tryLeave(TIMED_OUT)) {
            try {
                withdrawn();
                signalSurely(actions);
            } catch (Throwable e) {
                signalSurely(actions);
                throw e;
            }
        }
    }

    private void signalSurely(Actions actions) {
        try {
            signal(actions);
            actions.run();
        } catch (Throwable e) {
            signal(actions); // an error must not leave it without an outcome
            actions.run();
            throw e;
        }
    }

    /** The future was completed by other code. A lease that is on its way comes back when it cannot be granted. */
    private void withdraw() {
        stopTimer();
        if (tryLeave(CANCELLED)) {
            withdrawn();
        }
    }

    private void stopTimer() {
        PoolClock.Timer started = timer;
        if (started != null) {
            started.cancel();
        }
    }

    /** The outcome is decided: the future is completed where its dependents may run. */
    @Override
    public void signal(Actions more) {
        stopTimer();
        try {
            context.executors.complete(this::settleSurely);
        } catch (Throwable e) {
            rejected(e, more);
        }
    }

    /** By an executor, whose outcome is not read. */
    private void settleSurely() {
        try {
            settle();
        } catch (Throwable e) {
            settle();
            throw e;
        }
    }

    /** Only once, whatever an executor does: it may run a task and throw all the same, or run it twice. */
    private void settle() {
        if (isSettled.compareAndSet(false, true)) {
            try {
                settleOnce();
            } catch (Throwable e) {
                settleOnce(); // it was not even begun, or has left the future without an outcome
                throw e;
            }
        }
    }

    /** Completes the future, whatever happens on the way: what cannot be granted or told is failed with what went wrong. */
    private void settleOnce() {
        try {
            switch (state()) {
                case DELIVERED -> grant();
                case FAILED, TIMED_OUT -> fail(problem());
                default -> {}
            }
        } catch (Throwable e) {
            LOG.error("pool {}: a future failed to complete; please report this", context.settings.name(), e);
            if (future.failIfPending(e) && state() == DELIVERED) {
                context.hooks.invalidate(lease(), e);
            }
        }
    }

    private void fail(Throwable failure) {
        context.events.waited(told(), this, failure);
        context.events.acquireFailed(told(), context.ticker.exact() - startedAt, hasWaited(), failure);
        context.states.afterFailure(failure);
        future.fail(failure);
    }

    private void grant() {
        SlotLease<E, C> lease = lease();
        if (future.isDone()) {
            var actions = new Actions();
            context.steps.giveBackUnseen(lease, counters -> counters.cancelled++, actions);
            actions.run();
            return;
        }
        if (!lease.isActive()) {
            fail(context.failures.closed(told().endpoint, timeout)); // a close has revoked it before it was handed over
            return;
        }
        context.hooks.stampTimes(lease.slot, this);
        if (context.traits.hasAcquireHooks) {
            Throwable failure = context.hooks.acquired(lease, false);
            if (failure != null) {
                fail(context.failures.hookFailed(told(), startedAt, timeout, failure));
                return;
            }
        }
        context.hooks.tellAcquired(lease, this);
        if (context.hooks.takesBack(lease, false)) {
            fail(context.failures.closed(told().endpoint, timeout));
            return;
        }
        context.events.waited(told(), this, null);
        if (!future.grant(lease)) {
            context.hooks.releaseUnseen(lease);
        }
    }

    /** The completion executor refuses: the lease goes back, and the future fails with that. */
    private void rejected(Throwable why, Actions more) {
        if (!isSettled.compareAndSet(false, true)) {
            return;
        }
        boolean wasDelivered = state() == DELIVERED;
        if (wasDelivered) {
            context.steps.giveBackUnseen(lease(), counters -> counters.failed++, more);
        }
        Runnable failing = wasDelivered ? () -> fail(why) : this::settleOnce;
        try {
            context.executors.connectExecutor().execute(failing);
        } catch (Throwable e) {
            failing.run();
        }
    }

    @Override
    public long threadId() {
        return threadId;
    }

    @Override
    public boolean isBlocking() {
        return false;
    }

    @Override
    public boolean isEntering() {
        return isEntering;
    }
}
