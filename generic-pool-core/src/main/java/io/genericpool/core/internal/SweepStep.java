package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.List;

/** The collector's look at one endpoint: what has expired goes, what is due is probed, what is missing is refilled. */
final class SweepStep<E, C> {
    private final PoolContext<E, C> context;
    private final PoolSettings<E> settings;
    /** What expires before the next sweep is taken out by this one. */
    private final long period;

    private final Keepalive<E, C> keepalive;
    private final LeakReports<E, C> leaks;

    SweepStep(PoolContext<E, C> context, long period, LeakReports<E, C> leaks) {
        this.context = context;
        this.settings = context.settings;
        this.period = period;
        this.leaks = leaks;
        this.keepalive = new Keepalive<>(context, period);
    }

    /** Looks without the lock first: most endpoints need nothing. */
    void run(EndpointPool<E, C> pool, long tick) {
        if (needsWork(pool, tick)) {
            work(pool, tick);
        }
    }

    private boolean needsWork(EndpointPool<E, C> pool, long tick) {
        boolean misses = pool.isRetained && pool.held() < pool.limits.minIdle();
        if (pool.size == 0 || misses || pool.isRefillPaused || !pool.warmUps().isEmpty()) {
            return true;
        }
        boolean hasDue = false;
        long lastUse = pool.lastTouch;
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot == null) {
                continue;
            }
            int state = slot.state();
            if (state == Slot.IDLE) {
                hasDue |= isExpired(slot, tick) || isIdleTooLong(slot, tick);
            } else if (state == Slot.LEASED) {
                lastUse = tick;
                hasDue |= isLeaked(slot, tick);
            }
            if (slot.leases() > 0 && slot.since - lastUse > 0) {
                lastUse = slot.since;
            }
        }
        boolean retained = pool.isTouched() && tick - lastUse < settings.endpointRetention;
        return hasDue || retained != pool.isRetained || keepalive.isNeeded(pool, tick);
    }

    private void work(EndpointPool<E, C> pool, long tick) {
        pool.step(actions -> {
            if (pool.has(EndpointPool.REMOVED | EndpointPool.CLOSED)) {
                return;
            }
            retain(pool, tick);
            expire(pool, tick, actions);
            expireIdle(pool, tick, actions);
            keepalive.probe(pool, tick, actions);
            findLeaks(pool, tick);
            pool.isRefillPaused = false;
            context.serve.run(pool, null, pool.now(), actions);
        });
    }

    private void retain(EndpointPool<E, C> pool, long tick) {
        long lastUse = pool.lastTouch;
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && slot.state() == Slot.LEASED) {
                lastUse = tick;
            } else if (slot != null && slot.leases() > 0 && slot.since - lastUse > 0) {
                lastUse = slot.since;
            }
        }
        pool.isRetained = pool.isTouched() && tick - lastUse < settings.endpointRetention;
    }

    private void expire(EndpointPool<E, C> pool, long tick, Actions actions) {
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && slot.isIdle() && isExpired(slot, tick) && slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                pool.dispose(slot, DisposeReason.MAX_LIFETIME, null, actions);
            }
        }
    }

    private void expireIdle(EndpointPool<E, C> pool, long tick, Actions actions) {
        int extras = pool.held() - pool.effectiveMinIdle();
        if (extras <= 0) {
            return;
        }
        for (Slot<E, C> slot : idleLongestFirst(pool)) {
            if (extras == 0) {
                return;
            }
            if (isIdleTooLong(slot, tick) && slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                pool.dispose(slot, DisposeReason.IDLE_TIMEOUT, null, actions);
                extras--;
            }
        }
    }

    private void findLeaks(EndpointPool<E, C> pool, long tick) {
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot == null || !isLeaked(slot, tick)) {
                continue;
            }
            slot.extras().leakReportedVersion = slot.extras().seenVersion;
            pool.counters().leaks++;
            leaks.add(slot, slot.heldFor(tick), Math.abs(slot.holder));
        }
    }

    /** By stamps that are read once: releases go on meanwhile, and a sort must not see them change. */
    private List<Slot<E, C>> idleLongestFirst(EndpointPool<E, C> pool) {
        var idle = new ArrayList<Aged<E, C>>();
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && slot.isIdle()) {
                idle.add(new Aged<>(slot, slot.since));
            }
        }
        idle.sort((a, b) -> Long.signum(a.since - b.since));
        var slots = new ArrayList<Slot<E, C>>(idle.size());
        idle.forEach(aged -> slots.add(aged.slot));
        return slots;
    }

    private record Aged<E, C>(Slot<E, C> slot, long since) {}

    private boolean isExpired(Slot<E, C> slot, long tick) {
        return slot.expiresAt - (tick + period) <= 0;
    }

    private boolean isIdleTooLong(Slot<E, C> slot, long tick) {
        return slot.since + slot.idleTimeout - (tick + period) <= 0;
    }

    /**
     * Whether a lease has been held for too long: first seen by a sweep a threshold ago, and not reported yet. The stamps
     * are the sweep's own, so that an acquire pays nothing for them.
     */
    private boolean isLeaked(Slot<E, C> slot, long tick) {
        long word = slot.word();
        if (Slot.state(word) != Slot.LEASED || Nanos.isOff(settings.leakDetectionThreshold)) {
            return false;
        }
        SlotExtras<E, C> extras = slot.extras();
        if (extras.seenVersion != Slot.version(word)) {
            extras.seenVersion = Slot.version(word);
            extras.seenLeasedAt = tick;
        }
        return tick - extras.seenLeasedAt >= settings.leakDetectionThreshold
                && extras.leakReportedVersion != extras.seenVersion;
    }
}
