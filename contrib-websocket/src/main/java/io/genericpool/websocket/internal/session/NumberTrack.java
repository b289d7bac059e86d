package io.genericpool.websocket.internal.session;

import java.util.ArrayList;
import java.util.List;

/**
 * What a session has seen of one row of growing numbers: the highest number, the gaps below it that are still open, and the
 * last numbers with what they stood for. Only the session's thread comes here.
 *
 * <p>A number in an open gap is new, whatever came before it: after a reconnect, live messages may overtake those that are
 * sent again. A number that the peer cannot mean as a repetition begins the row anew: the first one of a connection that is
 * neither among those asked for nor among the last {@value RecentNumbers#CAPACITY} seen, or that is not above the very first.
 */
final class NumberTrack {
    private static final int MAX_GAPS = 100;
    private static final long NONE = -1;

    /** Is told what a number reveals. */
    interface Events {
        /** Numbers between the two are missing; or the second is not above the first, and the row begins anew. */
        void gap(long before, long next);

        /** The last of the missing numbers between the two, both included, has come after all. */
        void filled(long from, long to);
    }

    /** Numbers that are missing, both ends included. */
    private static final class Gap {
        private final long openedFrom;
        private final long openedTo;
        private long from;
        private long to;
        private boolean told;
        private int asked = 1;
        /** Of the pieces that a gap falls into, how many are open. */
        private final int[] pieces;

        Gap(long from, long to, long openedFrom, long openedTo, int[] pieces) {
            this.from = from;
            this.to = to;
            this.openedFrom = openedFrom;
            this.openedTo = openedTo;
            this.pieces = pieces;
        }

        static Gap open(long from, long to) {
            return new Gap(from, to, from, to, new int[] {1});
        }

        /** The part above a number that has come. */
        Gap above(long number) {
            var upper = new Gap(number + 1, to, openedFrom, openedTo, pieces);
            upper.told = told;
            upper.asked = asked;
            pieces[0]++;
            return upper;
        }
    }

    private final Events events;
    private final List<Gap> gaps = new ArrayList<>(0);
    private final RecentNumbers recent = new RecentNumbers();
    private long first = NONE;
    private long last = NONE;

    /** Numbers above this one are expected once more. */
    private long asked = Long.MAX_VALUE;

    private boolean firstOfConnection;
    private boolean expectsGap;
    /** Since the present connection began: what the one before still sends is then of another row. */
    private boolean begunAnew;

    NumberTrack(Events events) {
        this.events = events;
    }

    /** Another connection begins. Returns the number after which messages are wanted. */
    long reconnect() {
        begunAnew = false;
        firstOfConnection = true;
        expectsGap = true;
        // What was asked for twice is not to be had.
        gaps.removeIf(gap -> ++gap.asked > 2);
        asked = gaps.isEmpty() ? last : Math.min(last, gaps.get(0).from - 1);
        return asked;
    }

    long last() {
        return last;
    }

    /** Whether a number leaves some out that may still arrive on another connection. */
    boolean leavesOut(long number) {
        return last != NONE && number > last + 1;
    }

    /**
     * A number from the present connection.
     *
     * @param content stands for the message
     * @param tellsGaps false while the numbers that are missing may still arrive on the connection before this one
     * @param mayBeginAnew false when only {@link #beginAnew} does that
     * @return whether it is new
     */
    boolean accept(long number, int content, boolean tellsGaps, boolean mayBeginAnew) {
        boolean firstHere = firstOfConnection;
        firstOfConnection = false;
        if (last == NONE) {
            first = number;
            return advance(number, content);
        }
        if (number > last) {
            if (expectsGap && number > last + 1) {
                open(last + 1, number - 1, tellsGaps);
            }
            expectsGap = false;
            return advance(number, content);
        }
        if (fill(number)) {
            recent.add(number, content);
            return true;
        }
        if (isRepeated(number, content, firstHere)) {
            return false;
        }
        if (!firstHere && number > first && number > recent.highestForgotten()) {
            // Overtaken by a higher one on the same connection.
            recent.add(number, content);
            return true;
        }
        if (mayBeginAnew) {
            beginAnew(number, content);
        }
        return mayBeginAnew;
    }

    private boolean isRepeated(long number, int content, boolean firstHere) {
        if (number > asked) {
            return firstHere || recent.holds(number) || number <= recent.highestForgotten();
        }
        if (!firstHere) {
            return recent.holds(number);
        }
        return recent.holds(number, content) && (number > first || number == asked);
    }

    /** A number from the connection that the present one replaces, which goes on where it was. */
    boolean acceptFromOld(long number, int content) {
        if (begunAnew) {
            return true; // its numbers are those of the row before, and say nothing of this one
        }
        if (last == NONE || number > last) {
            first = last == NONE ? number : first;
            return advance(number, content);
        }
        if (fill(number)) {
            recent.add(number, content);
            return true;
        }
        return false;
    }

    private boolean advance(long number, int content) {
        last = number;
        recent.add(number, content);
        return true;
    }

    /** The row begins with this number, whatever was seen before. */
    void beginAnew(long number, int content) {
        begunAnew = true;
        long before = last;
        gaps.clear();
        recent.clear();
        first = number;
        asked = Long.MAX_VALUE;
        firstOfConnection = false;
        expectsGap = false;
        advance(number, content);
        if (before != NONE) {
            events.gap(before, number);
        }
    }

    private void open(long from, long to, boolean tells) {
        if (gaps.size() == MAX_GAPS) {
            gaps.remove(0);
        }
        Gap gap = Gap.open(from, to);
        gap.told = tells;
        gaps.add(gap);
        if (tells) {
            events.gap(from - 1, to + 1);
        }
    }

    private boolean fill(long number) {
        for (int i = gaps.size() - 1; i >= 0; i--) {
            Gap gap = gaps.get(i);
            if (number >= gap.from && number <= gap.to) {
                fill(i, gap, number);
                return true;
            }
        }
        return false;
    }

    private void fill(int index, Gap gap, long number) {
        if (number > gap.from && number < gap.to) {
            gaps.add(index + 1, gap.above(number));
            gap.to = number - 1;
        } else if (gap.from == gap.to) {
            gaps.remove(index);
            if (--gap.pieces[0] == 0 && gap.told) {
                events.filled(gap.openedFrom, gap.openedTo);
            }
        } else if (number == gap.from) {
            gap.from++;
        } else {
            gap.to--;
        }
    }

    /** The connection before has delivered a number beyond all that was missing: it had no others. */
    void forgetUntoldGaps() {
        gaps.removeIf(gap -> !gap.told);
    }

    /** Nothing more comes from the connection before. */
    void tellGaps() {
        for (Gap gap : gaps) {
            if (!gap.told) {
                gap.told = true;
                events.gap(gap.from - 1, gap.to + 1);
            }
        }
    }
}
