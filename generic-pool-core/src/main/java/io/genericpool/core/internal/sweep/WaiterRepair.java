package io.genericpool.core.internal.sweep;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.AlivenessCheck;
import io.genericpool.core.internal.queue.ConnectAttempt;
import io.genericpool.core.internal.queue.Cover;
import io.genericpool.core.internal.queue.GroupTicket;
import io.genericpool.core.internal.queue.OwedPermit;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.slot.Slot;
import org.jspecify.annotations.Nullable;

/** What an error has done to the requests of an endpoint is undone (I31). Under the endpoint's lock. */
final class WaiterRepair<E, C> {
    /** How long after its deadline a request is ended here. By then its own timer or thread is overdue. */
    private static final long GRACE = 1_000_000_000L;

    void run(EndpointPool<E, C> pool, long now, Actions actions) {
        pool.withdrawLeft(pool.queue); // an error may have kept their own step from it
        Waiter<E, C> woken = pool.woken;
        if (woken != null) {
            actions.add(more -> woken.wake()); // an error may have lost the first call
        }
        pool.queue.repair();
        run(pool, pool.queue.oldest(false), now, actions);
        run(pool, pool.queue.oldest(true), now, actions);
    }

    private void run(EndpointPool<E, C> pool, @Nullable Waiter<E, C> oldest, long now, Actions actions) {
        for (Waiter<E, C> w = oldest; w != null; ) {
            Waiter<E, C> next = w.next;
            if (isOverdue(w, now) && w.tryLeave(Waiter.TIMED_OUT)) {
                pool.counters().timedOut += w.isTicket() ? 0 : 1; // its request counts once
            }
            if (!w.isWaiting()) {
                // Its own withdrawal may be on its way: it finds nothing to do.
                actions.add(w::signal);
                pool.leaveQueue(w);
            } else if (w.cover != null && !isUnderWay(pool, w.cover)) {
                pool.queue.uncover(w);
            } else if (w.cover == null && w instanceof GroupTicket<E, C> ticket && ticket.holder.hasFreeTurn()) {
                actions.add(ticket); // its request looks for a member again
            }
            w = next;
        }
    }

    private static boolean isOverdue(Waiter<?, ?> waiter, long now) {
        return now - waiter.startedAt - GRACE >= waiter.timeout;
    }

    /** Whether what is meant for a waiter will come, or at least its end. */
    private boolean isUnderWay(EndpointPool<E, C> pool, Cover<E, C> cover) {
        if (cover instanceof ConnectAttempt<E, C> attempt) {
            return pool.slotAt(attempt.slot.index) == attempt.slot && attempt.slot.state() == Slot.CONNECTING;
        }
        if (cover instanceof AlivenessCheck<E, C> check) {
            return check.slot.state() == Slot.CHECKING;
        }
        return !(cover instanceof OwedPermit<E, C> owed) || owed.slot.state() == Slot.DISPOSING;
    }
}
