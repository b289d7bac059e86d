package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import java.util.ArrayList;
import java.util.List;

/**
 * The heart of the specification: who gets what. A connection that can be used again is offered, a free permit is
 * handed on, and after anything that may have changed something an endpoint is served.
 */
abstract class HandOnRules extends ModelState {
    /** The starving endpoint whose turn it is to use the free permit, -1 for none. */
    private int turn = -1;
    /** The endpoint of the acquire under way, -1 for none: it does not leave meanwhile. */
    int entering = -1;

    HandOnRules(TraceConfig config) {
        super(config);
    }

    // ---- One endpoint ----

    Endpoint open(int index) {
        var ep = new Endpoint();
        ep.index = index;
        ep.serial = ++sequence;
        var limits = config.limitsOf(index);
        ep.limit(limits.minIdle(), limits.maxSize(), limits.maxWaiters(), limits.maxConnects());
        endpoints[index] = ep;
        return ep;
    }

    void touch(Endpoint ep, boolean hit) {
        boolean late = hit && !ep.retained && ep.minIdle > 0 && config.collector;
        ep.retained |= !late || !reading(Reading.HIT_RESTORES_MIN_IDLE_LATE);
        ep.touched = now;
        ep.touchedTick = stamp();
    }

    /** An idle connection to hand out, or (if wanted) to check first; some that must not be are disposed on the way. */
    Slot pick(Endpoint ep, boolean stale, boolean ask) {
        var usable = new ArrayList<Slot>();
        for (var slot : idle(ep)) {
            boolean asked = isStale(slot) && config.instantCheck && ask;
            if (isExpired(slot) || asked && fault == Fault.CHECK_DEAD) {
                boolean passed = !config.fifo && idle(ep).stream().anyMatch(this::isUsable);
                if (!passed || choose(2) == 0) {
                    checkedAtOnce.addAll(isExpired(slot) ? List.of() : List.of(slot.connection));
                    dispose(slot, isExpired(slot) ? DisposeReason.MAX_LIFETIME : DisposeReason.DEAD);
                }
            } else if (asked || stale && !config.instantCheck || !isStale(slot)) {
                usable.add(slot);
            }
            if (config.fifo && (!usable.isEmpty() || slot.state == State.IDLE && reading(Reading.STALE_ENDS_SEARCH))) {
                break;
            }
        }
        var picked = usable.isEmpty() ? null : usable.get(choose(usable.size()));
        if (picked != null && isStale(picked) && config.instantCheck) {
            checkedAtOnce.add(picked.connection);
            picked.checked = stamp();
        }
        return picked;
    }

    /** The one step after anything that may have changed something: hand on, or create for the next waiter. */
    void serve(Endpoint ep, int acquiring) {
        if (ep == null) {
            return;
        }
        for (var waiter : ep.suspended == null ? waiters(ep) : List.<Request>of()) {
            if (waiter.id == acquiring
                    && !isCovered(waiter)
                    && !idle(ep).isEmpty()
                    && !free(ep, waiter).isEmpty()) {
                if (reading(Reading.CONNECT_BEFORE_CHECK)) {
                    cover(ep, waiter, false);
                }
            }
            boolean handedOn = true;
            while (waiter.outcome == null && handedOn) {
                handedOn = !waiter.isNew && handIdle(ep, waiter);
            }
            if (waiter.outcome == null && !isCovered(waiter)) {
                cover(
                        ep,
                        waiter,
                        waiter.id == acquiring || waiter == waiters(ep).get(0));
            }
        }
        boolean warmsFirst = !ep.warmUps.isEmpty()
                && config.collector
                && mayRefill(ep)
                && held(ep) < minIdle(ep)
                && reading(Reading.WARM_UP_BEFORE_REFILL);
        if (!warmsFirst) {
            refill(ep);
        }
        for (var warmUp : List.copyOf(ep.warmUps)) {
            while (warmUp.left > 0 && held(ep) < warmUp.target && mayConnectUnasked(ep)) {
                warmUp.left--;
                warmUp.inFlight++;
                connect(ep, null, false, warmUp.id);
            }
            boolean blocked = warmUp.left > 0 && held(ep) < warmUp.target && size(ep, State.CONNECTING) > 0;
            if (warmUp.inFlight == 0 && !blocked && ep.warmUps.remove(warmUp)) {
                warmedUp.put(warmUp.id, warmUp);
            }
        }
        if (warmsFirst) {
            refill(ep);
        }
        boolean empty = size(ep) == 0 && waiters(ep).isEmpty() && ep.warmUps.isEmpty();
        boolean floor = empty && minIdle(ep) > 0 && (config.collector || reading(Reading.FLOOR_HOLDS_ENDPOINT));
        floor |= empty
                && lost.stream().anyMatch(slot -> slot.endpoint == ep.index)
                && reading(Reading.ABANDONED_CALL_HOLDS_ENDPOINT);
        if (empty
                && endpoints[ep.index] == ep
                && ep.suspended == null
                && !ep.resized
                && !floor
                && ep.index != entering) {
            endpoints[ep.index] = null;
            for (int i = 0; i < ep.counts.length; i++) {
                gone.counts[i] += ep.counts[i];
            }
            for (int i = 0; i < ep.disposed.length; i++) {
                gone.disposed[i] += ep.disposed[i];
            }
        }
    }

    private void refill(Endpoint ep) {
        boolean warming = !find(slot -> slot.endpoint == ep.index && slot.warmUp != 0 && slot.state == State.CONNECTING)
                .isEmpty();
        if (warming && mayRefill(ep) && held(ep) < minIdle(ep) && reading(Reading.REFILL_AFTER_WARM_UP)) {
            return;
        }
        while (endpoints[ep.index] == ep && held(ep) < minIdle(ep) && config.collector && mayRefill(ep)) {
            connect(ep, null, true, 0);
        }
    }

    /** Hands an idle connection to a waiter, or has one checked for it; true when it is worth trying again. */
    boolean handIdle(Endpoint ep, Request waiter) {
        var slot = pick(ep, !isCovered(waiter), true);
        if (slot != null && isStale(slot) && !config.instantCheck) {
            check(slot, waiter.id);
            return slot.state != State.CHECKING;
        } else if (slot != null) {
            lease(waiter, slot);
        }
        return false;
    }

    void cover(Endpoint ep, Request waiter, boolean mayDispose) {
        var free = free(ep, waiter);
        var slot = free.isEmpty() ? null : free.get(choose(free.size()));
        if (slot != null
                && (slot.state == State.CHECKING
                        ? reading(Reading.CHECK_COVERS)
                        : slot.generation == ep.generation || reading(Reading.OLD_CONNECT_COVERS))) {
            slot.covers = waiter.id;
        } else if (waiter.isNew && size(ep) >= ep.maxSize) {
            var idle = idle(ep);
            if (mayDispose && !idle.isEmpty() && size(ep) == ep.maxSize) {
                var victim = config.fifo ? idle.get(0) : idleLongest(idle, 1).get(0);
                dispose(victim, DisposeReason.PRESSURE);
                victim.covers = waiter.id;
            }
        } else if (mayConnect(ep) && slots.size() < total && (starving.isEmpty() || turn == ep.index)) {
            turn = -1;
            connect(ep, waiter, false, 0);
        } else if (mayConnect(ep) && !starving.contains(ep.index)) {
            starving.add(ep.index);
            ep.starvedSince = now;
        }
    }

    private List<Slot> free(Endpoint ep, Request waiter) {
        return find(slot -> slot.endpoint == ep.index && slot.covers == 0 && isComing(slot) && accepts(waiter, slot));
    }

    boolean mayConnect(Endpoint ep) {
        return ep.suspended == null && size(ep) < ep.maxSize && size(ep, State.CONNECTING) < ep.maxConnects;
    }

    /** Refill and warm-up use free permits only, never ahead of a waiter, not while anyone starves. */
    boolean mayConnectUnasked(Endpoint ep) {
        return mayConnect(ep) && slots.size() < total && starving.isEmpty() && uncovered(ep) == 0;
    }

    boolean mayRefill(Endpoint ep) {
        return mayConnectUnasked(ep)
                && !ep.refillFailed
                && find(s -> s.endpoint == ep.index && s.refill && s.state == State.CONNECTING)
                        .isEmpty();
    }

    void connect(Endpoint ep, Request waiter, boolean refill, int warmUp) {
        var slot = new Slot();
        slot.id = ++sequence;
        slot.endpoint = ep.index;
        slot.since = now;
        slot.covers = waiter == null ? 0 : waiter.id;
        slot.startSeq = lastRequest + 1;
        slot.generation = ep.generation;
        slot.refill = refill;
        slot.warmUp = warmUp;
        slots.put(slot.id, slot);
        slot.result = fault == Fault.CONNECT_EXECUTOR_REJECTS ? false : null;
        if (fault == Fault.CONNECT_EXECUTOR_REJECTS && choose(2) == 0) {
            slot.result = null;
            failed(slot);
            free(slot, false);
        }
    }

    /** Only the one it covers fails, and only if the connect was started for it or others before it. */
    void failed(Slot slot) {
        var ep = endpoints[slot.endpoint];
        var covered = requests.get(slot.covers);
        slot.covers = 0;
        ep.counts[Count.CONNECT_FAILURES.ordinal()]++;
        ep.refillFailed |= slot.refill;
        warmedUp(ep, slot, 0);
        if (covered != null && slot.generation == ep.generation && covered.id < slot.startSeq) {
            end(covered, Count.FAILED, "ConnectionCreateException");
        }
    }

    void warmedUp(Endpoint ep, Slot slot, int opened) {
        for (var warmUp : ep.warmUps.stream().filter(w -> w.id == slot.warmUp).toList()) {
            warmUp.inFlight--;
            warmUp.opened += opened;
            warmUp.wasted += slot.generation == ep.generation ? 0 : opened;
        }
    }

    void check(Slot slot, int waiter) {
        if (config.instantCheck) {
            checkedAtOnce.add(slot.connection);
            slot.checked = stamp();
            if (fault == Fault.CHECK_DEAD) {
                discard(slot, DisposeReason.DEAD);
            }
            return;
        }
        slot.become(State.CHECKING, 0, now);
        slot.covers = waiter;
        slot.result = fault == Fault.CONNECT_EXECUTOR_REJECTS ? false : null;
        if (fault == Fault.CONNECT_EXECUTOR_REJECTS && choose(2) == 0) {
            dispose(slot, DisposeReason.DEAD);
        }
    }

    /** A connection that was made, released, checked or reset: its own waiters first, unless others starve too long. */
    void offer(Slot slot, boolean made) {
        var ep = endpoints[slot.endpoint];
        slot.covers = 0;
        slot.holder = 0;
        var doom = doom(slot);
        var waiting = ep.suspended == null ? waiters(ep) : List.<Request>of();
        var taker = waiting.stream().filter(waiter -> accepts(waiter, slot)).findFirst();
        var oldest = starving.isEmpty() || demand() == 0 ? ep : endpoints[starving.get(0)];
        if (oldest == ep && demand() > 0 && starving.size() > 1 && reading(Reading.SERVED_STARVING_IS_PASSED)) {
            // It is being served, so that the next one is the oldest that starves.
            oldest = endpoints[starving.get(1)];
            if (reading(Reading.SERVED_STARVING_GOES_LAST)) {
                starving.add(starving.remove(0));
                ep.starvedSince = reading(Reading.LAST_STARVES_ANEW) ? now : ep.starvedSince;
            }
        }
        boolean overtaken = now - Math.max(slot.connected, oldest.starvedSince) >= config.overtakeWindow;
        if (doom != null) {
            dispose(slot, doom);
        } else if (oldest != ep && (taker.isEmpty() || overtaken && !made)) {
            dispose(slot, DisposeReason.PRESSURE);
        } else if (oldest == ep && !waiting.isEmpty() && isOwedOne(ep, waiting.get(0), slot)) {
            dispose(slot, DisposeReason.PRESSURE);
            slot.covers = waiting.get(0).id;
        } else if (taker.isPresent()) {
            lease(taker.get(), slot);
        } else {
            boolean used = slot.state != State.CHECKING && (!slot.unseen || reading(Reading.UNSEEN_LEASE_RENEWS));
            slot.stamp = used ? stamp() : slot.stamp;
            slot.idleOrder = slot.state == State.CHECKING && config.fifo && reading(Reading.CHECKED_KEEPS_PLACE)
                    ? slot.idleOrder
                    : ++sequence;
            slot.become(State.IDLE, 0, now);
            slot.unseen = false;
        }
        serve(ep, 0);
    }

    /** A lease that was delivered to a request that was cancelled before it was completed. */
    void comeBack(Slot slot) {
        var request = requests.remove(slot.holder);
        int counted = reading(Reading.CANCELLED_COUNTS_AS_GRANTED) ? 1 : 0;
        count(request, Count.GRANTED, counted - 1);
        count(request, Count.CANCELLED, 1 - counted);
        slot.leases -= reading(Reading.UNSEEN_LEASE_COUNTS) ? 0 : 1;
        slot.returning = false;
        slot.unseen = true;
        offer(slot, false);
    }

    boolean isOwedOne(Endpoint ep, Request oldest, Slot offered) {
        return oldest.isNew && !accepts(oldest, offered) && !isCovered(oldest) && size(ep) == ep.maxSize;
    }

    void lease(Request request, Slot slot) {
        slot.unseen = false;
        slot.become(State.LEASED, 0, now);
        slot.holder = request.id;
        slot.leases++;
        end(request, Count.GRANTED, "");
        if (fault == Fault.COMPLETION_EXECUTOR_REJECTS && !request.immediate) {
            count(request, Count.GRANTED, -1);
            count(request, Count.FAILED, 1);
            request.outcome = Count.FAILED;
            slot.unseen = true;
            slot.leases -= reading(Reading.UNSEEN_LEASE_COUNTS) ? 0 : 1;
            offer(slot, false);
        }
    }

    void end(Request request, Count outcome, String error) {
        request.outcome = outcome;
        request.endedAt = now;
        request.error = fault == Fault.COMPLETION_EXECUTOR_REJECTS ? "*" : error;
        count(request, outcome, 1);
        uncover(request);
    }

    /** What was coming for one who left is for another one: serve finds him. */
    void uncover(Request request) {
        find(slot -> slot.covers == request.id).forEach(slot -> slot.covers = 0);
    }

    // ---- Permits ----

    void discard(Slot slot, DisposeReason reason) {
        var doom = doom(slot);
        dispose(slot, doom == null || doom == reason || choose(2) == 0 ? reason : doom);
        serve(endpoints[slot.endpoint], 0);
        settle();
    }

    void dispose(Slot slot, DisposeReason reason) {
        var ep = endpoints[slot.endpoint];
        boolean broken = reason == DisposeReason.DEAD
                || reason == DisposeReason.HOOK_FAILED
                || slot.retired && reason == DisposeReason.MAX_LEASES;
        if (broken && slot.leases <= 1 && config.collector && minIdle(ep) > 0) {
            ep.refillFailed |= reading(
                    slot.leases == 0 ? Reading.UNUSED_DEATH_STOPS_REFILL : Reading.FIRST_USE_DEATH_STOPS_REFILL);
        }
        slot.become(State.DISPOSING, 0, now);
        slot.reason = reason;
        slot.rejected = fault == Fault.CONNECT_EXECUTOR_REJECTS;
        if (fault == Fault.CONNECT_EXECUTOR_REJECTS && choose(2) == 0) {
            strays.add(slot.connection);
            free(slot, true);
        }
    }

    /** A permit is free: for the one it is owed to, else for the oldest that starves, else for its endpoint. */
    void free(Slot slot, boolean disposed) {
        var ep = endpoints[slot.endpoint];
        var owed = requests.get(slot.covers);
        slots.remove(slot.id);
        if (disposed && !slot.uncounted) {
            ep.disposed[slot.reason.ordinal()]++;
        }
        if (owed != null && owed.outcome == null && mayConnect(ep) && slots.size() < total) {
            connect(ep, owed, false, 0);
        }
        settle();
        if (endpoints[ep.index] == ep) {
            serve(ep, 0);
        }
    }

    int wanted(int index) {
        var ep = endpoints[index];
        return ep == null || !mayConnect(ep)
                ? 0
                : (int) Math.min(
                        uncovered(ep), Math.min(ep.maxSize - size(ep), ep.maxConnects - size(ep, State.CONNECTING)));
    }

    /** How many connections must still go for those who starve; a lowered total takes the first permits. */
    int demand() {
        int unowed =
                find(slot -> slot.state == State.DISPOSING && slot.covers == 0).size();
        int wanted = starving.stream().mapToInt(this::wanted).sum();
        return wanted == 0 ? 0 : Math.max(0, wanted + Math.max(0, slots.size() - total) - unowed);
    }

    /** The starving are served oldest first: by free permits, else by the connections that are idle longest. */
    void settle() {
        while (true) {
            starving.removeIf(index -> wanted(index) == 0);
            if (!starving.isEmpty() && slots.size() < total) {
                turn = starving.remove(0);
                serve(endpoints[turn], 0);
                turn = -1;
            } else if (demand() > 0 && !idle(null).isEmpty()) {
                dispose(idleLongest(idle(null), 1).get(0), DisposeReason.PRESSURE);
            } else {
                return;
            }
        }
    }
}
