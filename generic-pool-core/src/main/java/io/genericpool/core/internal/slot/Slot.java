package io.genericpool.core.internal.slot;

import io.genericpool.DisposeReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One connection and its state. A slot is made when a connect starts and dropped when the disposal has ended; it is never
 * used for a second connection, so that a signal or a lease of an old connection cannot reach a new one.
 *
 * <p>The state word holds, from the lowest bit: 3 bits of state, 4 flags, 2 bits that tell where it is not listed, and a
 * version that grows by one with each lease. A lease remembers the word it was granted with; its release is a CAS from exactly that word, which makes the
 * release one-shot, publishes what the holder wrote to the plain fields, and cannot hit a later lease of the same slot.
 *
 * <p>Who may change the word: {@code IDLE -> LEASED} and {@code LEASED -> IDLE | PENDING} by CAS from any thread; {@code
 * PENDING -> IDLE} by CAS from the thread that has released it; flags by CAS from any thread; everything else only under
 * the lock of the slot's {@link SlotOwner}. The plain fields belong to
 * the owner of the slot: its holder while LEASED or PENDING, its lock's holder otherwise; other readers (sweep,
 * statistics, victim search) may see an older value and re-check under the lock.
 */
public final class Slot<E, C> extends PaddedSlot<E, C> {
    public static final int CONNECTING = 0;
    public static final int IDLE = 1;
    public static final int LEASED = 2;
    public static final int PENDING = 3;
    public static final int CHECKING = 4;
    public static final int DISPOSING = 5;
    public static final int DISPOSED = 6;
    private static final int STATE_MASK = 7;

    /** The manager signalled that the connection is gone. */
    public static final int DEAD = 8;
    /** The slot is older than an {@code evict}. */
    public static final int EVICTED = 16;
    /** The manager asked for retirement at the next release. */
    public static final int RETIRED = 32;

    /** Older than a death by error at its endpoint: to be checked before it is handed out, and else no worse. */
    public static final int SUSPECT = 64;

    private static final int FLAGS = DEAD | EVICTED | RETIRED | SUSPECT;

    /**
     * It is not among the places of its endpoint at which an idle connection is looked for. The owner that makes it idle lists
     * it first. An idle one that carries it must be checked before it is handed out, and is listed among those.
     */
    public static final int UNLISTED = 128;

    /** The same of the table of all slots of the pool. An idle one never carries it. */
    public static final int UNTABLED = 256;

    private static final int UNLISTINGS = UNLISTED | UNTABLED;
    private static final long VERSION_ONE = 512;

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Slot.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public final SlotOwner<E, C> owner;
    private volatile long word = CONNECTING | UNLISTINGS;

    /** Null until the connect has ended. Written before the word leaves CONNECTING. */
    public @Nullable C connection;

    /** Until when it may be handed out as it is: the end of its lifetime, or of the aliveness bypass. */
    public long usableUntil;
    /** The end of the lifetime, early by the precision of the tick. */
    public long expiresAt;
    /** The last acquire or release, by the tick; the end of the connect when it was never leased. */
    public long since;
    /** The thread of the last acquire; negative until one that waits for it itself has been handed the lease. */
    public long holder;

    public Slot(SlotOwner<E, C> owner, int index) {
        super(index);
        this.owner = owner;
    }

    public static int state(long word) {
        return (int) word & STATE_MASK;
    }

    public static int flags(long word) {
        return (int) word & FLAGS;
    }

    public static long version(long word) {
        return word / VERSION_ONE;
    }

    /** Whether two words are of the same lease, whatever flags were set meanwhile. */
    static boolean isSameLease(long word, long leasedWord) {
        return ((word ^ leasedWord) & ~(FLAGS | UNLISTINGS)) == 0;
    }

    /** As {@link #isSameLease}, of a lease whose slot carries no flag now. */
    public static boolean isPlainlyLeased(long word, long leasedWord) {
        return ((word ^ leasedWord) & ~(long) UNLISTINGS) == 0;
    }

    /** Whether it must be listed before it may become idle. */
    public static boolean isUnlisted(long word) {
        return (word & UNLISTINGS) != 0;
    }

    public long word() {
        return word;
    }

    public int state() {
        return state(word);
    }

    public boolean isIdle() {
        return state(word) == IDLE;
    }

    /** Idle, not to be handed out at the given time without a check, and worth one: no flag says that it must go. */
    public boolean isStale(long now) {
        long w = word;
        return state(w) == IDLE && flagged(w) == null && ((w & (SUSPECT | UNLISTED)) != 0 || usableUntil - now <= 0);
    }

    /** Leases so far, except those that did not come to be after all. */
    public long leases() {
        return leases(word);
    }

    /** As {@link #leases()}, at the time of a word. */
    public long leases(long atWord) {
        RareSlotState<E, C> e = extrasOrNull();
        return version(atWord) - (e == null ? 0 : e.uncountedLeases);
    }

    /** By the holder only: the lease did not come to be after all. */
    public void uncountLease() {
        extras().uncountLease();
    }

    /**
     * For how long the current lease has been held, by the tick. The stamp of the acquire follows its CAS; until then that
     * of the last release bounds it.
     */
    public long heldFor(long tick) {
        return Math.max(0, tick - since);
    }

    /** Whether it is leased and that thread took it; for messages, as the stamp of the acquire follows its CAS. */
    public boolean isHeldBy(long thread) {
        return state() == LEASED && holder == thread;
    }

    public C connection() {
        C c = connection;
        if (c == null) {
            throw new IllegalStateException("not connected yet");
        }
        return c;
    }

    /**
     * Takes an idle slot that may be used as it is at the given time. The time is read between the word and the CAS: a
     * CAS that succeeds proves that no caller leased the slot in between, so the time belongs to this word (I4).
     *
     * @return the word of the new lease, or 0
     */
    public long tryLease(long now) {
        long w = word;
        if (!isUsable(w, now)) {
            return 0;
        }
        // I1: with a version that no lease had before
        long leased = w - IDLE + LEASED + VERSION_ONE;
        return casWordVolatile(w, leased) ? leased : 0;
    }

    /** As {@link #tryLease}, by a thread that clears the place of the slot afterwards. */
    long tryLeaseUnlisting(long now) {
        long w = word;
        if (!isUsable(w, now)) {
            return 0;
        }
        long leased = w - IDLE + LEASED + VERSION_ONE + UNLISTED; // I1, and I41
        return casWordVolatile(w, leased) ? leased : 0;
    }

    private boolean isUsable(long w, long now) {
        return (w & (STATE_MASK | FLAGS | UNLISTED)) == IDLE && usableUntil - now > 0;
    }

    /** Takes an idle slot that may be used as it is at the given time, to be delivered. */
    public boolean tryTake(long now) {
        long w = word;
        return isUsable(w, now) && casWordVolatile(w, w - IDLE + PENDING);
    }

    /** The word of the lease that would come next, as things are: by the owner of the slot. 0 when it carries a flag. */
    public long nextLease() {
        long w = word;
        return flags(w) != 0 ? 0 : w - state(w) + LEASED + VERSION_ONE;
    }

    /** Begins the lease whose word {@link #nextLease} has given. @return false when a flag was raised since */
    public boolean tryLeaseAs(long leased) {
        for (; ; ) {
            long w = word;
            long next = w - state(w) + LEASED + VERSION_ONE;
            if (flags(w) != 0 || !isPlainlyLeased(next, leased)) {
                return false;
            }
            if (casWordVolatile(w, next)) { // else a search has marked it
                return true;
            }
        }
    }

    /** Ends a lease that carries no flag, from the word seen; it is listed by now. */
    public boolean tryRelease(long seenWord) {
        // I2: a lease that has ended finds a later word, and ends no other lease
        return casWordVolatile(seenWord, (seenWord & ~(long) UNLISTINGS) - LEASED + IDLE);
    }

    /** Ends a lease, whatever flags it carries: the caller owns the slot afterwards. False when it had ended before. */
    public boolean tryPend(long leasedWord) {
        for (; ; ) {
            long w = word;
            // I2: as above, whatever flags were raised
            if (!isSameLease(w, leasedWord)) {
                return false;
            }
            if (casWordVolatile(w, w - LEASED + PENDING)) {
                return true;
            }
        }
    }

    /** From one state to another, flags kept. False when the slot is in another state. */
    public boolean tryMove(int from, int to) {
        for (; ; ) {
            long w = word;
            if (state(w) != from) {
                return false;
            }
            if (casWordVolatile(w, w - from + to)) {
                return true;
            }
        }
    }

    /**
     * Under the lock, from IDLE to CHECKING. The check that follows lifts a suspicion; one that is raised from now on
     * stays. False when the slot was not idle.
     */
    public boolean tryCheck() {
        for (; ; ) {
            long w = word;
            if (state(w) != IDLE) {
                return false;
            }
            if (casWordVolatile(w, (w & ~SUSPECT) - IDLE + CHECKING)) {
                noteSuspect((w & SUSPECT) != 0);
                return true;
            }
        }
    }

    private void noteSuspect(boolean isSuspect) {
        RareSlotState<E, C> e = isSuspect ? extras() : extrasOrNull();
        if (e != null) {
            e.isSuspectInCheck = isSuspect;
        }
    }

    /** Whether the check that is under way is of a suspect: that it is dead would be no news of its endpoint. */
    public boolean isSuspectInCheck() {
        RareSlotState<E, C> e = extrasOrNull();
        return e != null && e.isSuspectInCheck;
    }

    /** From an owned state to LEASED or IDLE, unless it carries a flag. @return the new word, or 0 when it has a flag */
    public long tryMoveUnflagged(int to) {
        for (; ; ) {
            long w = word;
            // I5: a flag that was raised before keeps the slot from being handed out
            if (flags(w) != 0) {
                return 0;
            }
            long next = to == IDLE ? listed(w) - state(w) + to : w - state(w) + to + (to == LEASED ? VERSION_ONE : 0);
            if (casWordVolatile(w, next)) {
                return next;
            }
        }
    }

    /** From an owned state to IDLE, unless it carries a flag for which it must go. */
    public boolean trySettle() {
        for (; ; ) {
            long w = word;
            if ((flags(w) & ~SUSPECT) != 0) {
                return false;
            }
            if (casWordVolatile(w, listed(w) - state(w) + IDLE)) {
                return true;
            }
        }
    }

    /** Lists it, by its owner, before it becomes idle. @return the word without the bits that say it was not */
    private long listed(long w) {
        if (isUnlisted(w)) {
            owner.list(this, w);
        }
        return w & ~(long) UNLISTINGS;
    }

    /** Its place was set by another thread than its owner. A release that has found no map yet sees a changed word. */
    void noteListed() {
        for (; ; ) {
            long w = word;
            if (casWordVolatile(w, w & ~(long) UNLISTED)) {
                return;
            }
        }
    }

    /**
     * By the thread that has cleared its place, from the word seen before that: the owner that makes it idle lists it again.
     *
     * @return false when the word has changed: the place must be set again
     */
    public boolean tryUnlist(long seenWord, int unlisting) {
        return casWordVolatile(seenWord, seenWord | unlisting);
    }

    /**
     * By the repair, under the lock: takes the slot from an owner that is lost, unless its word has changed since it was
     * seen. The flag keeps one that is merely late from making it idle.
     */
    public boolean tryGiveUp(long seenWord) {
        // I30: an owner that comes later finds another word, or the flag
        return casWordVolatile(seenWord, outOfBooks(seenWord) | EVICTED);
    }

    /** Under the lock, by the owner: it leaves the books. @return false when it had before */
    public boolean tryLeaveBooks() {
        for (; ; ) {
            long w = word;
            if (state(w) == DISPOSED) {
                return false;
            }
            if (casWordVolatile(w, outOfBooks(w))) {
                return true;
            }
        }
    }

    private static long outOfBooks(long word) {
        int kept = state(word) == DISPOSING ? DEAD : 0; // whether its disposal has begun
        return (word & (~(STATE_MASK | FLAGS) | kept)) | DISPOSED;
    }

    /** Under the lock, by the owner: from now on the flags say no more why it goes; see {@link #tryBeginDisposal}. */
    public void moveToDisposing() {
        for (; ; ) {
            long w = word;
            if (state(w) >= DISPOSING || casWordVolatile(w, (w & ~(STATE_MASK | (long) FLAGS)) | DISPOSING)) {
                return;
            }
        }
    }

    /** Of several disposals of one slot's connection, the first is made. @return false for the others */
    public boolean tryBeginDisposal() {
        for (; ; ) {
            long w = word;
            if (state(w) < DISPOSING || (w & DEAD) != 0) {
                return false;
            }
            if (casWordVolatile(w, w | DEAD)) {
                return true;
            }
        }
    }

    /** Whether the manager was asked to dispose its connection. */
    public static boolean hasDisposalBegun(long word) {
        return state(word) >= DISPOSING && (word & DEAD) != 0;
    }

    /** It is in the books no more: whatever its late owner wants of it comes to nothing. */
    public boolean isGone() {
        return state(word) == DISPOSED;
    }

    /** Sets a flag. @return the state at that moment, DISPOSING or DISPOSED when it came too late and was not set */
    public int raise(int flag) {
        return state(raiseFrom(flag));
    }

    /** As {@link #raise}. @return the word before */
    public long raiseFrom(int flag) {
        for (; ; ) {
            long w = word;
            // I5: by CAS on the word that each hand-out changes, so one of the two sees the other
            if (state(w) >= DISPOSING || casWordVolatile(w, w | flag)) {
                return w;
            }
        }
    }

    /** Why a slot with these flags must go; null when it carries none for which it must. */
    public static @Nullable DisposeReason flagged(long word) {
        int flags = flags(word) & ~SUSPECT;
        if (flags == 0) {
            return null;
        }
        if ((flags & DEAD) != 0) {
            return DisposeReason.DEAD;
        }
        return (flags & EVICTED) != 0 ? DisposeReason.EVICTED : DisposeReason.MAX_LEASES;
    }

    private boolean casWordVolatile(long expected, long next) {
        return WORD.compareAndSet(this, expected, next);
    }
}
