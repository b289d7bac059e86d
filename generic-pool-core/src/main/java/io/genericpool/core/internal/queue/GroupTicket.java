package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.slot.SlotLease;
import org.jspecify.annotations.Nullable;

/**
 * The place of a group's request in the queue of one member. It takes what is idle or released there as any request does. A
 * connect or a check is started for it only while it has a turn, of which its request has one, or two when it hedges. All
 * tickets of a request have one outcome; apart from that, a ticket may fail on its own.
 *
 * <p>A ticket without a turn and without a cover is in the line of those with nothing on their way only while its request has
 * a free turn, as far as the last look at it knows. Otherwise very many tickets would be looked at in vain.
 */
public final class GroupTicket<E, C> extends Waiter<E, C> {
    public final TicketHolder<E, C> holder;
    /** Its member was down until lately: connects for the group are started there one at a time. */
    public final boolean isPaced;

    /** Written by {@link WaiterLine}, under the endpoint's lock. */
    volatile boolean hasTurn;

    /** The one whose cover has ended before; see {@link WaiterQueue#takeFreed}. */
    @Nullable
    GroupTicket<E, C> nextFreed;

    boolean isNotedFreed;

    /** It was given what was on its way for another request, and its own was not told so yet. */
    private boolean isHandedOver;

    /** Why its member cannot open a connection for it; it still takes what others leave there. Written under the lock. */
    private volatile @Nullable Failure trouble;

    /** Written after that. What ends later is no trouble any more, but is still told. */
    private volatile boolean isInTrouble;

    public GroupTicket(TicketHolder<E, C> holder, boolean isPaced) {
        super(holder.waiter.isNewOnly, holder.waiter.startedAt, holder.waiter.timeout);
        this.holder = holder;
        this.isPaced = isPaced;
    }

    /** Without the endpoint's lock: as it was a moment ago. */
    public boolean hasTurn() {
        return hasTurn;
    }

    @Override
    public int state() {
        int shared = holder.waiter.state();
        return shared != DELIVERED && trouble() != null ? FAILED : shared;
    }

    @Override
    public boolean isWaiting() {
        return super.isWaiting() && holder.isOpen();
    }

    /** Under the endpoint's lock: what was on its way for another request is for this one now. */
    void noteHandOver() {
        isHandedOver = true;
    }

    /** Under the endpoint's lock: whether its request is to be told of a hand-over. */
    public boolean takeHandOver() {
        boolean was = isHandedOver;
        isHandedOver = false;
        return was && cover != null;
    }

    /** What went wrong at its member, whatever came of its request; null when nothing did. */
    public @Nullable Failure trouble() {
        if (super.state() == FAILED) {
            return super.failure();
        }
        return isInTrouble ? trouble : null;
    }

    /** A connect for it has failed: no other one is started for it. */
    public boolean isSpent() {
        Failure why = trouble;
        return why != null && why.kind == Failure.Kind.CREATE;
    }

    /** It has not left, and no connect has failed for it: its member may be paused, but pauses end. */
    public boolean mayYetConnect() {
        return super.state() == WAITING && !isSpent();
    }

    /**
     * Under the endpoint's lock: its member cannot open a connection for it, at least for now. It stays in its queue, since
     * its request may wait at others for long, and others may leave a connection here.
     *
     * @return false when it is not of that kind, so that the ticket fails and leaves
     */
    public boolean tryMeet(Failure why) {
        if (why.kind != Failure.Kind.CREATE && why.kind != Failure.Kind.REFUSED) {
            return false;
        }
        boolean isNew = !isInTrouble;
        trouble = isSpent() ? trouble : why;
        isInTrouble = true;
        if (isNew) {
            holder.loseHope(why);
        }
        return true;
    }

    /** Under the endpoint's lock: its member can open a connection again. */
    public void endTrouble() {
        if (isInTrouble && !isSpent()) {
            isInTrouble = false;
            holder.gainHope();
        }
    }

    @Override
    public boolean tryDeliver(SlotLease<E, C> granted) {
        // I54: of all tickets one, and then the one outcome of the request
        if (!super.isWaiting() || !holder.tryWin(this)) {
            return false;
        }
        boolean isDelivered = false;
        try {
            isDelivered = holder.waiter.tryDeliver(granted);
        } finally {
            if (!isDelivered) {
                holder.yieldWin(this); // an error: without an outcome, another ticket may deliver
            }
        }
        return isDelivered;
    }

    /** The request fails here only where its pool is closed; else in its next round, when no ticket is left. */
    @Override
    public boolean tryFail(Failure why) {
        if (!super.tryFail(why)) {
            return false;
        }
        if (!isInTrouble) {
            holder.loseHope(why);
        }
        if (why.kind == Failure.Kind.CLOSED) {
            holder.waiter.tryFail(why);
        }
        return true;
    }

    @Override
    public boolean tryLeave(int outcome) {
        return holder.waiter.tryLeave(outcome);
    }

    @Override
    public SlotLease<E, C> lease() {
        return holder.waiter.lease();
    }

    @Override
    public Failure failure() {
        // also one that has ended since its state was read
        Failure own = super.state() == FAILED ? super.failure() : trouble;
        return own == null ? holder.waiter.failure() : own;
    }

    @Override
    public long threadId() {
        return holder.waiter.threadId();
    }

    @Override
    public boolean isBlocking() {
        return holder.waiter.isBlocking();
    }

    /** What is delivered to a ticket is handed over at once: others of its request have to leave. */
    @Override
    public boolean mayBeOvertaken() {
        return false;
    }

    /** Its request is not at one endpoint alone, so that this is told by the request itself. */
    @Override
    public boolean isEntering() {
        return false;
    }

    @Override
    public boolean isTicket() {
        return true;
    }

    /** The others leave their queues first; what was on its way for them is then free for requests behind. */
    @Override
    public void signal(Actions more) {
        try {
            holder.goOn(more);
        } finally {
            // I54: a ticket may have won, and its thread not have decided the outcome yet; a future settles but once
            if (!holder.waiter.isWaiting()) {
                holder.waiter.signal(more);
            }
        }
    }

    @Override
    public void run(Actions more) {
        try {
            holder.goOn(more);
        } finally {
            holder.waiter.run(more);
        }
    }
}
