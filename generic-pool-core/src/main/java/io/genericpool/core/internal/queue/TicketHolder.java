package io.genericpool.core.internal.queue;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the tickets of one group's request share: its one outcome, which is that of its {@link #waiter}, and its turns. A turn
 * is the right of one ticket to have something started for it. Called under the locks of different endpoints at the same time,
 * so everything here is atomic, and nothing here takes a lock.
 */
public abstract class TicketHolder<E, C> {
    /** The request. It stands in no queue itself. */
    public final Waiter<E, C> waiter;

    /** Turns that no ticket has: 1 at first. */
    private final AtomicInteger freeTurns = new AtomicInteger(1);

    /** Tickets that are not in trouble. */
    private final AtomicInteger hopes;

    /** Why the last one of them came into it. */
    private volatile @Nullable Failure lastTrouble;

    private final AtomicReference<@Nullable GroupTicket<E, C>> winner = new AtomicReference<>();

    protected TicketHolder(Waiter<E, C> waiter, int tickets) {
        this.waiter = waiter;
        this.hopes = new AtomicInteger(tickets);
    }

    /** Whether a ticket may still serve the request. */
    final boolean isOpen() {
        return winner.get() == null && waiter.isWaiting();
    }

    /** One ticket alone writes the lease of the request: two members may deliver at the same moment. */
    final boolean tryWin(GroupTicket<E, C> ticket) {
        return winner.compareAndSet(null, ticket);
    }

    /** The ticket delivers nothing. Where the request has no outcome, another one may. */
    final void yieldWin(GroupTicket<E, C> ticket) {
        if (waiter.isWaiting()) {
            winner.compareAndSet(ticket, null);
        }
    }

    /** The ticket that has the lease, where the request was delivered one. */
    protected final @Nullable GroupTicket<E, C> winner() {
        return winner.get();
    }

    /**
     * A ticket has failed, or cannot have a connection opened. The request itself decides in its next round whether it fails:
     * other members may be able again by then.
     */
    final void loseHope(Failure why) {
        lastTrouble = why; // before the count, since it is read when there is none left
        hopes.decrementAndGet();
    }

    /** A ticket that has lost hope may have a connection opened again. */
    final void gainHope() {
        hopes.incrementAndGet();
    }

    /** Whether a ticket is not in trouble. */
    protected final boolean hasHopes() {
        return hopes.get() > 0;
    }

    /** Why it fails when there is no hope. */
    protected final Failure lastTrouble() {
        return Objects.requireNonNull(lastTrouble, "no ticket has failed");
    }

    public final boolean hasFreeTurn() {
        return freeTurns.get() > 0;
    }

    /** Under the lock of the ticket's endpoint. */
    final boolean tryTakeTurn(GroupTicket<E, C> ticket) {
        int free = freeTurns.get();
        while (free > 0) {
            if (freeTurns.compareAndSet(free, free - 1)) {
                boolean isTold = false;
                try {
                    turnTaken(ticket); // reads a clock of the user's
                    isTold = true;
                } finally {
                    if (!isTold) {
                        addTurn();
                    }
                }
                return true;
            }
            free = freeTurns.get();
        }
        return false;
    }

    /** A turn is given back, or one more is given. */
    protected final void addTurn() {
        freeTurns.incrementAndGet();
    }

    /** A ticket has a turn from now on. Under the lock of its endpoint. */
    protected abstract void turnTaken(GroupTicket<E, C> ticket);

    /** Without a lock: something was started for a ticket, or a permit is wanted for it. */
    public abstract void started(GroupTicket<E, C> ticket);

    /** Without a lock: what was started for another request is for this ticket now. */
    public abstract void handedOver(GroupTicket<E, C> ticket);

    /**
     * Without a lock: a ticket has failed or gave its turn back, or the request has an outcome. Another ticket is given the
     * turn, or all leave their queues.
     */
    public abstract void goOn(Actions more);
}
