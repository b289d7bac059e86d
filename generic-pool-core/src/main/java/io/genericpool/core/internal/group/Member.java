package io.genericpool.core.internal.group;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.slot.SlotLease;
import org.jspecify.annotations.Nullable;

/** One endpoint of a group, with what the policy says of it. */
public final class Member<E, C> {
    /** How long after its last pause a member is spared the rush of those that find it without load: 10 s. */
    static final long SPARED_AFTER_PAUSE = 10_000_000_000L;

    /** The load of a member all of whose connections are in use. */
    static final long WHOLE = 1L << 32;

    /** For choices a look at a member lasts for this time at most: a tick, or where there is none, 1 ms. */
    static final long LOOK_LASTS = 1_000_000L;

    public final E endpoint;
    public final int tier;
    public final double weight;
    final MemberHistory history;

    private final EndpointRegistry<E, C> registry;
    /** The last look-up; out of date when it is marked as removed. */
    private volatile @Nullable EndpointPool<E, C> found;

    /** Mixed by the hash of a key, it ranks the member for that key. */
    final long hashForKeys;

    // What was seen last. Racy and plain: a guess for choices, which the next look puts right.
    private boolean isSeen;
    private long seenAt;
    /** What one connection in use adds to its load. */
    private long loadOfOne;
    /** Places whose connections are in use, one bit each; those beyond 64 share the bits of the first. */
    private long busy;
    /** As {@link #load}, in parts of {@link #WHOLE}: as seen last, and with the leases granted since. */
    private long recentLoad;

    Member(EndpointRegistry<E, C> registry, E endpoint, int tier, double weight, MemberHistory history) {
        this.registry = registry;
        this.endpoint = endpoint;
        this.tier = tier;
        this.weight = weight;
        this.hashForKeys = endpoint.hashCode() * 0x9e3779b97f4a7c15L;
        this.history = history;
    }

    /** Its connections; null while the pool does not hold it. */
    public @Nullable EndpointPool<E, C> pool() {
        EndpointPool<E, C> last = found;
        if (last == null || last.has(EndpointPool.REMOVED)) {
            last = registry.find(endpoint);
            found = last;
        }
        return last;
    }

    /** Leases an idle connection without a lock, if nothing stands in the way. It is to be counted then. */
    public @Nullable SlotLease<E, C> tryLease() {
        EndpointPool<E, C> last = found;
        SlotLease<E, C> lease = last == null ? null : last.tryLease();
        if (lease != null) {
            return lease;
        }
        EndpointPool<E, C> pool = pool();
        return pool == null || pool == last ? null : pool.tryLease();
    }

    /** Counts a lease that this thread has got by {@link #tryLease}, and that no other thread knows of yet. */
    public void countOwnLease(int place) {
        history.leases.addOwn(place);
        noteBusy(place);
    }

    /** Counts a lease of a request of the group. */
    public void countLease(int place) {
        history.leases.add();
        noteBusy(place);
    }

    /** How many leases it has granted to requests of the group. */
    public long leases() {
        return history.leases.sum();
    }

    // ---- load

    /** Without a lock: connections in use or being made, and requests that wait, per connection that it may have. */
    double load(long now) {
        EndpointPool<E, C> pool = pool();
        if (pool == null) {
            return 0;
        }
        notePause(pool, now);
        return (double) (pool.busyNow() + pool.waitersNow()) / Math.max(1, pool.maxSize(now));
    }

    private void notePause(EndpointPool<E, C> pool, long now) {
        if (pool.isPaused(now)) {
            noteFailing(now);
        }
    }

    /** As seen last, and with the leases granted since; in parts of {@link #WHOLE}. */
    long recentLoad() {
        return recentLoad;
    }

    /** Whether it must be looked at before its recent load is read: once in a tick is enough. */
    boolean isOutOfDate(long now) {
        return !isSeen || now - seenAt > LOOK_LASTS;
    }

    /** Without a lock. */
    void look(long now, int defaultMaxSize) {
        EndpointPool<E, C> pool = pool();
        int max = pool == null ? defaultMaxSize : pool.maxSize(now);
        long ofOne = WHOLE / Math.max(1, max);
        long places = 0;
        long others = 0;
        if (pool != null) {
            notePause(pool, now);
            boolean hasBits = pool.places() <= Long.SIZE;
            places = hasBits ? pool.busyPlacesNow() : 0;
            others = (long) pool.waitersNow() + (hasBits ? 0 : pool.busyNow());
        }
        busy = places;
        loadOfOne = ofOne;
        recentLoad = (Long.bitCount(places) + others) * ofOne;
        if (max <= 0) {
            recentLoad += WHOLE; // of a limit that processes share, it has no part yet
        }
        seenAt = now;
        isSeen = true;
    }

    /** After a look: its load counts as at least so much. */
    void setLeastLoad(double load) {
        recentLoad = Math.max(recentLoad, (long) (load * WHOLE));
    }

    private void noteBusy(int place) {
        long before = busy;
        long bit = 1L << place;
        if ((before & bit) == 0) { // most of the time it is a place that was used before: then nothing is written
            busy = before | bit;
            recentLoad += loadOfOne;
        }
    }

    // ---- failures

    /** Connection attempts fail, or are paused. */
    public void noteFailing(long now) {
        history.pausedAt = now;
        history.wasPaused = true;
    }

    /** It has failed lately, and has little load for that reason. */
    public boolean isSpared(long now) {
        if (history.wasPaused && now - history.pausedAt >= SPARED_AFTER_PAUSE) {
            history.wasPaused = false;
        }
        return history.wasPaused;
    }
}
