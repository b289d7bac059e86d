package io.genericpool.core.internal.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Places that may hold an idle connection: one bit per place, and above each 64 words of bits one word that tells which of
 * them are not zero. A look for an idle connection goes through the bits that are set, and not through all places.
 *
 * <p>A bit says "may be idle". Any thread sets bits. It sets the bit before its slot becomes idle, so a look that
 * sees the slot idle finds the bit (I41). Bits are cleared by the holder of the lock that the map belongs to, and by the thread that
 * has just leased the slot from the map. The upper words are cleared by the holder of the lock alone: a look under the lock
 * then misses no bit.
 *
 * <p>Segments are never copied, since a bit that is set during a copy would be lost.
 */
public final class PlaceMap {
    /** How many places one segment covers. */
    private static final int PER_SEGMENT = 64 * 64;

    /** In each segment, the index of the word that tells which words are not zero. */
    private static final int UPPER = 64;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private volatile long[][] segments = {};

    /** A place that was set lately: where a look without the lock starts. Plain and racy: only a hint. */
    private int lately;

    /** How many places looks under the lock have come across. */
    private long looks;

    /** Under the lock: makes room for so many places. Bits of new places are not set. */
    public void ensure(int places) {
        long[][] current = segments;
        int needed = (places + PER_SEGMENT - 1) / PER_SEGMENT;
        if (needed > current.length) {
            long[][] more = Arrays.copyOf(current, needed);
            for (int i = current.length; i < needed; i++) {
                more[i] = new long[UPPER + 1];
            }
            segments = more;
        }
    }

    /** Sets the bit of a place. By any thread. */
    public void set(int place) {
        lately = place;
        long[] segment = segments[place / PER_SEGMENT];
        int word = place / 64 % 64;
        setBit(segment, word, place);
        // Not only where the word was zero: the thread that made it non-zero may not have come so far yet.
        setBit(segment, UPPER, word);
    }

    private static void setBit(long[] segment, int word, int bit) {
        if (((long) WORD.getVolatile(segment, word) & 1L << bit) == 0) {
            WORD.getAndBitwiseOr(segment, word, 1L << bit);
        }
    }

    /** Clears the bit of a place: under the lock, or by the thread that has just leased the slot from here. */
    public void clear(int place) {
        if (isSet(place)) {
            WORD.getAndBitwiseAnd(segments[place / PER_SEGMENT], place / 64 % 64, ~(1L << place));
        }
    }

    public boolean isSet(int place) {
        return place / PER_SEGMENT < segments.length
                && ((long) WORD.getVolatile(segments[place / PER_SEGMENT], place / 64 % 64) & 1L << place) != 0;
    }

    /** A place that was set lately, if it is still set; else -1. */
    int lately() {
        int place = lately;
        return isSet(place) ? place : -1;
    }

    /** Under the lock: the first place from the given one on whose bit is set, or -1. */
    public int next(int from) {
        looks++;
        return next(from, Integer.MAX_VALUE, true);
    }

    /** Under the lock: how many places looks have asked for so far. */
    public long looks() {
        return looks;
    }

    /**
     * Without the lock: the first place from the given one on whose bit is set, or -1 when there is none, or when it lies
     * behind more empty words than a look without the lock goes through.
     *
     * @param mostWords how many words it looks at
     */
    int next(int from, int mostWords) {
        return next(from, mostWords, false);
    }

    private int next(int from, int mostWords, boolean cleans) {
        long[][] current = segments;
        int words = 0;
        int place = from;
        while (place / PER_SEGMENT < current.length) {
            long[] segment = current[place / PER_SEGMENT];
            int word = place / 64 % 64;
            long upper = (long) WORD.getVolatile(segment, UPPER) & -1L << word;
            if (upper == 0) {
                place = (place / PER_SEGMENT + 1) * PER_SEGMENT;
                continue;
            }
            int nextWord = Long.numberOfTrailingZeros(upper);
            if (nextWord > word) {
                place = place / PER_SEGMENT * PER_SEGMENT + nextWord * 64;
            }
            long all = (long) WORD.getVolatile(segment, nextWord);
            long bits = all & -1L << place;
            if (bits != 0) {
                return place / 64 * 64 + Long.numberOfTrailingZeros(bits);
            }
            if (++words >= mostWords) {
                return -1;
            }
            if (cleans && all == 0) {
                forget(segment, nextWord);
            }
            place = (place / 64 + 1) * 64;
        }
        return -1;
    }

    /** Under the lock: a word is zero. Where a bit was set meanwhile, the upper bit is set again. */
    private static void forget(long[] segment, int word) {
        WORD.getAndBitwiseAnd(segment, UPPER, ~(1L << word));
        if ((long) WORD.getVolatile(segment, word) != 0) {
            setBit(segment, UPPER, word);
        }
    }
}
