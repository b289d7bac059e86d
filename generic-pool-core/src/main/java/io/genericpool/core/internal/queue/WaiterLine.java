package io.genericpool.core.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * The requests of one kind that wait for one endpoint, oldest first, and among them those with nothing on its way.
 *
 * <p>A waiter whose outcome was decided elsewhere may still be linked for a moment. Looks pass it over and unlink it on their
 * way: where many leave at once, each look would pass over all of them otherwise. Such a one still points to what came after
 * it, for a walk that has just come to it. One with a cover stays for its own withdrawal, which hands the cover on.
 */
final class WaiterLine<E, C> {
    private @Nullable Waiter<E, C> head;
    private @Nullable Waiter<E, C> tail;
    private @Nullable Waiter<E, C> uncoveredHead;
    private @Nullable Waiter<E, C> uncoveredTail;
    private int size;
    private int uncovered;
    /** Of these, tickets without a turn. */
    private int withoutTurn;
    /** And tickets with one. */
    private int withTurn;
    /** All tickets, linked there or not. */
    private int tickets;

    int size() {
        return size;
    }

    /** How many have nothing on its way for them. */
    int uncovered() {
        return uncovered;
    }

    /** How many of these may have something started for them. */
    int needing() {
        return uncovered - withoutTurn;
    }

    /** How many tickets stand in it. */
    int tickets() {
        return tickets;
    }

    /** How many tickets have a turn, and nothing on its way. */
    int withTurn() {
        return withTurn;
    }

    void add(Waiter<E, C> waiter) {
        GroupTicket<E, C> ticket = waiter instanceof GroupTicket<E, C> itself ? itself : null;
        if (ticket == null || ticket.holder.hasFreeTurn()) {
            linkUncovered(waiter, uncoveredTail, null);
        }
        // I29: no call from here on
        Waiter<E, C> last = tail;
        waiter.previous = last;
        if (last == null) {
            head = waiter;
        } else {
            last.next = waiter;
        }
        tail = waiter;
        waiter.isQueued = true;
        size++;
        tickets += ticket == null ? 0 : 1;
    }

    /** Takes out one that has nothing on its way. Its links to those behind it stay. */
    void remove(Waiter<E, C> waiter) {
        unlinkUncovered(waiter);
        Waiter<E, C> before = waiter.previous;
        Waiter<E, C> behind = waiter.next;
        if (before == null) {
            head = behind;
        } else {
            before.next = behind;
        }
        if (behind == null) {
            tail = before;
        } else {
            behind.previous = before;
        }
        waiter.previous = null;
        waiter.isQueued = false;
        size--;
        tickets -= waiter instanceof GroupTicket ? 1 : 0;
    }

    /** No effect when it is not linked there. */
    void unlinkUncovered(Waiter<E, C> waiter) {
        if (!waiter.isLinkedUncovered) {
            return;
        }
        Waiter<E, C> before = waiter.previousUncovered;
        Waiter<E, C> behind = waiter.nextUncovered;
        if (before == null) {
            uncoveredHead = behind;
        } else {
            before.nextUncovered = behind;
        }
        if (behind == null) {
            uncoveredTail = before;
        } else {
            behind.previousUncovered = before;
        }
        waiter.previousUncovered = null;
        waiter.isLinkedUncovered = false;
        uncovered--;
        countTurn(waiter, -1);
    }

    private void countTurn(Waiter<E, C> waiter, int change) {
        if (waiter instanceof GroupTicket<E, C> ticket) {
            withTurn += ticket.hasTurn ? change : 0;
            withoutTurn += ticket.hasTurn ? 0 : change;
        }
    }

    /** A ticket has a turn from now on, or has none any more. */
    void setTurn(GroupTicket<E, C> ticket, boolean hasTurn) {
        int linked = ticket.isLinkedUncovered ? 1 : 0;
        countTurn(ticket, -linked);
        ticket.hasTurn = hasTurn;
        countTurn(ticket, linked);
    }

    /** In its place by age. What is covered is old, so that place is near the head. No effect when it is linked there. */
    void linkUncovered(Waiter<E, C> waiter) {
        if (waiter.isLinkedUncovered) {
            return;
        }
        Waiter<E, C> before = null;
        Waiter<E, C> behind = uncoveredHead;
        while (behind != null && behind.sequence < waiter.sequence) {
            before = behind;
            behind = behind.nextUncovered;
        }
        linkUncovered(waiter, before, behind);
    }

    private void linkUncovered(Waiter<E, C> waiter, @Nullable Waiter<E, C> before, @Nullable Waiter<E, C> behind) {
        waiter.previousUncovered = before;
        waiter.nextUncovered = behind;
        if (before == null) {
            uncoveredHead = waiter;
        } else {
            before.nextUncovered = waiter;
        }
        if (behind == null) {
            uncoveredTail = waiter;
        } else {
            behind.previousUncovered = waiter;
        }
        waiter.isLinkedUncovered = true;
        uncovered++;
        countTurn(waiter, 1);
    }

    /**
     * By the repair: each is linked among the uncovered if it has nothing on its way. A ticket that was set aside stays so, unless
     * its request has a free turn. One walk over both lines, since many tickets may be set aside.
     *
     * @return how many have something on their way
     */
    int repair() {
        int covered = 0;
        Waiter<E, C> before = null;
        for (Waiter<E, C> w = head; w != null; w = w.next) {
            if (w.cover != null) {
                covered++;
                unlinkUncovered(w);
            } else if (!w.isLinkedUncovered && mayBeLinked(w)) {
                linkUncovered(w, before, before == null ? uncoveredHead : before.nextUncovered);
            }
            before = w.isLinkedUncovered ? w : before;
        }
        return covered;
    }

    private static boolean mayBeLinked(Waiter<?, ?> waiter) {
        return !(waiter instanceof GroupTicket<?, ?> ticket) || ticket.hasTurn || ticket.holder.hasFreeTurn();
    }

    /** The oldest that is linked, whether its outcome is decided or not. */
    @Nullable
    Waiter<E, C> oldest() {
        return head;
    }

    @Nullable
    Waiter<E, C> first() {
        return waiting(head);
    }

    @Nullable
    Waiter<E, C> after(Waiter<E, C> waiter) {
        return waiting(waiter.next);
    }

    @Nullable
    Waiter<E, C> firstUncovered() {
        return waitingUncovered(uncoveredHead);
    }

    @Nullable
    Waiter<E, C> uncoveredAfter(Waiter<E, C> waiter) {
        return waitingUncovered(waiter.nextUncovered);
    }

    private @Nullable Waiter<E, C> waiting(@Nullable Waiter<E, C> from) {
        Waiter<E, C> w = from;
        while (w != null && !w.isWaiting()) {
            Waiter<E, C> behind = w.next;
            unlinkLeft(w);
            w = behind;
        }
        return w;
    }

    private @Nullable Waiter<E, C> waitingUncovered(@Nullable Waiter<E, C> from) {
        Waiter<E, C> w = from;
        while (w != null && !(w.isWaiting() && w.cover == null)) {
            Waiter<E, C> behind = w.nextUncovered;
            unlinkLeft(w);
            w = behind;
        }
        return w;
    }

    private void unlinkLeft(Waiter<E, C> waiter) {
        if (waiter.isQueued && waiter.cover == null && !waiter.isWaiting()) {
            remove(waiter);
        }
    }
}
