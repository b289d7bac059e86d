package io.genericpool.core.internal.queue;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for one endpoint, oldest first, blocking and asynchronous alike. Guarded by the endpoint's lock.
 *
 * <p>Those that take a connection which was used before and those that want a new one stand in lines of their own, so that
 * the oldest of each kind is found at once, however many of the other kind are older. An order over both is the order of
 * their sequence.
 */
public final class WaiterQueue<E, C> {
    private static final WaiterQueue<?, ?> NONE = new WaiterQueue<>();

    private final WaiterLine<E, C> forReuse = new WaiterLine<>();
    private final WaiterLine<E, C> newOnly = new WaiterLine<>();
    /** Those that have left and are not withdrawn, the latest first. Without the lock. */
    private final AtomicReference<@Nullable Waiter<E, C>> left = new AtomicReference<>();
    /** How many have something on its way for them. */
    private int covered;
    /** Tickets whose cover has ended or was handed over to them, the latest first; their requests hear of it. */
    private @Nullable GroupTicket<E, C> freed;

    /** The queue of an endpoint without waiters; shared by all, and never added to. */
    @SuppressWarnings("unchecked")
    public static <E, C> WaiterQueue<E, C> none() {
        return (WaiterQueue<E, C>) NONE;
    }

    public int size() {
        return forReuse.size() + newOnly.size();
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /** How many have nothing on its way for them. */
    public int uncovered() {
        return forReuse.uncovered() + newOnly.uncovered();
    }

    /** How many have something on its way for them. */
    public int covered() {
        return covered;
    }

    /** How many have nothing on its way for them, and may have something started. */
    public int needing() {
        return forReuse.needing() + newOnly.needing();
    }

    /** Whether it stands among those with nothing on its way. */
    public boolean isUnserved(Waiter<E, C> waiter) {
        return waiter.isQueued && waiter.isLinkedUncovered && waiter.isWaiting();
    }

    private WaiterLine<E, C> lineOf(Waiter<E, C> waiter) {
        return waiter.isNewOnly ? newOnly : forReuse;
    }

    /** Adds one whose sequence is higher than that of all others. */
    public void add(Waiter<E, C> waiter) {
        int before = size();
        lineOf(waiter).add(waiter);
        // I29: no call from here on, since an error may strike at each
        waiter.queue = this;
        waiter.ahead = before;
    }

    /** Takes a waiter out; no effect when it is not in. @return what was on its way for it and is free now */
    public @Nullable Cover<E, C> remove(Waiter<E, C> waiter) {
        if (!waiter.isQueued) {
            waiter.next = null; // a walk has unlinked it
            waiter.nextUncovered = null;
            return null;
        }
        Cover<E, C> was = waiter.cover;
        if (was != null) {
            detach(waiter, was);
        }
        lineOf(waiter).remove(waiter);
        waiter.next = null;
        waiter.nextUncovered = null;
        if (waiter instanceof GroupTicket<E, C> ticket) {
            giveTurnBack(ticket);
        }
        return was;
    }

    /** Notes one that has left. @return whether no other was noted, so that this one withdraws all of them */
    boolean noteLeft(Waiter<E, C> waiter) {
        Waiter<E, C> before;
        do {
            before = left.get();
            waiter.leftBefore = before;
        } while (!left.compareAndSet(before, waiter));
        return before == null;
    }

    /** Under the lock: one of those noted. */
    public @Nullable Waiter<E, C> takeLeft() {
        for (; ; ) {
            Waiter<E, C> latest = left.get();
            if (latest == null) {
                return null;
            }
            if (left.compareAndSet(latest, latest.leftBefore)) {
                latest.leftBefore = null;
                return latest;
            }
        }
    }

    /** What is on its way is meant for this waiter from now on; for none if a walk has unlinked it, because it has left. */
    public void cover(Waiter<E, C> waiter, Cover<E, C> cover) {
        if (!waiter.isQueued) {
            return;
        }
        lineOf(waiter).unlinkUncovered(waiter);
        // I10: both sides are written here and in uncover, and nowhere else; I29: without a call between them
        waiter.cover = cover;
        cover.covered = waiter;
        covered++;
        cover.coveredChanged();
    }

    /** What was meant for this waiter is not any more. */
    public void uncover(Waiter<E, C> waiter) {
        Cover<E, C> cover = waiter.cover;
        if (cover != null) {
            detach(waiter, cover);
        }
    }

    private void detach(Waiter<E, C> waiter, Cover<E, C> cover) {
        cover.covered = null;
        waiter.cover = null;
        covered--;
        if (waiter instanceof GroupTicket<E, C> ticket) {
            // I56: what comes next for its request is decided without the lock, and perhaps at another member
            giveTurnBack(ticket);
            noteFreed(ticket);
        } else if (waiter.isQueued) {
            lineOf(waiter).linkUncovered(waiter);
        }
        cover.coveredChanged();
    }

    // ---- tickets of groups

    /** What was on its way for another waiter is meant for this one from now on. */
    public void handOver(Waiter<E, C> waiter, Cover<E, C> cover) {
        cover(waiter, cover);
        if (waiter instanceof GroupTicket<E, C> ticket) {
            ticket.noteHandOver();
            noteFreed(ticket);
        }
    }

    private void noteFreed(GroupTicket<E, C> ticket) {
        if (!ticket.isNotedFreed) {
            ticket.isNotedFreed = true;
            ticket.nextFreed = freed;
            freed = ticket;
        }
    }

    /** One whose cover has ended, or was handed over to it, since the last call; null when there is none left. */
    public @Nullable GroupTicket<E, C> takeFreed() {
        GroupTicket<E, C> latest = freed;
        if (latest != null) {
            freed = latest.nextFreed;
            latest.nextFreed = null;
            latest.isNotedFreed = false;
        }
        return latest;
    }

    /** Whether something may be started for a request: any that is no ticket; a ticket if it has a turn or gets one now. */
    public boolean tryTakeTurn(Waiter<E, C> waiter) {
        if (!(waiter instanceof GroupTicket<E, C> ticket) || ticket.hasTurn) {
            return true;
        }
        if (!ticket.holder.tryTakeTurn(ticket)) {
            return false;
        }
        lineOf(ticket).setTurn(ticket, true);
        return true;
    }

    /** Another ticket of the request may have the turn. @return whether it had one */
    public boolean giveTurnBack(GroupTicket<E, C> ticket) {
        if (!ticket.hasTurn) {
            return false;
        }
        lineOf(ticket).setTurn(ticket, false);
        ticket.holder.addTurn();
        return true;
    }

    /** Its request has no free turn: it is not looked at before {@link #hope}. */
    public void setAside(Waiter<E, C> waiter) {
        lineOf(waiter).unlinkUncovered(waiter);
    }

    /** Its request has a free turn. */
    public void hope(GroupTicket<E, C> ticket) {
        if (ticket.isQueued && ticket.cover == null) {
            lineOf(ticket).linkUncovered(ticket);
        }
    }

    /** Whether a ticket has a turn and nothing on its way. */
    public boolean hasIdleTurns() {
        return forReuse.withTurn() > 0 || newOnly.withTurn() > 0;
    }

    /** By the repair: what an error in the midst of {@link #cover} or {@link #uncover} has left half done is finished. */
    public void repair() {
        if (this != NONE) {
            covered = forReuse.repair() + newOnly.repair();
        }
    }

    /** The oldest of a kind that is linked, whether its outcome is decided or not; the next is its link. */
    public @Nullable Waiter<E, C> oldest(boolean isNewOnly) {
        return (isNewOnly ? newOnly : forReuse).oldest();
    }

    public @Nullable Waiter<E, C> first() {
        return older(forReuse.first(), newOnly.first());
    }

    /** All that wait, those that take a used connection before those that want a new one. */
    public @Nullable Waiter<E, C> firstOfKinds() {
        Waiter<E, C> reuse = forReuse.first();
        return reuse == null ? newOnly.first() : reuse;
    }

    public @Nullable Waiter<E, C> afterOfKinds(Waiter<E, C> waiter) {
        Waiter<E, C> next = lineOf(waiter).after(waiter);
        return next == null && !waiter.isNewOnly ? newOnly.first() : next;
    }

    /** The oldest that takes a connection which was used before. */
    public @Nullable Waiter<E, C> oldestForReuse() {
        return forReuse.first();
    }

    /** The oldest that takes a new connection only. */
    public @Nullable Waiter<E, C> oldestNewOnly() {
        return newOnly.first();
    }

    /** The next oldest of the same kind. */
    public @Nullable Waiter<E, C> after(Waiter<E, C> waiter) {
        return lineOf(waiter).after(waiter);
    }

    /** The oldest of a kind with nothing on its way. */
    public @Nullable Waiter<E, C> oldestUncovered(boolean isNewOnly) {
        return (isNewOnly ? newOnly : forReuse).firstUncovered();
    }

    /** The next oldest of the same kind with nothing on its way, of one that has nothing on its way either. */
    public @Nullable Waiter<E, C> uncoveredAfter(Waiter<E, C> waiter) {
        return lineOf(waiter).uncoveredAfter(waiter);
    }

    /** The oldest that takes what comes of this connect or check. */
    public @Nullable Waiter<E, C> oldestFor(Cover<E, C> cover) {
        return oldestAccepted(cover, forReuse.first(), newOnly.first());
    }

    /** The oldest for whom nothing is on its way and who takes what comes of this connect or check. */
    public @Nullable Waiter<E, C> oldestUncoveredFor(Cover<E, C> cover) {
        return oldestAccepted(cover, forReuse.firstUncovered(), newOnly.firstUncovered());
    }

    /** What is not accepted for the oldest of a kind is not for any younger one of it. */
    private static <E, C> @Nullable Waiter<E, C> oldestAccepted(
            Cover<E, C> cover, @Nullable Waiter<E, C> reuse, @Nullable Waiter<E, C> fresh) {
        return older(
                reuse != null && cover.accepts(reuse) ? reuse : null,
                fresh != null && cover.accepts(fresh) ? fresh : null);
    }

    public static <E, C> @Nullable Waiter<E, C> older(@Nullable Waiter<E, C> one, @Nullable Waiter<E, C> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.sequence < other.sequence ? one : other;
    }

    /**
     * Whether another request that takes a used connection has nothing on its way; for a request that is no ticket. A ticket takes
     * what is idle in any case, so it counts with a cover, too.
     */
    public boolean hasUncoveredForReuseBeside(Waiter<E, C> waiter) {
        if (forReuse.tickets() > 0) {
            return true;
        }
        Waiter<E, C> first = forReuse.firstUncovered();
        return first != null && (first != waiter || forReuse.uncoveredAfter(first) != null);
    }
}
