package io.genericpool.core.internal.group;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.slot.SlotLease;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One endpoint of a group, with what the policy says of it. */
public final class Member<E, C> {
    /** How long after its last pause a member is spared the rush of those that find it without load: 10 s. */
    static final long SPARED_AFTER_PAUSE = 10_000_000_000L;

    public final E endpoint;
    public final int tier;
    public final double weight;
    final int hash;
    /** Leases that it has granted to requests of the group. */
    public final LongAdder leases;

    final MemberHistory history;

    private final EndpointRegistry<E, C> registry;
    /** The last look-up; out of date when it is marked as removed. */
    private volatile @Nullable EndpointPool<E, C> found;

    // What was seen last. Racy: a guess for choices, and put right by one of the next looks.
    private float seenLoad;
    private float loadOfOne;
    private long seenAt;
    private boolean isSeen;

    Member(EndpointRegistry<E, C> registry, E endpoint, int tier, double weight, MemberHistory history) {
        this.registry = registry;
        this.endpoint = endpoint;
        this.tier = tier;
        this.weight = weight;
        this.hash = endpoint.hashCode();
        this.history = history;
        this.leases = history.leases;
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

    /** Leases an idle connection without a lock, if nothing stands in the way. */
    public @Nullable SlotLease<E, C> tryLease() {
        EndpointPool<E, C> pool = pool();
        return pool == null ? null : pool.tryLease();
    }

    /** Without a lock: connections in use or being made, and requests that wait, per connection that it may have. */
    double load(long now) {
        EndpointPool<E, C> pool = pool();
        if (pool == null) {
            return 0;
        }
        if (pool.isPaused(now)) {
            noteFailing(now);
        }
        int max = pool.maxSize(now);
        double load = (double) (pool.busyNow() + pool.waitersNow()) / max;
        seenLoad = (float) load;
        loadOfOne = 1.0f / max;
        seenAt = now;
        isSeen = true;
        return load;
    }

    /** The load seen last in this tick, and the leases granted since; looks again where there is none. */
    double recentLoad(long now) {
        return isSeen && seenAt == now ? seenLoad : load(now);
    }

    /** A request of the group has got a lease. */
    public void noteLease() {
        leases.increment();
        seenLoad += loadOfOne;
    }

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
