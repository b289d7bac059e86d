package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Giving;
import io.genericpool.spi.SharedLimits.Share;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint's share of a limit that other processes have shares of. Guarded by the endpoint's lock.
 *
 * <p>An acquire of an idle connection leaves no trace here. So the sweeps count the connections that were idle for all of a
 * sweep's period; others may have those before any that are in use.
 */
public final class EndpointShare {
    private int limit;
    private long version;
    private @Nullable Share told;

    /** Written by the sweeps, without the lock. */
    private volatile int unused;

    /** What was noted last. */
    private boolean closed;

    private int held;
    private int wanted;
    private int nice;
    private int starving;
    private long notedVersion;
    private boolean isToTell;

    private int abandoned;
    private int abandonedBefore;
    private int niceMissing;
    private int niceMissingBefore;

    /** How many connections it may have, those of abandoned calls included. Zero until it was told a number. */
    public int limit() {
        return limit;
    }

    /** The version of the share that it keeps to. */
    public long version() {
        return version;
    }

    /** What it was told last. */
    public @Nullable Share told() {
        return told;
    }

    /** As far as is known, a share is free for it. */
    boolean isInSight() {
        Share present = told;
        return present == null || (present.waiting() == 0 && present.problem() == null);
    }

    /** By a sweep: as many connections were idle since the last one. @return whether that has changed */
    public boolean sawUnused(int connections) {
        boolean isNews = connections != unused;
        if (isNews) {
            unused = connections;
        }
        return isNews;
    }

    /** @return false when it is older than the one that was taken before */
    boolean take(Share share, EndpointPool<?, ?> pool) {
        if (share.version() <= version) {
            return false;
        }
        // I61: from here on it keeps to the share, and its answers carry the version
        version = share.version();
        told = share;
        int least = leastLeft(share.giving(), pool);
        limit = share.connections() >= limit
                ? share.connections()
                : Math.min(limit, Math.max(share.connections(), least));
        return true;
    }

    /** What is not given up. */
    private static int leastLeft(Giving giving, EndpointPool<?, ?> pool) {
        return switch (giving) {
            case ALL -> 0;
            case IDLE -> pool.held() + pool.abandoned() - idle(pool);
            case UNUSED -> pool.size + pool.abandoned();
        };
    }

    private static int idle(EndpointPool<?, ?> pool) {
        int idle = 0;
        for (int i = 0; i < pool.places(); i++) {
            Slot<?, ?> slot = pool.slotAt(i);
            idle += slot != null && slot.isIdle() ? 1 : 0;
        }
        return idle;
    }

    /**
     * At the end of a step.
     *
     * @param unmet how many connections it would open for requests
     * @param floor how many it would like to have without requests
     * @return whether this must be told
     */
    boolean note(EndpointPool<?, ?> pool, boolean isClosed, int unmet, int floor) {
        int heldNow = pool.size + pool.abandoned();
        int spare = Math.max(floor, unused);
        int wantedNow = unmet > 0 ? heldNow + unmet : heldNow - Math.min(heldNow, spare);
        int niceNow = Math.max(0, unmet > 0 ? floor - wantedNow : Math.max(floor, heldNow - wantedNow));
        int starvingNow = pool.wanted();
        boolean isNews = isClosed != closed
                || heldNow != held
                || (isClosed ? 0 : wantedNow) != wanted
                || niceNow != nice
                || starvingNow != starving
                || version != notedVersion;
        if (!isNews && !isToTell) {
            return false;
        }
        closed = isClosed;
        held = heldNow;
        wanted = isClosed ? 0 : wantedNow;
        nice = niceNow;
        starving = starvingNow;
        notedVersion = version;
        abandonedBefore = abandoned;
        abandoned = pool.abandoned();
        niceMissingBefore = niceMissing;
        niceMissing = Math.max(0, floor - heldNow);
        isToTell = true;
        return true;
    }

    /** By how much the abandoned calls have changed with the last note. */
    int abandonedChange() {
        return abandoned - abandonedBefore;
    }

    int niceChange() {
        return niceMissing - niceMissingBefore;
    }

    /** What is to be told; the next note is told if it differs. */
    public Demand toTell() {
        isToTell = false;
        return new Demand(version, closed ? 0 : limit, held, wanted, nice);
    }
}
