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
    /** For errors. */
    final String label;
    /** The cap that this process was built with; it is what the ledger hears. */
    final int ownCap;
    /** The cap that holds, which may be that of a higher version. */
    int cap;

    /** Each connection that the pool has, or may open without asking, is covered by it. */
    int right;

    int told;
    long version;
    /** What the pool has said last, and whether it has taken the last share into account. */
    private int share;

    private int held;
    private boolean confirmed = true;
    /** It was not confirmed at the last beat either. */
    boolean late;

    Giving giving = Giving.ALL;
    boolean gone;

    /** The pool has closed the endpoint: it keeps to nothing, and a larger share would be told in vain for ever. */
    boolean shut;

    /** What the pool wants, beyond the cap too: the cap may rise. */
    private int wanted;

    private int nice;

    /** What the ledger is known to have; it differs from the claim while a change is on its way. */
    int reported;

    /** Its numbers may be news to the ledger. */
    boolean dirty;
    /** The next call tells it, even if its numbers are what the ledger was told. */
    boolean due;
    /** What is counted of this line in what all claim, and in what all were granted and keep. */
    int counted;

    int covered;

    int target = Grant.NO_TARGET;
    /** How many starve at the endpoint, this process included. */
    int waiting;
    /** When idle connections may be asked for again. */
    long nextPress;

    private int sentClaim = -1;
    /** The sequence of the call that has told it last. */
    long sentIn;

    private int sentWanted;
    private int sentNice;

    boolean wasWarned;

    @Nullable
    Throwable problem;

    /** What the pool was told for its errors. */
    private int toldCap;

    private int toldWaiting;
    private @Nullable Throwable toldProblem;

    Line(@Nullable E endpoint, String key, String label, int cap, long now) {
        this.endpoint = endpoint;
        this.key = key;
        this.label = label;
        this.ownCap = cap;
        this.cap = cap;
        this.nextPress = now;
    }

    int wanted() {
        return Math.min(wanted, cap);
    }

    int nice() {
        return Math.min(nice, cap);
    }

    /** As many connections it can make use of. */
    int useful() {
        return (int) Math.min(cap, (long) wanted + nice);
    }

    int held() {
        return held;
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
    Share next(long next, int connections, Giving howToGive) {
        giving = howToGive;
        late = false;
        version = next;
        told = connections;
        confirmed = false;
        toldCap = cap;
        toldWaiting = waiting;
        toldProblem = problem;
        return new Share(version, connections, howToGive, cap, waiting, problem);
    }

    /** Takes the pool's numbers. @return whether it has not seen any share of this line */
    boolean accept(Demand demand) {
        boolean isNew = gone || (demand.version() == 0 && version > 0);
        gone = false;
        shut &= !isNew;
        held = demand.held();
        wanted = demand.wanted();
        nice = demand.nice();
        confirmed = demand.version() == version;
        if (confirmed) {
            // An open pool never keeps to less than it was told.
            shut |= demand.share() < told;
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
        return dirty || claim() != sentClaim || isWantNews();
    }

    /** Whether the ledger has not been told what is wanted. */
    boolean isWantNews() {
        return wanted() != sentWanted || nice() != sentNice;
    }

    /** Whether the next call has to name it. Its numbers may have changed and come back while they were gathered. */
    boolean isWorthTelling() {
        return due || counted != sentClaim || counted < reported || isWantNews();
    }

    void sent(int claim, long sequence) {
        sentClaim = claim;
        sentIn = sequence;
        sentWanted = wanted();
        sentNice = nice();
        dirty = false;
        due = false;
    }

    /** The pool's errors would say something that is not so any more. */
    boolean isOutdated() {
        return isStarving() && (cap != toldCap || waiting != toldWaiting || problem != toldProblem);
    }

    boolean isStarving() {
        return wanted() > right;
    }
}
