package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint counts beyond leases: made when there is first something to count, guarded by the endpoint's lock, and
 * added up in one that belongs to the registry when the endpoint leaves the pool.
 */
@SuppressWarnings("EnumOrdinal") // an array of counts that never leaves the process, in place of ten boxed ones
public final class EndpointCounters {
    // Sums and corrections of what an endpoint counts in fields of its own: acquires that took the slow way, and those
    // among them that got a lease (the fast ones are in the slots' counts), connections made, leases of those gone.
    public long slowAcquires;

    public long slowGranted;
    public long timedOut;
    public long cancelled;
    public long failed;
    public long rejected;
    public long created;
    public long connectFailures;
    public long hookFailures;
    public long staleReleases;
    public long leaks;
    public long repaired;
    public int abandoned;
    /** Connects among them that have not come back, except those before the last {@code evict}. Not added up. */
    public int stuckConnects;

    public long pastLeases;

    private final long[] disposed = new long[DisposeReason.values().length];

    public @Nullable Throwable lastConnectFailure;

    public long lastConnectFailureAt;

    public void countDisposed(DisposeReason reason) {
        disposed[reason.ordinal()]++;
    }

    public long disposed(DisposeReason reason) {
        return disposed[reason.ordinal()];
    }

    public long disposed() {
        long sum = 0;
        for (long count : disposed) {
            sum += count;
        }
        return sum;
    }

    public void add(EndpointCounters other) {
        slowAcquires += other.slowAcquires;
        slowGranted += other.slowGranted;
        timedOut += other.timedOut;
        cancelled += other.cancelled;
        failed += other.failed;
        rejected += other.rejected;
        created += other.created;
        connectFailures += other.connectFailures;
        hookFailures += other.hookFailures;
        staleReleases += other.staleReleases;
        leaks += other.leaks;
        repaired += other.repaired;
        abandoned += other.abandoned;
        pastLeases += other.pastLeases;
        for (int i = 0; i < disposed.length; i++) {
            disposed[i] += other.disposed[i];
        }
        if (other.lastConnectFailure != null
                && (lastConnectFailure == null || other.lastConnectFailureAt - lastConnectFailureAt > 0)) {
            lastConnectFailure = other.lastConnectFailure;
            lastConnectFailureAt = other.lastConnectFailureAt;
        }
    }
}
