package io.genericpool.core.internal;

import io.genericpool.support.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One request for a connection. Its outcome is decided by one CAS from WAITING: delivered and failed by the endpoint pool
 * (under its lock), timed out and cancelled by the requester (without). Whoever loses that race hands on what he holds.
 */
abstract class Waiter<E, C> implements Actions.Action {
    static final int WAITING = 0;
    static final int DELIVERED = 1;
    static final int FAILED = 2;
    static final int TIMED_OUT = 3;
    static final int CANCELLED = 4;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Takes only a connection whose connect starts after this request was queued. */
    final boolean isNewOnly;
    /** The time of the call. */
    final long startedAt;
    /** The deadline, from the call; {@link Nanos#FOREVER} for none. */
    final long timeout;

    private volatile int state;

    /** Written before the state becomes DELIVERED. */
    private @Nullable SlotLease<E, C> lease;
    /** Written before the state becomes FAILED. */
    private @Nullable Failure failure;

    // The rest is guarded by the endpoint's lock.

    /** The place in the order of the endpoint's requests; 0 until queued. */
    long sequence;
    /** How many were queued before it. */
    int ahead;

    boolean isQueued;
    /** It was queued beyond {@code maxWaiters}, and stays only if a permit is found for it. */
    boolean mayBeTooMany;

    @Nullable
    Waiter<E, C> previous;

    @Nullable
    Waiter<E, C> next;

    @Nullable
    Cover<E, C> cover;

    Waiter(boolean isNewOnly, long startedAt, long timeout) {
        this.isNewOnly = isNewOnly;
        this.startedAt = startedAt;
        this.timeout = timeout;
    }

    final int state() {
        return state;
    }

    final boolean isWaiting() {
        return state == WAITING;
    }

    final boolean tryDeliver(SlotLease<E, C> granted) {
        lease = granted;
        return STATE.compareAndSet(this, WAITING, DELIVERED);
    }

    final boolean tryFail(Failure why) {
        failure = why;
        return STATE.compareAndSet(this, WAITING, FAILED);
    }

    final boolean tryLeave(int outcome) {
        return STATE.compareAndSet(this, WAITING, outcome);
    }

    final SlotLease<E, C> lease() {
        SlotLease<E, C> granted = lease;
        if (granted == null) {
            throw new IllegalStateException("nothing was delivered");
        }
        return granted;
    }

    final Failure failure() {
        Failure why = failure;
        if (why == null) {
            throw new IllegalStateException("nothing has failed");
        }
        return why;
    }

    /** The thread that asks, as the holder to be of the lease. */
    abstract long threadId();

    /** Whether the thread that asks waits for the outcome itself. */
    abstract boolean isBlocking();

    /**
     * Whether the step of its own arrival still runs. What is decided until then is seen by the arriving thread itself, so
     * that no signal is sent. Guarded by the endpoint's lock.
     */
    abstract boolean isEntering();

    /** Tells the requester that the outcome is decided. Called without a lock; more than once does no harm. */
    abstract void signal(Actions more);

    /** Of a request whose outcome was decided by the pool; nothing otherwise. Any more of it changes nothing. */
    @Override
    public final void run(Actions more) {
        if (state == DELIVERED || state == FAILED) {
            signal(more);
        }
    }

    @Override
    public final boolean isRepeatable() {
        return true;
    }
}
