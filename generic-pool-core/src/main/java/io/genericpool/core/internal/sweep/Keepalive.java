package io.genericpool.core.internal.sweep;

import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.AlivenessCheck;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the idle connections that a sweep probes. Each connection is used or probed once per keepalive interval; one
 * that was used or checked longest ago comes first.
 *
 * <p>A sweep probes as few as it can such that the sweeps after it, if each probes as many, are late for none. So
 * connections that were released together are not probed together: probes begin at half the interval. At most half of
 * an endpoint's idle connections, rounded up, are away for a check at once, because callers need the others.
 *
 * <p>The interval is kept when checks end within the time between two sweeps, and when it is at least twice that time.
 */
final class Keepalive<E, C> {
    private final EndpointContext<E, C> context;
    private final boolean enabled;
    private final long interval;
    private final long period;
    /** How long before the end of its interval a connection may be probed. */
    private final long lead;

    Keepalive(EndpointContext<E, C> context, long period) {
        this.context = context;
        this.interval = context.settings.keepaliveInterval;
        this.enabled = context.traits.checks && !Nanos.isOff(interval);
        this.period = period;
        this.lead = Math.max(interval / 2, 2 * period);
    }

    /** Looks without the lock; may say yes where nothing is to be done, but never no where something is. */
    boolean isNeeded(EndpointPool<E, C> pool, long tick) {
        if (!enabled || pool.isSuspended()) {
            return false;
        }
        int candidates = 0;
        long shortest = Nanos.FOREVER;
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && slot.isIdle() && left(slot, tick) <= lead) {
                candidates++;
                shortest = Math.min(shortest, left(slot, tick));
            }
        }
        return candidates > sweepsLeft(shortest);
    }

    Round newRound() {
        return new Round();
    }

    /** The probes of one endpoint in one sweep: candidates are noted, then chosen, then probed. Under the lock, except to choose. */
    final class Round {
        private final List<Dated<E, C>> candidates = new ArrayList<>(0);
        private int idle;
        private int checking;
        private int probes;
        private int next;

        boolean isAllowed(EndpointPool<E, C> pool) {
            return enabled && !pool.isSuspended();
        }

        void note(Slot<E, C> slot, long tick) {
            if (slot.state() == Slot.CHECKING) {
                checking++;
            } else if (slot.isIdle()) {
                idle++;
                long left = left(slot, tick);
                if (left <= lead) {
                    candidates.add(new Dated<>(slot, left));
                }
            }
        }

        int candidates() {
            return candidates.size();
        }

        void choose() {
            candidates.sort(Dated::compare);
            probes = Math.min(needed(candidates), (idle + checking + 1) / 2 - checking);
        }

        /** Probes the next candidate that is still idle. @return false when that was all */
        boolean probeNext(Actions actions) {
            if (probes <= 0 || next == candidates.size()) {
                return false;
            }
            Slot<E, C> slot = candidates.get(next).slot();
            next++;
            if (slot.tryCheck()) {
                probes--;
                slot.deferred = actions;
                actions.add(more -> context.outlet.check(new AlivenessCheck<>(slot), more));
            }
            return true;
        }
    }

    /** The first so many must be probed by this sweep and those that come before the end of the last one's interval. */
    private int needed(List<Dated<E, C>> candidates) {
        long most = 0;
        for (int i = 0; i < candidates.size(); i++) {
            most = Math.max(most, (i + 1) / (sweepsLeft(candidates.get(i).at()) + 1));
        }
        return (int) most;
    }

    /** How many sweeps come after this one, and before such a time is over. */
    private long sweepsLeft(long left) {
        return left <= period ? 0 : (left - 1) / period;
    }

    /** The time until its interval is over. */
    private long left(Slot<E, C> slot, long tick) {
        long last = slot.checkedAt - slot.since > 0 ? slot.checkedAt : slot.since;
        return last + interval - tick;
    }
}
