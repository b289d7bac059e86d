package io.genericpool.core.internal.report;

import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;
import io.genericpool.spi.PoolClock;
import java.lang.ref.SoftReference;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The statistics that all observers share. The first reader after {@link #MAX_AGE} renews them; those that come meanwhile get
 * the old ones. No reader waits for another one, since a walk calls labels and governors, which are the user's code. While
 * observers ask for endpoints, one walk reads pool and endpoints (I50).
 */
public final class RecentStats<E, C> {
    static final long MAX_AGE = TimeUnit.SECONDS.toNanos(1);
    /** No observer is left: what is kept may be large. */
    private static final long KEPT = TimeUnit.SECONDS.toNanos(10);

    private final Snapshots<E, C> snapshots;
    private final PoolClock clock;
    private final AtomicBoolean renewing = new AtomicBoolean();
    /** The threads in the midst of a walk, on which a label or a governor may ask. */
    private final Set<Thread> walking = ConcurrentHashMap.newKeySet();

    private final SoftReference<Reading<E>> none = new SoftReference<>(null);
    /** Soft, because a pool without a collector has no sweep that lets go of it. */
    private final AtomicReference<SoftReference<Reading<E>>> latest = new AtomicReference<>(none);
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
        SoftReference<Reading<E>> kept = latest.get();
        Reading<E> present = kept.get();
        // Not while a reader renews it: others read the old one meanwhile, and a label may take long.
        if (present != null && !renewing.get() && clock.nanoTime() - present.takenAt >= KEPT) {
            latest.compareAndSet(kept, none);
        }
    }

    /** The pool is closed: there are no more sweeps. */
    public void forget() {
        latest.set(none);
    }

    private Reading<E> read(boolean needsEndpoints) {
        Reading<E> present = latest.get().get();
        boolean isUsable = isUsable(present, needsEndpoints);
        if (isUsable && isFresh(present)) {
            return Objects.requireNonNull(present);
        }
        if (walking.contains(Thread.currentThread())) { // its own walk would never end
            return isUsable ? Objects.requireNonNull(present) : new Reading<>(snapshots.ofPool(), Map.of(), 0);
        }
        boolean hasTurn = renewing.compareAndSet(false, true);
        if (isUsable && !hasTurn) {
            return Objects.requireNonNull(present);
        }
        // I50: one that has nothing to go on with walks as well, and does not wait for the user's code on another
        // thread
        try {
            return renewed(needsEndpoints);
        } finally {
            if (hasTurn) {
                renewing.set(false);
            }
        }
    }

    private Reading<E> renewed(boolean needsEndpoints) {
        SoftReference<Reading<E>> kept = latest.get();
        Reading<E> present = kept.get();
        if (present != null && isUsable(present, needsEndpoints) && isFresh(present)) {
            return present; // another thread was faster
        }
        boolean withEndpoints = needsEndpoints || endpointsWanted;
        endpointsWanted = needsEndpoints; // the next walk is for that reader too
        Reading<E> taken = walked(withEndpoints);
        if (latest.compareAndSet(kept, new SoftReference<>(taken))) {
            return taken;
        }
        // I50: an overlapping walk has ended first, so counts of this one may be lower than what it has shown
        Reading<E> shown = latest.get().get();
        return shown != null && isUsable(shown, needsEndpoints) ? shown : taken;
    }

    private Reading<E> walked(boolean withEndpoints) {
        Thread walker = Thread.currentThread();
        walking.add(walker);
        try {
            long now = clock.nanoTime(); // before the walk: what is read is no older
            if (!withEndpoints) {
                return new Reading<>(snapshots.ofPool(), null, now);
            }
            var endpoints = new HashMap<E, EndpointStats>();
            PoolStats pool = snapshots.ofPool(endpoints);
            return new Reading<>(pool, Collections.unmodifiableMap(endpoints), now);
        } finally {
            walking.remove(walker);
        }
    }

    private static boolean isUsable(@Nullable Reading<?> reading, boolean needsEndpoints) {
        return reading != null && (!needsEndpoints || reading.endpoints != null);
    }

    private boolean isFresh(@Nullable Reading<?> reading) {
        return reading != null && clock.nanoTime() - reading.takenAt < MAX_AGE;
    }
}
