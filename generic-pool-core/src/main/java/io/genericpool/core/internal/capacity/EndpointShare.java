package io.genericpool.core.internal.capacity;

import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Share;
import java.util.function.IntSupplier;
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
    /** Written under the lock. */
    private volatile boolean isToTell;

    /** How many of its abandoned calls the total counts; under the lock of the total as well. */
    public int abandonedCounted;

    private int niceMissing;
    private int niceMissingBefore;
    /** Connections that no request needs. */
    private int spare;

    private int spareBefore;

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
    public boolean isInSight() {
        Share present = told;
        return present == null || (present.waiting() == 0 && present.problem() == null);
    }

    /** The session took no demand: a step that follows the next sweep tells it again. */
    public void toldInVain() {
        isToTell = true;
    }

    /** By a sweep: as many connections were idle since the last one. @return whether there is something to tell */
    public boolean sawUnused(int connections) {
        boolean isNews = connections != unused || isToTell;
        if (isNews) {
            unused = connections;
        }
        return isNews;
    }

    /**
     * Takes another share.
     *
     * @param held its connections in all states, those of abandoned calls included
     * @param leaving how many of them are being disposed
     * @param idle counts those that are idle
     * @return false when it is older than the one that was taken before
     */
    public boolean take(Share share, int held, int leaving, IntSupplier idle) {
        if (share.version() <= version) {
            return false;
        }
        // I61: from here on it keeps to the share, and its answers carry the version
        version = share.version();
        told = share;
        int least =
                switch (share.giving()) {
                    case ALL -> 0;
                    case IDLE -> held - leaving - idle.getAsInt();
                    case UNUSED -> held;
                };
        limit = share.connections() >= limit
                ? share.connections()
                : Math.min(limit, Math.max(share.connections(), least));
        return true;
    }

    /**
     * At the end of a step.
     *
     * @param connections how many it has, in all states
     * @param abandonedNow the calls that were abandoned, each of which may have one more
     * @param starvingNow how many permits it wants
     * @param unmet how many connections it would open for requests
     * @param floor how many it would like to have without requests
     * @return whether this must be told
     */
    public boolean note(boolean isClosed, int connections, int abandonedNow, int starvingNow, int unmet, int floor) {
        int heldNow = connections + abandonedNow;
        int spareNow = isClosed || unmet > 0 ? 0 : Math.min(heldNow, Math.max(floor, unused));
        int wantedNow = heldNow + unmet - spareNow;
        int niceNow = Math.max(0, unmet > 0 ? floor - wantedNow : Math.max(floor, heldNow - wantedNow));
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
        niceMissingBefore = niceMissing;
        niceMissing = Math.max(0, floor - heldNow);
        spareBefore = spare;
        spare = spareNow;
        isToTell = true;
        return true;
    }

    public int niceChange() {
        return niceMissing - niceMissingBefore;
    }

    public int spareChange() {
        return spare - spareBefore;
    }

    /** What is to be told; the next note is told if it differs. */
    public Demand toTell() {
        isToTell = false;
        return new Demand(version, closed ? 0 : limit, held, wanted, nice);
    }
}
