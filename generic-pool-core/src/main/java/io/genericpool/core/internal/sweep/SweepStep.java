package io.genericpool.core.internal.sweep;

import io.genericpool.core.internal.capacity.EndpointShare;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.ServeStep;
import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.support.Nanos;

/** The collector's look at one endpoint: what has expired goes, what is due is probed, what is missing is refilled. */
final class SweepStep<E, C> {
    private final ServeStep<E, C> serve;
    private final PoolSettings<E> settings;
    /** What expires before the next sweep is taken out by this one. */
    private final long period;

    private final Keepalive<E, C> keepalive;
    private final LeakReports<E, C> leaks;
    private final RepairStep<E, C> repair;

    SweepStep(
            EndpointContext<E, C> context,
            ServeStep<E, C> serve,
            long period,
            LeakReports<E, C> leaks,
            RepairStep<E, C> repair) {
        this.serve = serve;
        this.settings = context.settings;
        this.period = period;
        this.leaks = leaks;
        this.keepalive = new Keepalive<>(context, period);
        this.repair = repair;
    }

    /** Before the endpoints are looked at. */
    void begin() {
        repair.begin();
    }

    /** Looks without the lock first: most endpoints need nothing. */
    void run(EndpointPool<E, C> pool, long tick) {
        repair.run(pool);
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
        int unused = 0;
        long lastUse = pool.lastTouch;
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot == null) {
                continue;
            }
            int state = slot.state();
            if (state == Slot.IDLE) {
                hasDue |= isExpired(slot, tick) || isIdleTooLong(slot, tick);
                unused += tick - slot.since >= period ? 1 : 0;
            } else if (state == Slot.LEASED) {
                lastUse = tick;
                hasDue |= isLeaked(slot, tick);
            }
            if (slot.leases() > 0 && slot.since - lastUse > 0) {
                lastUse = slot.since;
            }
        }
        EndpointShare share = pool.share;
        hasDue |= share != null && share.sawUnused(unused);
        return hasDue || isRetained(pool, lastUse, tick) != pool.isRetained || keepalive.isNeeded(pool, tick);
    }

    private void work(EndpointPool<E, C> pool, long tick) {
        new SweepPass<>(this, keepalive, serve, pool, tick).run();
    }

    /** Whether the endpoint was used lately, so that its {@code minIdle} counts. */
    boolean isRetained(EndpointPool<E, C> pool, long lastUse, long tick) {
        return pool.isTouched() && tick - lastUse < settings.endpointRetention;
    }

    /** Under the lock. */
    void findLeak(EndpointPool<E, C> pool, Slot<E, C> slot, long tick) {
        if (isLeaked(slot, tick)) {
            slot.extras().leakReportedVersion = slot.extras().seenVersion;
            pool.counters().leaks++;
            leaks.add(slot, slot.heldFor(tick), Math.abs(slot.holder));
        }
    }

    boolean isExpired(Slot<E, C> slot, long tick) {
        return slot.expiresAt - (tick + period) <= 0;
    }

    boolean isIdleTooLong(Slot<E, C> slot, long tick) {
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
        RareSlotState<E, C> extras = slot.extras();
        if (extras.seenVersion != Slot.version(word)) {
            extras.seenVersion = Slot.version(word);
            extras.seenLeasedAt = tick;
        }
        return tick - extras.seenLeasedAt >= settings.leakDetectionThreshold
                && extras.leakReportedVersion != extras.seenVersion;
    }
}
