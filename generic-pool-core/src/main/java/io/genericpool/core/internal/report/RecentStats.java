package io.genericpool.core.internal.report;

import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;
import io.genericpool.spi.PoolClock;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The statistics that all observers share. The first reader after {@link #MAX_AGE} renews them; those that come meanwhile get
 * the old ones, and wait only when there are none. While observers ask for endpoints, one walk reads pool and endpoints (I50).
 */
public final class RecentStats<E, C> {
    static final long MAX_AGE = TimeUnit.SECONDS.toNanos(1);
    /** No observer is left: what is kept may be large. */
    private static final long KEPT = TimeUnit.SECONDS.toNanos(10);

    private final Snapshots<E, C> snapshots;
    private final PoolClock clock;
    private final ReentrantLock renewal = new ReentrantLock();
    private final AtomicReference<@Nullable Reading<E>> latest = new AtomicReference<>();
    /** A caller has asked for endpoints since the last walk. */
    private volatile boolean endpointsWanted;

    private record Reading<E>(PoolStats pool, @Nullable Map<E, EndpointStats> endpoints, long takenAt) {}

    public RecentStats(Snapshots<E, C> snapshots, PoolClock clock) {
        this.snapshots = snapshots;
        this.clock = clock;
    }

    public PoolStats ofPool() {
        return read(false).pool;
    }

    /** By endpoint; unmodifiable. */
    public Map<E, EndpointStats> ofEndpoints() {
        endpointsWanted = true;
        return Objects.requireNonNull(read(true).endpoints);
    }

    /** At the end of each sweep: lets go of what is not read any more. */
    public void afterSweep() {
        Reading<E> present = latest.get();
        // Not while a reader renews it: others read the old one meanwhile, and a label may take long.
        if (present != null && !renewal.isLocked() && clock.nanoTime() - present.takenAt >= KEPT) {
            latest.compareAndSet(present, null);
        }
    }

    private Reading<E> read(boolean needsEndpoints) {
        Reading<E> present = latest.get();
        boolean isUsable = isUsable(present, needsEndpoints);
        if (isUsable && isFresh(present)) {
            return Objects.requireNonNull(present);
        }
        if (renewal.isHeldByCurrentThread()) { // a label or governor asks in the midst of a walk
            return isUsable ? Objects.requireNonNull(present) : new Reading<>(snapshots.ofPool(), Map.of(), 0);
        }
        // I50: only a reader that has nothing to go on with waits
        if (isUsable) {
            if (!renewal.tryLock()) {
                return Objects.requireNonNull(present);
            }
        } else {
            renewal.lock();
        }
        try {
            return renew(needsEndpoints);
        } finally {
            renewal.unlock();
        }
    }

    /** By one thread at a time. */
    private Reading<E> renew(boolean needsEndpoints) {
        Reading<E> present = latest.get();
        if (present != null && isUsable(present, needsEndpoints) && isFresh(present)) {
            return present; // another thread was faster
        }
        boolean withEndpoints = needsEndpoints || endpointsWanted;
        endpointsWanted = needsEndpoints; // the next walk is for that reader too
        long now = clock.nanoTime(); // before the walk: what is read is no older
        Reading<E> renewed;
        if (withEndpoints) {
            var endpoints = new HashMap<E, EndpointStats>();
            PoolStats pool = snapshots.ofPool(endpoints);
            renewed = new Reading<>(pool, Collections.unmodifiableMap(endpoints), now);
        } else {
            renewed = new Reading<>(snapshots.ofPool(), null, now);
        }
        latest.set(renewed);
        return renewed;
    }

    private static boolean isUsable(@Nullable Reading<?> reading, boolean needsEndpoints) {
        return reading != null && (!needsEndpoints || reading.endpoints != null);
    }

    private boolean isFresh(@Nullable Reading<?> reading) {
        return reading != null && clock.nanoTime() - reading.takenAt < MAX_AGE;
    }
}
