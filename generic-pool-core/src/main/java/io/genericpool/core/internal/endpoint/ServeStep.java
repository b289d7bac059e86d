package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.capacity.EndpointShare;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.AlivenessCheck;
import io.genericpool.core.internal.queue.ConnectAttempt;
import io.genericpool.core.internal.queue.GroupTicket;
import io.genericpool.core.internal.queue.OwedPermit;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.queue.WaiterQueue;
import io.genericpool.core.internal.queue.WarmUp;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The one "hand on, or create for the next waiter" step: run under an endpoint's lock after everything that may have freed
 * a connection, a permit or room, or brought a request. It leaves no waiter that could be served.
 */
public final class ServeStep<E, C> {
    private final EndpointContext<E, C> context;
    private final EndpointRegistry<E, C> registry;
    private final IdleSearch<E, C> idle = new IdleSearch<>();
    /** What becomes of a connection that can serve; the two steps end in each other. */
    public final OfferStep<E, C> offer;

    final Overtaking<E, C> overtaking;

    public ServeStep(EndpointContext<E, C> context, EndpointRegistry<E, C> registry) {
        this.context = context;
        this.registry = registry;
        this.overtaking = new Overtaking<>(context);
        this.offer = new OfferStep<>(context, this);
    }

    /** Serves an endpoint; the end of each of its steps. */
    public void run(Step<E, C> step) {
        EndpointPool<E, C> pool = step.endpoint;
        step.refused = false;
        overtaking.begin(step);
        if (pool.grants() > 0) {
            context.capacity.takeGrants(pool);
        }
        boolean isOpen = !pool.has(EndpointPool.CLOSED) && !registry.isClosed();
        if (isOpen && !pool.isSuspended()) {
            // I20: first of all, so that each waiter that is left has a cover or a live connection
            pool.failHopeless(step.now, step.actions);
            serveWaiters(step);
            warmUp(step);
            refill(step);
        } else {
            endWarmUps(step);
        }
        passTurnsOn(step);
        // I15: only when a live waiter was refused a permit in this very step
        int wanted = isOpen && step.refused ? unmetNeed(step) : 0;
        if (wanted != pool.wanted()) {
            context.capacity.setWanted(pool, wanted, step.now, step.actions);
        }
        // I14: permits that found no slot go back
        while (pool.credits > 0) {
            context.capacity.release(pool, step.actions);
        }
        if (step.mayRelieve && context.capacity.pressure() > 0) {
            step.actions.add(context.outlet::relieve);
        }
        step.mayRelieve = false;
        pool.setAttention(EndpointPool.WAITERS, overtaking.needsLook(pool));
        pool.updateOverSize();
        noteShare(step);
        boolean empty = isEmpty(pool);
        boolean isKept = empty && !pool.has(EndpointPool.CLOSED) && pool.isGated(step.now);
        if (empty && !isKept) {
            retire(step);
        }
        pool.settleRestrictions(step.now, step.actions);
        if (isKept) {
            registry.keepForGate(pool);
        }
    }

    /** Where the limits are shared, the others hear what has changed here. */
    private void noteShare(Step<E, C> step) {
        EndpointPool<E, C> pool = step.endpoint;
        EndpointShare share = pool.share;
        if (share == null) {
            return;
        }
        if (pool.abandoned() != pool.abandonedCounted()) {
            // I60: one has come back; or an error came between the count here and the one of the total
            context.capacity.setAbandoned(pool, pool.abandoned(), step.actions);
        }
        boolean isClosed = pool.has(EndpointPool.CLOSED);
        int floor = isClosed ? 0 : Math.min(pool.limits.maxSize(), niceFloor(pool));
        if (share.note(isClosed, pool.size, pool.abandoned(), pool.wanted(), pool.unmetByShare(step.now), floor)) {
            if (share.niceChange() != 0 || share.spareChange() != 0) {
                context.capacity.noteShared(share.niceChange(), share.spareChange());
            }
            // I62: told without the lock, and read again then, so that the last word is the latest
            step.actions.add(more -> context.outlet.demandChanged(pool));
        }
    }

    /** As many connections are wanted though no request needs them. */
    private int niceFloor(EndpointPool<E, C> pool) {
        int floor = context.settings.backgroundCollector() ? pool.effectiveMinIdle() : 0;
        for (WarmUp w : pool.warmUps()) {
            floor = w.budget > 0 ? Math.max(floor, w.target) : floor;
        }
        return floor;
    }

    private void retire(Step<E, C> step) {
        // I47: shuts the fast path and makes each request look the endpoint up again
        step.endpoint.setAttention(EndpointPool.REMOVED, true);
        registry.retire(step.endpoint, step.actions);
    }

    /** Even when its gate is closed. */
    void retireIfUnused(Step<E, C> step) {
        if (isEmpty(step.endpoint)) {
            retire(step);
            step.endpoint.settleRestrictions(step.now, step.actions);
        } else {
            registry.useAgain(step.endpoint);
        }
    }

    // ---- waiters

    private void serveWaiters(Step<E, C> step) {
        Waiter<E, C> oldest = oldest(step);
        if (oldest == null) {
            return;
        }
        boolean mayConnect = true;
        if (oldest.isNewOnly && oldest.cover == null) {
            mayConnect = connectNewOnly(step, oldest);
            if (!mayConnect) {
                makeRoom(step, oldest); // before its idle connection goes to a later request
            }
        }
        // I9: each from the oldest on, until there is neither an idle connection nor room for a connect
        handOutIdle(step);
        mayConnect = coverUncovered(step, mayConnect);
        Waiter<E, C> arriving = step.arriving;
        if (!mayConnect && arriving != null && arriving != oldest && isUncoveredNewOnly(arriving)) {
            makeRoom(step, arriving);
        }
    }

    /**
     * The oldest of all. Passed over are tickets that take no used connection, and for which nothing may be started here: they
     * wait for other members.
     */
    @Nullable
    Waiter<E, C> oldest(Step<E, C> step) {
        WaiterQueue<E, C> queue = step.endpoint.queue;
        Waiter<E, C> fresh = queue.oldestNewOnly();
        while (fresh != null && fresh.cover == null && !(queue.isUnserved(fresh) && mayStartFor(step, fresh))) {
            fresh = queue.after(fresh);
        }
        return WaiterQueue.older(queue.oldestForReuse(), fresh);
    }

    private static boolean isUncoveredNewOnly(Waiter<?, ?> waiter) {
        return waiter.isNewOnly && waiter.isQueued && waiter.isWaiting() && waiter.cover == null;
    }

    /** Idle connections that may be lent as they are go to requests that take a used one, oldest first. */
    private void handOutIdle(Step<E, C> step) {
        WaiterQueue<E, C> queue = step.endpoint.queue;
        boolean mayBeIdle = true;
        for (Waiter<E, C> w = queue.oldestForReuse(); w != null && mayBeIdle; ) {
            Waiter<E, C> next = queue.after(w);
            if (overtaking.allows(step, w) && hasFresh(step)) {
                overtaking.wake(step, w);
                return;
            }
            if (w.isWaiting() && !giveIdle(step, w)) {
                // In order, one that waits for its check leaves the idle ones to those behind.
                mayBeIdle = context.fifo
                        && !w.isTicket()
                        && (w.cover == null ? check(step, w) : w.cover instanceof AlivenessCheck<E, C>);
            }
            w = next;
        }
    }

    /**
     * Each that has nothing on its way gets a check, or a connect, oldest first, as far as there are any.
     *
     * @return whether there was room for each connect that was asked for
     */
    private boolean coverUncovered(Step<E, C> step, boolean mayConnectAtAll) {
        WaiterQueue<E, C> queue = step.endpoint.queue;
        boolean mayCheck = true;
        boolean mayConnect = mayConnectAtAll;
        Waiter<E, C> reuse = queue.oldestUncovered(false);
        Waiter<E, C> fresh = queue.oldestUncovered(true);
        while (mayConnect || (mayCheck && reuse != null)) {
            if (fresh != null && mayConnect && (reuse == null || fresh.sequence < reuse.sequence)) {
                Waiter<E, C> next = queue.uncoveredAfter(fresh);
                mayConnect = connectNewOnly(step, fresh);
                fresh = next;
            } else if (reuse != null) {
                Waiter<E, C> next = queue.uncoveredAfter(reuse);
                boolean isServed = overtaking.isWoken(step.endpoint, reuse);
                boolean needsTurn = needsTurn(reuse);
                boolean mayConnectIt = mayConnect && !isHeldBack(step, reuse);
                if (needsTurn) { // what cannot be started must not keep the turn from another member, not even for a
                    // moment
                    mayCheck = mayCheck && staleIdle(step) != null;
                    if (mayConnectIt && !mayCheck && !hasConnectFor(step, reuse)) {
                        mayConnect = false;
                        mayConnectIt = false;
                    }
                }
                if (!needsTurn || ((mayCheck || mayConnectIt) && takeTurn(step, reuse))) {
                    boolean wasRefused = step.refused;
                    mayCheck = mayCheck && (isServed || check(step, reuse));
                    if (!mayCheck && !isServed && mayConnectIt) {
                        mayConnect = coverByFree(step.endpoint, reuse) || connect(step, reuse);
                    }
                    if (needsTurn) {
                        keepTurnIfUsed(step, reuse, step.refused && !wasRefused);
                    }
                }
                reuse = next;
            } else {
                break;
            }
        }
        return mayConnect;
    }

    /**
     * Starts a connect for one that takes no used connection.
     *
     * @return false when there is no room for it, or none in sight
     */
    private boolean connectNewOnly(Step<E, C> step, Waiter<E, C> waiter) {
        if (!waiter.isTicket()) {
            return connect(step, waiter);
        }
        boolean needsTurn = needsTurn(waiter);
        if (isHeldBack(step, waiter)) {
            return true;
        }
        if (needsTurn && !hasConnectFor(step, waiter)) {
            return false;
        }
        if (!takeTurn(step, waiter)) {
            return true;
        }
        boolean wasRefused = step.refused;
        boolean isStarted = coverByFree(step.endpoint, waiter) || connect(step, waiter);
        if (needsTurn) {
            keepTurnIfUsed(step, waiter, step.refused && !wasRefused);
        }
        return isStarted;
    }

    // ---- turns of tickets

    private static boolean needsTurn(Waiter<?, ?> waiter) {
        return waiter instanceof GroupTicket<?, ?> ticket && !ticket.hasTurn();
    }

    /** Whether a connect may be started for a ticket, or one is in flight for none in particular. */
    private boolean hasConnectFor(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        return (waiter.timeout > 0 && hasRoomToConnect(step)) || pool.attempts.freeFor(waiter, pool.generation) != null;
    }

    /**
     * Whether no connect is started for it here: one has failed for it, or its member was down until lately and another one is in
     * flight. Requests that ask this endpoint alone are not held back.
     */
    private boolean isHeldBack(Step<E, C> step, Waiter<E, C> waiter) {
        if (!(waiter instanceof GroupTicket<E, C> ticket)) {
            return false;
        }
        EndpointPool<E, C> pool = step.endpoint;
        boolean isPaced =
                ticket.isPaced && pool.attempts.size() > 0 && pool.attempts.freeFor(waiter, pool.generation) == null;
        return isPaced || ticket.isSpent();
    }

    /** A ticket gets the turn of its request; one that does not is not looked at again before there is a free one. */
    private boolean takeTurn(Step<E, C> step, Waiter<E, C> waiter) {
        WaiterQueue<E, C> queue = step.endpoint.queue;
        boolean isTaken = queue.tryTakeTurn(waiter);
        if (!isTaken) {
            queue.setAside(waiter);
        } else if (waiter instanceof GroupTicket<E, C> ticket) {
            queue.hope(ticket); // its disposal may have ended just now
        }
        return isTaken;
    }

    /** Whether something may be started for a request: a ticket that is held back, or would get no turn, waits. */
    boolean mayStartFor(Step<E, C> step, Waiter<E, C> waiter) {
        return !(waiter instanceof GroupTicket<E, C> ticket)
                || ((ticket.hasTurn() || ticket.holder.hasFreeTurn()) && !isHeldBack(step, waiter));
    }

    /**
     * Where an idle connection was lost to a caller at the last moment, nothing was started for a ticket, and no permit is wanted
     * for it: then another member may have the turn.
     */
    private void keepTurnIfUsed(Step<E, C> step, Waiter<E, C> waiter, boolean wantsPermit) {
        if (waiter instanceof GroupTicket<E, C> ticket) {
            if (ticket.cover != null || wantsPermit) {
                step.actions.tell(() -> ticket.holder.started(ticket));
            } else if (step.endpoint.queue.giveTurnBack(ticket)) {
                step.actions.add(ticket);
            }
        }
    }

    /**
     * At the end of a step: tickets whose cover has ended, and those that have a turn and are not waiting for a permit, leave it
     * to their requests what comes next. That may be a connect at another member, so it is decided without the lock.
     */
    private void passTurnsOn(Step<E, C> step) {
        WaiterQueue<E, C> queue = step.endpoint.queue;
        for (GroupTicket<E, C> freed = queue.takeFreed(); freed != null; freed = queue.takeFreed()) {
            GroupTicket<E, C> ticket = freed;
            if (ticket.takeHandOver()) {
                step.actions.tell(() -> ticket.holder.handedOver(ticket));
            } else {
                step.actions.add(ticket);
            }
        }
        if (!step.refused && queue.hasIdleTurns()) {
            passTurnsOn(step, queue.oldestUncovered(false));
            passTurnsOn(step, queue.oldestUncovered(true));
        }
    }

    private void passTurnsOn(Step<E, C> step, @Nullable Waiter<E, C> oldest) {
        WaiterQueue<E, C> queue = step.endpoint.queue;
        for (Waiter<E, C> w = oldest; w != null; ) {
            Waiter<E, C> next = queue.uncoveredAfter(w);
            if (w instanceof GroupTicket<E, C> ticket && queue.giveTurnBack(ticket)) {
                step.actions.add(ticket);
            }
            w = next;
        }
    }

    /** A connect that is in flight for none in particular is for this ticket now, if its request has a free turn. */
    void adopt(EndpointPool<E, C> pool, GroupTicket<E, C> ticket, Actions actions) {
        ConnectAttempt<E, C> free = pool.attempts.freeFor(ticket, pool.generation);
        if (free != null && pool.queue.tryTakeTurn(ticket)) {
            pool.queue.cover(ticket, free);
            actions.tell(() -> ticket.holder.handedOver(ticket));
        }
    }

    private boolean hasFresh(Step<E, C> step) {
        return idle.fresh(step.endpoint, context.ticker.coarse(), step.actions) != null;
    }

    /** Delivers an idle, usable connection to a waiter, queued or not. @return false when there is none */
    boolean giveIdle(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        boolean mayWait = context.fifo && waiter.timeout > 0 && !waiter.isTicket();
        if (mayWait && waitsForCheck(step, waiter)) {
            return false;
        }
        for (; ; ) {
            long tick = context.ticker.coarse(); // not late: each step reads the clock before it (I37)
            Slot<E, C> slot = idle.fresh(pool, tick, step.actions);
            if (slot == null) {
                return false;
            }
            if (slot.tryTake(tick)) {
                if (offer.deliver(step, waiter, slot)) {
                    return true;
                }
                // The waiter has left, or the connection must go: the same step that is under way finds what follows.
                offer.settle(step, slot);
                if (!waiter.isWaiting()) {
                    return true;
                }
            }
        }
    }

    /** Leases an idle connection that may be handed out as it is. @return a lease that is not counted yet, or null */
    @Nullable
    SlotLease<E, C> takeUsable(Step<E, C> step) {
        EndpointPool<E, C> pool = step.endpoint;
        long tick = context.ticker.coarse(); // as above
        for (Slot<E, C> slot = idle.fresh(pool, tick, step.actions);
                slot != null;
                slot = idle.fresh(pool, tick, step.actions)) {
            if (slot.tryTake(tick)) {
                long word = slot.nextLease();
                SlotLease<E, C> lease = word == 0 ? null : new SlotLease<>(slot, word);
                if (lease != null && slot.tryLeaseAs(word)) {
                    return lease;
                }
                offer.settle(step, slot);
            }
        }
        return null;
    }

    /**
     * In order, the one idle longest comes first: it must be checked, or is being checked for this waiter. Unless another
     * waiter can use that check: then idle ones go to waiters in the order of both, and no waiter is overtaken.
     */
    private boolean waitsForCheck(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        boolean isForIt = waiter.cover == null
                ? idle.isStaleFirst(pool, context.ticker.coarse(), step.actions)
                : waiter.cover instanceof AlivenessCheck<E, C>;
        return isForIt && !pool.queue.hasUncoveredForReuseBeside(waiter);
    }

    /** An idle connection that must be checked before it is handed out; null when there is none. */
    @Nullable
    Slot<E, C> staleIdle(Step<E, C> step) {
        return idle.stale(step.endpoint, context.ticker.coarse(), step.actions);
    }

    /** Has an idle connection checked for a waiter. @return false when there is none */
    private boolean check(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        for (Slot<E, C> slot = staleIdle(step); slot != null; slot = staleIdle(step)) {
            if (slot.tryCheck()) {
                slot.deferred = step.actions;
                var check = new AlivenessCheck<>(slot);
                pool.queue.cover(waiter, check);
                step.actions.add(more -> context.outlet.check(check, more));
                return true;
            }
        }
        return false;
    }

    /** A connect that is in flight for no waiter in particular is for this one now. */
    private boolean coverByFree(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        ConnectAttempt<E, C> free = pool.attempts.freeFor(waiter, pool.generation);
        if (free != null) {
            pool.queue.cover(waiter, free);
        }
        return free != null;
    }

    /** Starts a connect for a waiter. @return false when limits, gate or permits do not allow one */
    private boolean connect(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        if (waiter.timeout == 0) {
            return false; // it takes an idle connection or nothing
        }
        if (!hasRoomToConnect(step)) {
            return false;
        }
        if (!takePermit(pool)) {
            step.refused = true;
            return false;
        }
        pool.queue.cover(waiter, start(step, null, false));
        return true;
    }

    /**
     * At the endpoint's cap: the connection idle longest goes, and its permit is kept for the waiter. So it does at the cap
     * of the pool, where nothing else makes this room: what is reserved for the endpoint is no victim.
     */
    private void makeRoom(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        boolean isFull = pool.size >= pool.maxSize(step.now) || (step.refused && pool.isReserved());
        if (!isFull || !mayConnect(step) || overtaking.isAwaited(pool) || !mayStartFor(step, waiter)) {
            return;
        }
        for (Slot<E, C> slot = longestIdle(step); slot != null; slot = longestIdle(step)) {
            if (slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                if (!disposeFor(step, slot, waiter)) {
                    offer.settle(step, slot);
                }
                return;
            }
        }
    }

    /**
     * Disposes a slot owned by the caller so that a waiter can have a new connection in its place.
     *
     * @return false when the request of a ticket has no free turn any more: the slot is still the caller's
     */
    boolean disposeFor(Step<E, C> step, Slot<E, C> slot, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        boolean needsTurn = needsTurn(waiter);
        if (!takeTurn(step, waiter)) {
            return false;
        }
        var owed = new OwedPermit<>(slot);
        pool.queue.cover(waiter, owed);
        // Its permit is on its way to no other request.
        pool.disposeCounted(slot, DisposeReason.PRESSURE, owed, step.actions);
        if (needsTurn) {
            keepTurnIfUsed(step, waiter, false);
        }
        return true;
    }

    @Nullable
    Slot<E, C> longestIdle(Step<E, C> step) {
        return idle.longest(step.endpoint);
    }

    // ---- connects

    private boolean hasRoomToConnect(Step<E, C> step) {
        EndpointPool<E, C> pool = step.endpoint;
        return pool.size < pool.maxSize(step.now) && mayConnect(step);
    }

    private boolean mayConnect(Step<E, C> step) {
        EndpointPool<E, C> pool = step.endpoint;
        return pool.attempts.size() < pool.limits.maxConnects() && !pool.isGated(step.now) && !pool.isClogged();
    }

    private boolean takePermit(EndpointPool<E, C> pool) {
        return pool.credits > 0 || context.capacity.tryAcquire(pool);
    }

    private ConnectAttempt<E, C> start(Step<E, C> step, @Nullable WarmUp warmUp, boolean isRefill) {
        EndpointPool<E, C> pool = step.endpoint;
        // I13: slots are made here only, under the lock, and each caller has found room and a permit
        var slot = new Slot<>(pool, pool.nextIndex());
        slot.deferred = step.actions;
        var attempt = new ConnectAttempt<>(slot, pool.sequence + 1, pool.generation, pool.created, warmUp, isRefill);
        pool.add(slot);
        pool.addAttempt(attempt);
        step.actions.add(more -> context.outlet.connect(attempt, more));
        return attempt;
    }

    /** The permit of a disposal that was meant for a waiter is there. */
    public void connectInPlace(Step<E, C> step, Waiter<E, C> waiter) {
        // I56: the turn of a ticket has ended with the disposal, and begins anew
        if (hasRoomToConnect(step) && takeTurn(step, waiter)) {
            step.endpoint.queue.cover(waiter, start(step, null, false));
        }
    }

    /** Free permits only: never a victim, never ahead of a waiter, not while an endpoint starves. */
    private boolean connectWithFreePermit(Step<E, C> step, @Nullable WarmUp warmUp, boolean isRefill) {
        EndpointPool<E, C> pool = step.endpoint;
        if (pool.queue.needing() > 0 || !hasRoomToConnect(step) || !context.capacity.tryAcquire(pool)) {
            return false;
        }
        start(step, warmUp, isRefill);
        return true;
    }

    private void warmUp(Step<E, C> step) {
        EndpointPool<E, C> pool = step.endpoint;
        for (Iterator<WarmUp> all = pool.warmUps().iterator(); all.hasNext(); ) {
            WarmUp w = all.next();
            if (w.generation != pool.generation || w.result.isDone()) {
                w.budget = 0;
            }
            boolean goesOn = true;
            while (goesOn && w.budget > 0 && pool.held() < w.target) {
                goesOn = connectWithFreePermit(step, w, false);
                if (goesOn) {
                    w.budget--;
                    w.inFlight++;
                }
            }
            boolean waits = pool.attempts.size() > 0
                    || (pool.isGated(step.now) && !pool.isRefused(step.now))
                    || awaitsShare(step, w);
            boolean goesOnLater = w.budget > 0 && pool.held() < w.target && waits;
            if (w.inFlight <= 0 && !goesOnLater) {
                step.actions.add(new WarmUp.End(w, context.settings.executors));
                all.remove();
            }
        }
    }

    /** A warm-up waits for a share as long as for a connect; the sweeps look again. */
    private boolean awaitsShare(Step<E, C> step, WarmUp warmUp) {
        return step.endpoint.share != null
                && context.settings.backgroundCollector()
                && step.endpoint.size >= step.endpoint.maxSize(step.now)
                && step.now - warmUp.startedAt < context.settings.connectTimeout;
    }

    private void endWarmUps(Step<E, C> step) {
        for (Iterator<WarmUp> all = step.endpoint.warmUps().iterator(); all.hasNext(); ) {
            WarmUp w = all.next();
            w.budget = 0;
            if (w.inFlight <= 0) {
                step.actions.add(new WarmUp.End(w, context.settings.executors));
                all.remove();
            }
        }
    }

    /** One at a time: its arrival starts the next, so that a refill is never a storm. */
    private void refill(Step<E, C> step) {
        EndpointPool<E, C> pool = step.endpoint;
        if (!context.settings.backgroundCollector()
                || pool.isRefillPaused
                || !pool.warmUps().isEmpty()
                || pool.held() >= pool.effectiveMinIdle()
                || pool.attempts.hasRefill()) {
            return;
        }
        connectWithFreePermit(step, null, true);
    }

    /**
     * How many permits waiters need that could not be had. Only called when a waiter was refused in this very step: those
     * that have left but are not unlinked yet are counted, and alone they must not make the endpoint starve.
     */
    private int unmetNeed(Step<E, C> step) {
        EndpointPool<E, C> pool = step.endpoint;
        int needing = pool.queue.needing();
        int room = Math.min(pool.maxSize(step.now) - pool.size, pool.limits.maxConnects() - pool.attempts.size());
        return Math.max(0, Math.min(needing, room));
    }

    private boolean isEmpty(EndpointPool<E, C> pool) {
        EndpointCounters counters = pool.countersOrNull();
        boolean isHeldForMinIdle =
                pool.effectiveMinIdle() > 0 && context.settings.backgroundCollector() && !pool.has(EndpointPool.CLOSED);
        return pool.size == 0
                && pool.queue.isEmpty()
                && (pool.has(EndpointPool.CLOSED) || (!pool.isResized && !pool.isSuspendedItself()))
                && pool.warmUps().isEmpty()
                && !isHeldForMinIdle
                && (counters == null || counters.abandoned == 0)
                && pool.wanted() == 0
                && pool.grants() == 0
                && !pool.has(EndpointPool.REMOVED);
    }
}
