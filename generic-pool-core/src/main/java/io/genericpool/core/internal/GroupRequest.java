package io.genericpool.core.internal;

import static java.util.Objects.requireNonNull;

import io.genericpool.CircuitStats;
import io.genericpool.core.internal.endpoint.EndpointCounters;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.group.Member;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.Failure;
import io.genericpool.core.internal.queue.GroupTicket;
import io.genericpool.core.internal.queue.TicketHolder;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.event.GroupEvent;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request of a group: which members it has asked, and which of them has the turn to start something for it.
 *
 * <p>What concerns all of its members is done in <em>rounds</em>, one at a time, by whichever thread has a reason for one. A
 * thread that comes while a round is under way leaves another one to the thread that is in it. A round takes the lock of one
 * member after the other and never of two at once, and what follows from its steps goes to the actions of its thread.
 */
final class GroupRequest<E, C> extends TicketHolder<E, C> {
    /** A member that may serve the request, the best one first. */
    static final class Seat<E, C> {
        final Member<E, C> member;
        final GroupTicket<E, C> ticket;
        /** Where its ticket was queued or refused; null before, and where the endpoint could not join the pool. */
        volatile @Nullable EndpointPool<E, C> pool;

        private boolean hasLeft;
        /** Others were given its turn, because it took too long. */
        private volatile boolean isSlow;

        Seat(Member<E, C> member, GroupTicket<E, C> ticket) {
            this.member = member;
            this.ticket = ticket;
        }
    }

    /** Of the reasons why members cannot serve, those that say more than a pause. */
    private static final List<Failure.Kind> TELLING_MOST =
            List.of(Failure.Kind.CREATE, Failure.Kind.TIMEOUT, Failure.Kind.TOO_MANY_WAITERS);

    private final PoolParts<E, C> context;
    private final GroupParts<E, C> group;
    private final List<Member<E, C>> ranked;
    private final List<Seat<E, C>> seats;

    /** Reasons for a round that has not ended; the arriving thread has the first. */
    private final AtomicInteger reasons = new AtomicInteger(1);

    // By the thread of the round.
    private int entered;
    private boolean hasEnded;

    private volatile @Nullable EndpointPool<E, C> home;
    private volatile @Nullable Seat<E, C> last;
    /** When a ticket took a turn last; the call before. */
    private volatile long turnTakenAt;

    private volatile boolean isSpillDue;
    private volatile boolean isHedgeDue;
    private volatile boolean isHedging;
    private final AtomicReference<PoolClock.@Nullable Timer> spillTimer = new AtomicReference<>();
    private volatile PoolClock.@Nullable Timer hedgeTimer;

    <W extends Waiter<E, C> & GroupWaiter<E, C>> GroupRequest(
            PoolParts<E, C> context, GroupParts<E, C> group, W waiter, List<Member<E, C>> ranked) {
        super(waiter, ranked.size());
        this.context = context;
        this.group = group;
        this.ranked = ranked;
        var made = new ArrayList<Seat<E, C>>(ranked.size());
        long now = context.ticker.coarse();
        for (Member<E, C> member : ranked) {
            made.add(new Seat<>(member, new GroupTicket<>(this, member.isSpared(now))));
        }
        this.seats = Collections.unmodifiableList(made);
        this.turnTakenAt = waiter.startedAt;
        waiter.belongTo(this);
    }

    List<Seat<E, C>> seats() {
        return seats;
    }

    String groupName() {
        return group.name;
    }

    /** The first member that it has asked and the pool holds: it stands for the group where one endpoint is named. */
    EndpointPool<E, C> home() {
        return requireNonNull(home, "no member has joined the pool");
    }

    /** Whether any member could be asked. */
    boolean hasHome() {
        return home != null;
    }

    boolean hasWaited() {
        for (Seat<E, C> seat : seats) {
            if (seat.ticket.hasWaited()) {
                return true;
            }
        }
        return false;
    }

    /** By the arriving thread. */
    void enter() {
        // a function of the user's may have left out members that another request probes for its own
        long refusedFor = group.ranking.hasFirstChoice() ? group.probe.begin(waiter, ranked) : 0;
        if (refusedFor > 0) {
            refuse(refusedFor);
        }
        var actions = new Actions();
        try {
            takeRounds(actions);
        } finally {
            runAll(actions);
        }
        if (waiter.isWaiting()) {
            startTimers();
        }
    }

    /** All members are down, and another request of the group finds out whether one of them is up again. */
    private void refuse(long retryAfter) {
        for (Seat<E, C> seat : seats) {
            EndpointPool<E, C> pool = seat.member.pool();
            CircuitStats circuit = context.governor.circuitOf(seat.member.endpoint);
            long pause = Nanos.of(circuit.remaining());
            seat.ticket.tryFail(Failure.refused(circuit.cause().orElse(null), pause > 0 ? pause : retryAfter));
            seat.pool = pool;
            if (home == null) {
                home = pool;
            }
        }
        waiter.tryFail(lastTrouble());
    }

    private static void runAll(Actions actions) {
        try {
            actions.run();
        } catch (Throwable e) {
            actions.run(); // those that are left
            throw e;
        }
    }

    @Override
    public void goOn(Actions more) {
        if (reasons.getAndIncrement() == 0) {
            takeRounds(more);
        }
    }

    private void takeRounds(Actions more) {
        boolean isDone = false;
        try {
            int known = reasons.get();
            while (known != 0) {
                round(more);
                known = reasons.addAndGet(-known);
            }
            isDone = true;
        } finally {
            if (!isDone) {
                reasons.set(0); // an error: the next reason begins anew, and the sweep gives one
            }
        }
    }

    private void round(Actions more) {
        if (hasEnded) {
            return;
        }
        if (waiter.isWaiting() && isHedgeDue) {
            isHedgeDue = false;
            hedge();
        }
        if (waiter.isWaiting() && isSpillDue) {
            isSpillDue = false;
            spill(more);
        }
        if (waiter.isWaiting() && hasFreeTurn()) {
            offerTurn(more);
        }
        while (waiter.isWaiting() && entered < seats.size() && hasFreeTurn()) {
            enterTier(more);
        }
        if (waiter.isWaiting() && !hasHopes()) {
            failIfHopeless();
        }
        if (!waiter.isWaiting()) {
            end(more);
        }
    }

    /** All tickets are in trouble, or were; by now some of their members may have something for them again. */
    private void failIfHopeless() {
        boolean isHopeful = false;
        for (Seat<E, C> seat : seats.subList(0, entered)) {
            EndpointPool<E, C> pool = seat.pool;
            isHopeful |= pool != null && context.requests.isHopeful(pool, seat.ticket);
        }
        if (!isHopeful) {
            waiter.tryFail(lastTrouble());
        }
    }

    // ---- arrival

    private void enterTier(Actions more) {
        int tier = seats.get(entered).member.tier;
        while (entered < seats.size() && seats.get(entered).member.tier == tier && waiter.isWaiting()) {
            Seat<E, C> seat = seats.get(entered);
            entered++; // first: what an error has left half done is withdrawn
            enter(seat, more);
        }
    }

    private void enter(Seat<E, C> seat, Actions more) {
        for (; ; ) {
            EndpointPool<E, C> pool;
            try {
                pool = context.joins.join(seat.member.endpoint);
            } catch (RuntimeException e) { // its own limits are wrong
                seat.ticket.tryFail(Failure.create(e));
                return;
            } catch (Error e) {
                more.add(seat.ticket); // the round ends here, so this is the reason for another one
                seat.ticket.tryFail(Failure.create(e));
                throw e;
            }
            if (pool == null) {
                boolean isClosed = context.registry.isClosed();
                seat.ticket.tryFail(Failure.of(isClosed ? Failure.Kind.CLOSED : Failure.Kind.TOO_MANY_WAITERS));
                return;
            }
            seat.pool = pool;
            if (home == null) {
                home = pool;
            }
            if (context.requests.enter(pool, seat.ticket, more)) {
                if (seat.ticket.mayBeTooMany) {
                    more.add(later -> context.requests.confirm(pool, seat.ticket, later));
                }
                return;
            }
        }
    }

    // ---- turns

    /** A connect that is on its way already comes first: else there would be more connects than requests. */
    private void offerTurn(Actions more) {
        for (int i = 0; i < entered && hasFreeTurn(); i++) {
            Seat<E, C> seat = seats.get(i);
            EndpointPool<E, C> pool = seat.pool;
            if (pool != null) {
                context.requests.adopt(pool, seat.ticket, more);
            }
        }
        offerTurn(false, more);
        offerTurn(true, more);
    }

    private void offerTurn(boolean toSlow, Actions more) {
        for (int i = 0; i < entered && hasFreeTurn() && waiter.isWaiting(); i++) {
            Seat<E, C> seat = seats.get(i);
            EndpointPool<E, C> pool = seat.pool;
            if (pool != null && seat.isSlow == toSlow) {
                context.requests.offerTurn(pool, seat.ticket, more);
            }
        }
    }

    @Override
    protected void turnTaken(GroupTicket<E, C> ticket) {
        turnTakenAt = context.ticker.exact();
    }

    @Override
    public void started(GroupTicket<E, C> ticket) {
        turnUsed(seatOf(ticket), false);
    }

    @Override
    public void handedOver(GroupTicket<E, C> ticket) {
        turnUsed(seatOf(ticket), true);
    }

    private void turnUsed(Seat<E, C> seat, boolean isHandedOver) {
        Seat<E, C> before = last;
        last = seat;
        boolean isHedge = isHedging;
        isHedging = false;
        if (isHedge) {
            group.counts.hedges.increment();
            tell(GroupEvent.Kind.HEDGED, seat);
        } else if (before == null ? seat != seats.get(0) : seat != before && !(isHandedOver && canServe(before))) {
            group.counts.spillOvers.increment();
            tell(GroupEvent.Kind.SPILLED_OVER, seat);
        }
    }

    /**
     * Whether nothing is wrong with a member, as far as the request knows. Where another request has taken the connection that was
     * made for this one, and has left its own, the two change places: that is no spill-over.
     */
    private static boolean canServe(Seat<?, ?> seat) {
        return !seat.isSlow && seat.ticket.trouble() == null;
    }

    private Seat<E, C> seatOf(GroupTicket<E, C> ticket) {
        for (Seat<E, C> seat : seats) {
            if (seat.ticket == ticket) {
                return seat;
            }
        }
        throw new IllegalArgumentException("the ticket is of another request");
    }

    private void tell(GroupEvent.Kind kind, Seat<E, C> seat) {
        long took = context.ticker.exact() - waiter.startedAt;
        context.events.ofGroup(group.name, kind, seat.member.endpoint, took, null);
    }

    private void hedge() {
        if (seats.size() > 1) {
            isHedging = true; // counts once something is started
            addTurn();
        }
    }

    private void spill(Actions more) {
        long early = turnTakenAt + group.spillAfter - context.ticker.exact();
        if (early > 0) {
            startSpillTimer(early);
            return;
        }
        boolean hasOthers = entered < seats.size();
        for (Seat<E, C> seat : seats.subList(0, entered)) {
            hasOthers |= !seat.isSlow && seat.ticket.mayYetConnect() && !seat.ticket.hasTurn();
        }
        if (!hasOthers) {
            return;
        }
        for (Seat<E, C> seat : seats.subList(0, entered)) {
            EndpointPool<E, C> pool = seat.pool;
            // I16: one that waits for a permit goes to the end of the line by this, so it happens once
            boolean whileUncovered = !seat.isSlow;
            if (pool != null
                    && seat.ticket.hasTurn()
                    && context.requests.takeTurnFrom(pool, seat.ticket, whileUncovered, more)) {
                seat.isSlow = true;
            }
        }
        startSpillTimer(group.spillAfter);
    }

    // ---- time

    private void startTimers() {
        if (group.spillAfter > 0 && seats.size() > 1) {
            PoolClock.Timer first = newSpillTimer(waiter.startedAt + group.spillAfter - context.ticker.exact());
            spillTimer.compareAndSet(null, first); // it may have run already, and have set the next one
            cancelIfOver();
        }
        if (group.hedgeAfter > 0 && seats.size() > 1) {
            hedgeTimer = context.timers.scheduleSurely(
                    () -> {
                        isHedgeDue = true;
                        goOnInTime();
                    },
                    Math.max(0, waiter.startedAt + group.hedgeAfter - context.ticker.exact()));
            cancelIfOver();
        }
    }

    private void startSpillTimer(long delay) {
        spillTimer.set(newSpillTimer(delay));
        cancelIfOver();
    }

    private PoolClock.Timer newSpillTimer(long delay) {
        return context.timers.scheduleSurely(
                () -> {
                    isSpillDue = true;
                    goOnInTime();
                },
                Math.max(0, delay));
    }

    private void goOnInTime() {
        var actions = new Actions();
        try {
            goOn(actions);
        } finally {
            runAll(actions);
        }
    }

    /** After a timer was noted: the end of the request may have missed it. */
    private void cancelIfOver() {
        if (!waiter.isWaiting()) {
            cancelTimers();
        }
    }

    private void cancelTimers() {
        PoolClock.Timer spilling = spillTimer.get();
        PoolClock.Timer hedging = hedgeTimer;
        if (spilling != null) {
            spilling.cancel();
        }
        if (hedging != null) {
            hedging.cancel();
        }
    }

    // ---- end

    /** The request has an outcome. */
    private void end(Actions more) {
        // First, since it may have been decided by this very thread, which is not that of the requester: a ticket tells
        // nothing of what the step of its own arrival decides. More than once does no harm.
        more.add(waiter);
        GroupTicket<E, C> served = waiter.state() == Waiter.DELIVERED ? winner() : null;
        // I55: no ticket of it stays in a queue
        for (Seat<E, C> seat : seats.subList(0, entered)) {
            EndpointPool<E, C> pool = seat.pool;
            boolean hasServed = seat.ticket == served; // it has left with the delivery
            if (!seat.hasLeft && !hasServed && pool != null && seat.ticket.hasWaited()) {
                seat.hasLeft = true;
                context.requests.withdraw(pool, seat.ticket, more);
            }
        }
        hasEnded = true;
        group.probe.end(waiter);
        cancelTimers();
        noteFailing();
        if (waiter.state() == Waiter.DELIVERED) {
            countLease();
        } else {
            countFailure();
        }
    }

    private void noteFailing() {
        for (Seat<E, C> seat : seats.subList(0, entered)) {
            Failure trouble = seat.ticket.trouble();
            if (trouble != null && (trouble.kind == Failure.Kind.CREATE || trouble.kind == Failure.Kind.REFUSED)) {
                seat.member.noteFailing(context.ticker.coarse());
            }
        }
    }

    private void countLease() {
        seatOf(requireNonNull(winner())).member.countLease(waiter.lease().slot.index);
    }

    private void countFailure() {
        EndpointPool<E, C> at = home;
        if (at == null) {
            context.endpoints.retired.count(this::countFailure);
        } else {
            at.count(this::countFailure);
        }
    }

    private void countFailure(EndpointCounters counters) {
        counters.slowAcquires++;
        switch (waiter.state()) {
            case Waiter.TIMED_OUT -> counters.timedOut++;
            case Waiter.CANCELLED -> counters.cancelled++;
            default -> {
                switch (failedAs()) {
                    case CREATE -> counters.failed++;
                    case TIMEOUT -> counters.timedOut++;
                    default -> counters.rejected++;
                }
            }
        }
    }

    /** Why it has failed, for its requester and for the statistics: of what its members have met, that which says most. */
    Failure.Kind failedAs() {
        Failure.Kind last = waiter.failure().kind;
        if (last != Failure.Kind.CLOSED) {
            for (Failure.Kind kind : TELLING_MOST) {
                if (hasMet(kind)) {
                    return kind;
                }
            }
        }
        return last;
    }

    private boolean hasMet(Failure.Kind kind) {
        for (Seat<E, C> seat : seats) {
            Failure trouble = seat.ticket.trouble();
            if (trouble != null && trouble.kind == kind) {
                return true;
            }
        }
        return false;
    }

    /** I23: something was thrown on its way, and whatever has come of it so far is undone. */
    void giveUp() {
        waiter.tryLeave(Waiter.CANCELLED);
        var actions = new Actions();
        try {
            goOn(actions);
            if (waiter.state() == Waiter.DELIVERED) {
                context.steps.giveBackUnseen(waiter.lease(), counters -> counters.cancelled++, actions);
            }
        } finally {
            runAll(actions);
        }
    }
}
