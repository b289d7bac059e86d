package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import java.util.ArrayList;
import java.util.Comparator;

/** What happens by itself: calls to the manager end or overrun, deadlines pass, the collector goes its rounds. */
abstract class EventRules extends HandOnRules {
    EventRules(TraceConfig config) {
        super(config);
    }

    void takeIn(Slot slot) {
        boolean success = slot.result && !(slot.late && slot.state == State.CHECKING);
        slot.result = null;
        if (slot.state == State.CONNECTING && success) {
            arrived(endpoints[slot.endpoint], slot);
        } else if (slot.state == State.CONNECTING) {
            failed(slot);
            free(slot, false);
        } else if (slot.state == State.DISPOSING) {
            free(slot, true);
        } else if (success) {
            slot.checked = slot.state == State.CHECKING ? stamp() : slot.checked;
            offer(slot, false);
        } else {
            discard(slot, slot.state == State.CHECKING ? DisposeReason.DEAD : DisposeReason.HOOK_FAILED);
        }
        settle();
    }

    void arrived(Endpoint ep, Slot slot) {
        slot.connection = slot.op;
        slot.connected = now;
        slot.stamp = stamp();
        slot.uncounted = fault.failsBind() && !reading(Reading.FAILED_BIND_COUNTS);
        ep.counts[Count.CREATED.ordinal()] += slot.uncounted ? 0 : 1;
        if (fault.failsBind()) {
            failed(slot);
            discard(slot, fault == Fault.BIND_DEAD ? DisposeReason.DEAD : DisposeReason.HOOK_FAILED);
        } else {
            warmedUp(ep, slot, 1);
            slot.evicted = slot.generation != ep.generation;
            offer(slot, true);
        }
    }

    // ---- Time ----

    void advance(long until) {
        for (var ended : find(slot -> slot.result != null)) {
            if (slots.containsKey(ended.id) && ended.result != null && choose(2) == 0) {
                takeIn(ended);
            }
        }
        for (var due = nextDeadline(); due.getKey() <= until; due = nextDeadline()) {
            now = Math.max(now, due.getKey());
            int event = due.getValue().get(choose(due.getValue().size()));
            if (event == 0) {
                tick();
            } else if (event > 0) {
                end(requests.get(event), Count.TIMED_OUT, "AcquireTimeoutException");
                serve(endpoints[requests.get(event).endpoint], 0);
            } else {
                overrun(slots.get(-event));
            }
            settle();
        }
        now = until;
    }

    void overrun(Slot slot) {
        boolean ignores = slot.op == 0 ? slot.state == State.DISPOSING : slot.stubborn;
        if (slot.late) {
            lost.add(slot.clone());
            slot.reason = slot.state == State.CHECKING ? DisposeReason.DEAD : slot.reason;
            if (slot.state == State.CONNECTING) {
                failed(slot);
            }
            free(slot, slot.state != State.CONNECTING);
        } else if (slot.result != null || ignores && slot.state != State.PENDING) {
            slot.late = true;
        } else {
            slot.result = false;
            slot.late = true;
            if (slot.op == 0 || choose(2) == 0) {
                takeIn(slot);
            }
        }
    }

    void tick() {
        ticks++;
        tick = now;
        if (ticks % config.ticksPerSweep() != 0) {
            return;
        }
        var held = new ArrayList<Endpoint>();
        for (var ep : endpoints) {
            if (ep != null) {
                held.add(ep);
                sweep(ep);
            }
        }
        while (!held.isEmpty()) {
            // Who comes first matters only where free permits are fewer than those who would refill with them.
            long refilling = held.stream()
                    .filter(ep -> mayRefill(ep) && held(ep) < minIdle(ep))
                    .count();
            boolean contended = refilling > total - slots.size();
            serve(held.remove(contended ? choose(held.size()) : 0), 0);
        }
    }

    void sweep(Endpoint ep) {
        long horizon = now + config.tickPeriod() * config.ticksPerSweep();
        boolean recent = now - ep.touched < config.retention;
        recent |= ep.retained
                && !recent
                && ep.minIdle > 0
                && size(ep, State.LEASED) > 0
                && reading(Reading.LEASE_KEEPS_MIN_IDLE);
        boolean unclear =
                size(ep, State.LEASED) == 0 && ep.minIdle > 0 && recent != now - ep.touchedTick < config.retention;
        ep.retained = unclear ? recent == reading(Reading.RETENTION_IS_EXACT) : recent;
        ep.refillFailed = false;
        boolean doubtful = idle(ep).stream()
                .anyMatch(s -> sum(s.connected, config.lifetime) > horizon
                        && sum(s.connected, config.lifetime) <= horizon + config.tickPeriod());
        long end = horizon + (doubtful && reading(Reading.SWEEP_LIFETIME_BY_TICK) ? config.tickPeriod() : 0);
        for (var slot : idle(ep)) {
            if (sum(slot.connected, config.lifetime) <= end) {
                dispose(slot, DisposeReason.MAX_LIFETIME);
            }
        }
        var extras = idle(ep);
        extras.removeIf(slot -> sum(slot.stamp, config.idleTimeout) > horizon);
        idleLongest(extras, held(ep) - minIdle(ep)).forEach(slot -> dispose(slot, DisposeReason.IDLE_TIMEOUT));
        for (var slot : idle(ep)) {
            if (sum(Math.max(slot.stamp, slot.checked), config.keepalive) <= horizon
                    && (ep.suspended == null || reading(Reading.SUSPENDED_IS_KEPT_ALIVE))) {
                check(slot, 0);
            }
        }
    }

    /** Without a collector, releases (and failed acquires may) take out a few idle connections that have expired. */
    void expireSome(boolean optional) {
        int left = config.collector || optional && !reading(Reading.MISS_EXPIRES) ? 0 : config.batch(slots.size());
        var expired = idle(null);
        expired.sort(Comparator.comparing(this::isExpired));
        for (var slot : expired) {
            if (left > 0 && (isExpired(slot) || isExtra(slot)) && choose(2) == 0) {
                dispose(slot, isExpired(slot) ? DisposeReason.MAX_LIFETIME : DisposeReason.IDLE_TIMEOUT);
                left--;
            }
        }
        require(
                left <= 0
                        || idle(null).stream().noneMatch(s -> isExpired(s) || isExtra(s))
                        || config.collector
                        || optional,
                "expired ones are disposed");
    }

    boolean isExtra(Slot slot) {
        var ep = endpoints[slot.endpoint];
        return sum(slot.stamp, config.idleTimeout) <= now && held(ep) > minIdle(ep);
    }
}
