package io.genericpool.core.internal.report;

import io.genericpool.ConnectionStats;
import io.genericpool.DisposeReason;
import io.genericpool.core.internal.endpoint.EndpointCounters;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointState;
import io.genericpool.core.internal.slot.Slot;
import java.time.Duration;
import java.util.Optional;

/** Counts and gauges that can be added up. Written while it is made, read afterwards. */
public class CountsSnapshot implements ConnectionStats {
    private final int[] states = new int[Slot.DISPOSED + 1];
    private final EndpointCounters counters = new EndpointCounters();
    private int waiters;
    private long leases;
    private long longestHeld;

    public final <E, C> void addSlot(Slot<E, C> slot, long tick) {
        int state = slot.state();
        states[state]++;
        leases += slot.leases();
        if (state == Slot.LEASED) {
            longestHeld = Math.max(longestHeld, slot.heldFor(tick));
        }
    }

    /** Under the lock of the endpoint: adds its connections, requests and counts. */
    final <E, C> void addAll(EndpointPool<E, C> pool) {
        long tick = pool.context.ticker.coarse();
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null) {
                addSlot(slot, tick);
            }
        }
        waiters += pool.queue.size();
        addCounters(pool);
    }

    final void addCounters(EndpointState<?, ?> endpoint) {
        endpoint.addCountersTo(counters);
    }

    final EndpointCounters counters() {
        return counters;
    }

    public final void add(CountsSnapshot other) {
        for (int i = 0; i < states.length; i++) {
            states[i] += other.states[i];
        }
        counters.add(other.counters);
        waiters += other.waiters;
        leases += other.leases;
        longestHeld = Math.max(longestHeld, other.longestHeld);
    }

    @Override
    public int idle() {
        return states[Slot.IDLE];
    }

    @Override
    public int leased() {
        return states[Slot.LEASED];
    }

    @Override
    public int checking() {
        return states[Slot.CHECKING];
    }

    @Override
    public int connecting() {
        return states[Slot.CONNECTING];
    }

    @Override
    public int pending() {
        return states[Slot.PENDING];
    }

    @Override
    public int disposing() {
        return states[Slot.DISPOSING];
    }

    @Override
    public int total() {
        return idle() + leased() + checking() + connecting() + pending() + disposing();
    }

    @Override
    public int abandoned() {
        return counters.abandoned;
    }

    @Override
    public int waiters() {
        return waiters;
    }

    /** Fast acquires are counted by the slots alone, slow ones by the endpoint when they begin. */
    @Override
    public long acquires() {
        return granted() - counters.slowGranted + counters.slowAcquires;
    }

    @Override
    public long granted() {
        return leases + counters.pastLeases;
    }

    @Override
    public long timedOut() {
        return counters.timedOut;
    }

    @Override
    public long cancelled() {
        return counters.cancelled;
    }

    @Override
    public long failed() {
        return counters.failed;
    }

    @Override
    public long rejected() {
        return counters.rejected;
    }

    @Override
    public long created() {
        return counters.created;
    }

    @Override
    public long connectFailures() {
        return counters.connectFailures;
    }

    @Override
    public long disposed() {
        return counters.disposed();
    }

    @Override
    public long disposed(DisposeReason reason) {
        return counters.disposed(reason);
    }

    @Override
    public long hookFailures() {
        return counters.hookFailures;
    }

    @Override
    public long staleReleases() {
        return counters.staleReleases;
    }

    @Override
    public long leaks() {
        return counters.leaks;
    }

    @Override
    public long repaired() {
        return counters.repaired;
    }

    @Override
    public Duration longestHeld() {
        return Duration.ofNanos(longestHeld);
    }

    @Override
    public Optional<Throwable> lastConnectFailure() {
        return Optional.ofNullable(counters.lastConnectFailure);
    }

    public final long lastConnectFailureAt() {
        return counters.lastConnectFailureAt;
    }

    @Override
    public String toString() {
        return "idle=" + idle() + ", leased=" + leased() + ", checking=" + checking() + ", connecting=" + connecting()
                + ", pending=" + pending() + ", disposing=" + disposing() + ", abandoned=" + abandoned() + ", waiters="
                + waiters() + ", acquires=" + acquires() + ", granted=" + granted() + ", timedOut=" + timedOut()
                + ", cancelled=" + cancelled() + ", failed=" + failed() + ", rejected=" + rejected() + ", created="
                + created() + ", connectFailures=" + connectFailures() + ", disposed=" + disposed();
    }
}
