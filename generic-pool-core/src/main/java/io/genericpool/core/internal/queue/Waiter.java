package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.flight.FlightSpan;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.support.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One request for a connection. Its outcome is decided by one CAS from WAITING: delivered and failed by the endpoint pool
 * (under its lock), timed out and cancelled by the requester (without). The loser of that race hands on what it holds.
 */
public abstract class Waiter<E, C> implements Actions.Action {
    public static final int WAITING = 0;
    public static final int DELIVERED = 1;
    public static final int FAILED = 2;
    public static final int TIMED_OUT = 3;
    public static final int CANCELLED = 4;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Takes only a connection whose connect starts after this request was queued. */
    public final boolean isNewOnly;
    /** The time of the call. */
    public final long startedAt;
    /** The deadline, from the call; {@link Nanos#FOREVER} for none. */
    public final long timeout;

    /** The recording of its wait; null when that is not recorded. Its requester's own. */
    public @Nullable FlightSpan flight;

    private volatile int state;

    /** Written before the state becomes DELIVERED. */
    private @Nullable SlotLease<E, C> lease;
    /** Written before the state becomes FAILED. */
    private @Nullable Failure failure;

    // The rest is guarded by the endpoint's lock.

    /** The place in the order of the endpoint's requests; 0 until queued. */
    public long sequence;
    /** How many were queued before it. */
    public int ahead;

    public boolean isQueued;
    /** It was queued beyond {@code maxWaiters}, and stays only if a permit is found for it. */
    public boolean mayBeTooMany;

    /** The links of its line; see {@link WaiterLine}, which writes them. */
    @Nullable
    Waiter<E, C> previous;

    public @Nullable Waiter<E, C> next;

    @Nullable
    Waiter<E, C> previousUncovered;

    @Nullable
    Waiter<E, C> nextUncovered;

    boolean isLinkedUncovered;

    public @Nullable Cover<E, C> cover;

    /** Where it was queued; null before. */
    @Nullable
    WaiterQueue<E, C> queue;

    /** The one that has left before it and is not withdrawn yet; by the thread that leaves, before others see this one. */
    @Nullable
    Waiter<E, C> leftBefore;

    public Waiter(boolean isNewOnly, long startedAt, long timeout) {
        this.isNewOnly = isNewOnly;
        this.startedAt = startedAt;
        this.timeout = timeout;
    }

    public int state() {
        return state;
    }

    public boolean isWaiting() {
        return state == WAITING;
    }

    /** Whether it was queued. For the requester, once the outcome is decided. */
    public boolean hasWaited() {
        return sequence > 0;
    }

    public boolean tryDeliver(SlotLease<E, C> granted) {
        lease = granted;
        return STATE.compareAndSet(this, WAITING, DELIVERED);
    }

    public boolean tryFail(Failure why) {
        failure = why;
        return STATE.compareAndSet(this, WAITING, FAILED);
    }

    public boolean tryLeave(int outcome) {
        // I12: of all outcomes the first, by one CAS from WAITING
        return STATE.compareAndSet(this, WAITING, outcome);
    }

    public SlotLease<E, C> lease() {
        SlotLease<E, C> granted = lease;
        if (granted == null) {
            throw new IllegalStateException("nothing was delivered");
        }
        return granted;
    }

    public Failure failure() {
        Failure why = failure;
        if (why == null) {
            throw new IllegalStateException("nothing has failed");
        }
        return why;
    }

    /**
     * It has left: notes that it is to be withdrawn, without a lock. Many may leave at the same moment, and one of them withdraws
     * all.
     *
     * @return whether this is the one, because no other is noted
     */
    public final boolean noteLeft() {
        WaiterQueue<E, C> from = queue;
        return from == null || from.noteLeft(this);
    }

    /** Where it was queued; null before. */
    public final @Nullable WaiterQueue<E, C> queuedIn() {
        return queue;
    }

    /** The thread that asks, as the holder to be of the lease. */
    public abstract long threadId();

    /** Whether the thread that asks waits for the outcome itself. */
    public abstract boolean isBlocking();

    /**
     * Whether the step of its own arrival still runs. What is decided until then is seen by the arriving thread itself, so
     * that no signal is sent. Guarded by the endpoint's lock.
     */
    public abstract boolean isEntering();

    /** Tells the requester that the outcome is decided. Called without a lock; more than once does no harm. */
    public abstract void signal(Actions more);

    /** Whether a connection may be left to threads that run, instead of being handed to this one, which is woken. */
    public boolean mayBeOvertaken() {
        return isBlocking();
    }

    /** Whether it is one of several places of a request; see {@link GroupTicket}. */
    public boolean isTicket() {
        return false;
    }

    /** Has a blocking requester look for a connection itself. Called without a lock; more than once does no harm. */
    public void wake() {}

    /** Of a request whose outcome was decided by the pool; nothing otherwise. Any more of it changes nothing. */
    @Override
    public void run(Actions more) {
        if (state == DELIVERED || state == FAILED) {
            signal(more);
        }
    }

    @Override
    public final boolean isRepeatable() {
        return true;
    }
}
