package io.genericpool.fleet.internal.keeper;

import io.genericpool.PoolConfig;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Giving;
import io.genericpool.spi.SharedLimits.Share;
import io.genericpool.spi.shared.Grant;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint, as the keeper sees it. Three numbers matter. {@code right} is what the ledger has granted, as far as
 * known. {@code told} is what the pool may have; it is never above the right. {@code claim()} is what the ledger is told:
 * the right, until the pool has confirmed that it keeps to less.
 */
final class Line<E> {
    /** Null for the pool as a whole. */
    final @Nullable E endpoint;

    final String key;
    int cap;

    /** Each connection that the pool has, or may open without asking, is covered by it. */
    int right;

    int told;
    long version;
    /** What the pool has said last, and whether it has taken the last share into account. */
    private int share;

    private int held;
    private boolean confirmed = true;
    boolean gone;

    int wanted;
    int nice;

    /** What the ledger is known to have; it differs from the claim while a change is on its way. */
    int reported;

    boolean dirty;
    /** What was counted of this line in the sum. */
    int counted;

    int target = Grant.NO_TARGET;
    /** How many starve at the endpoint, this process included. */
    int waiting;
    /** When idle connections may be asked for again. */
    long nextPress;

    private int sentClaim = -1;
    private int sentWanted;
    private int sentNice;

    boolean wasWarned;

    @Nullable
    Throwable problem;

    /** What the pool was told for its errors. */
    private int toldCap;

    private int toldWaiting;
    private @Nullable Throwable toldProblem;

    Line(@Nullable E endpoint, String key, int cap) {
        this.endpoint = endpoint;
        this.key = key;
        this.cap = cap;
    }

    boolean isLimited() {
        return cap != PoolConfig.UNLIMITED;
    }

    /** What the process keeps. */
    int claim() {
        if (gone) {
            return 0;
        }
        // F2: nothing goes back before the pool has said that it keeps to less, and that so many are closed
        return confirmed ? Math.max(share, held) : Math.max(right, held);
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** The next share of the pool. */
    Share next(long next, int connections, Giving giving) {
        version = next;
        told = connections;
        confirmed = false;
        toldCap = cap;
        toldWaiting = waiting;
        toldProblem = problem;
        return new Share(version, connections, giving, cap, waiting, problem);
    }

    /** Takes the pool's numbers. @return whether it has not seen any share of this line */
    boolean accept(Demand demand) {
        boolean isNew = gone || (demand.version() == 0 && version > 0);
        gone = false;
        held = demand.held();
        wanted = Math.min(demand.wanted(), cap);
        nice = Math.min(demand.nice(), cap);
        confirmed = demand.version() == version;
        if (confirmed) {
            share = demand.share();
            told = share;
        }
        return isNew;
    }

    /** The pool does not have the endpoint. */
    void leave(long upTo) {
        wanted = 0;
        nice = 0;
        if (upTo == version) {
            gone = true;
            confirmed = true;
            held = 0;
            share = 0;
            told = 0;
        }
    }

    /** Whether the ledger has not been told these numbers. */
    boolean isNews() {
        return dirty || claim() != sentClaim || wanted != sentWanted || nice != sentNice;
    }

    void sent(int claim) {
        sentClaim = claim;
        sentWanted = wanted;
        sentNice = nice;
        dirty = false;
    }

    /** The pool's errors would say something that is not so any more. */
    boolean isOutdated() {
        return isStarving() && (cap != toldCap || waiting != toldWaiting || problem != toldProblem);
    }

    boolean isStarving() {
        return wanted > right;
    }
}
