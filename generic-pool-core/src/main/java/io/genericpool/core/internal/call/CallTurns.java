package io.genericpool.core.internal.call;

import io.genericpool.core.internal.queue.Actions;
import java.util.IdentityHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The turns of one kind of call in the whole pool: so many are in flight at most, and the others wait. There is one line
 * per endpoint, in the order of arrival. A turn that comes free goes to the first of the line that was served longest ago,
 * so that an endpoint with many calls does not keep the others waiting.
 *
 * <p>The lock is a leaf: nothing else runs under it. Invariants, whenever it is free: {@code inFlight} is the number of
 * turns that are held, and at most the bound; a turn waits in exactly one line or in none; each line in the map is in the
 * ring, and none is empty.
 */
final class CallTurns {
    private final ReentrantLock lock = new ReentrantLock();
    private final int max;
    private final Runnable onRefused;
    /** Lines by endpoint, compared by identity: no code of others runs here. Empty unless a call waits. */
    private final IdentityHashMap<Object, Line> lines = new IdentityHashMap<>();
    /** The lines, the one to be served next first. A line and a turn are their own links: to move them needs no memory. */
    private @Nullable Line first;

    private @Nullable Line last;

    private int inFlight;

    /**
     * Makes the turns of one kind of call.
     *
     * @param max how many may be in flight
     * @param onRefused told, without the lock, that a call could not be started and waits again: {@link #retry} must follow
     */
    CallTurns(int max, Runnable onRefused) {
        this.max = max;
        this.onRefused = onRefused;
    }

    /** A call that needs a turn. Both methods are called without a lock. */
    interface Call {
        /** Starts the call. @return false when it could not be started and is to wait for its next turn */
        boolean begin(Actions actions);

        /** Ends a call whose turn has not come and will not come. */
        void withdraw(Actions actions);
    }

    private enum Place {
        OUTSIDE,
        WAITING,
        HELD,
        LEFT
    }

    /** The place of one call. */
    static final class Turn {
        private final Object endpoint;
        private final Call call;
        private Place place = Place.OUTSIDE;
        private volatile boolean waited;
        /** Behind it in its line. */
        private @Nullable Turn next;

        Turn(Object endpoint, Call call) {
            this.endpoint = endpoint;
            this.call = call;
        }

        /** Whether it did not begin as soon as it was decided, so that things may have changed since. */
        boolean hasWaited() {
            return waited;
        }
    }

    private static final class Line {
        final Object endpoint;
        private @Nullable Turn first;
        private @Nullable Turn last;
        private @Nullable Line next;
        private @Nullable Line previous;

        Line(Object endpoint) {
            this.endpoint = endpoint;
        }

        void addFirst(Turn turn) {
            turn.next = first;
            first = turn;
            last = last == null ? turn : last;
        }

        void addLast(Turn turn) {
            if (last == null) {
                first = turn;
            } else {
                last.next = turn;
            }
            last = turn;
        }

        @Nullable
        Turn takeFirst() {
            Turn taken = first;
            if (taken != null) {
                first = taken.next;
                last = first == null ? null : last;
                taken.next = null;
            }
            return taken;
        }
    }

    // ---- the ring of lines, under the lock

    private void addLast(Line line) {
        line.previous = last;
        if (last == null) {
            first = line;
        } else {
            last.next = line;
        }
        last = line;
    }

    private void addFirst(Line line) {
        line.next = first;
        if (first == null) {
            last = line;
        } else {
            first.previous = line;
        }
        first = line;
    }

    private void unlink(Line line) {
        Line before = line.previous;
        Line behind = line.next;
        if (before == null) {
            first = behind;
        } else {
            before.next = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.previous = before;
        }
        line.previous = null;
        line.next = null;
    }

    // ---- turns

    /** Begins a call, or lets it wait. Once per turn. */
    void enter(Turn turn, Actions actions) {
        boolean isMine;
        boolean isRetried;
        lock.lock();
        try {
            // I36: never more than max, and never past those that wait
            boolean isFree = inFlight < max;
            isMine = isFree && first == null;
            isRetried = isFree && !isMine;
            if (isMine) {
                inFlight++;
                turn.place = Place.HELD;
            } else {
                queue(turn, false);
            }
        } finally {
            lock.unlock();
        }
        if (isMine) {
            begin(turn, actions);
        } else if (isRetried) {
            actions.add(this::retry); // those that wait were refused, and no end of a call may ever come
        }
    }

    /** Under the lock. What needs memory comes first. */
    private void queue(Turn turn, boolean isFirst) {
        Line line = lines.get(turn.endpoint);
        if (line == null) {
            line = new Line(turn.endpoint);
            lines.put(turn.endpoint, line);
            addLast(line);
        }
        turn.place = Place.WAITING;
        turn.waited = true;
        if (isFirst) {
            line.addFirst(turn);
            unlink(line);
            addFirst(line);
        } else {
            line.addLast(turn);
        }
    }

    /** A call is over, or the pool goes on without it. Any more of the same turn counts for nothing. */
    void leave(Turn turn, Actions actions) {
        boolean isFree;
        boolean isWanted;
        lock.lock();
        try {
            isFree = turn.place == Place.HELD;
            inFlight -= isFree ? 1 : 0;
            turn.place = Place.LEFT; // one that waits is passed over when its turn comes
            isWanted = first != null;
        } finally {
            lock.unlock();
        }
        if (isFree && isWanted) {
            actions.add(this::retry);
        }
    }

    /** Begins those that wait and may begin, until one is refused. */
    void retry(Actions actions) {
        Turn next = take();
        if (next != null && begin(next, actions)) {
            actions.add(this::retry);
        }
    }

    /** Whether a call waits: for a look that costs little. */
    boolean hasWaiting() {
        lock.lock();
        try {
            return first != null;
        } finally {
            lock.unlock();
        }
    }

    private boolean begin(Turn turn, Actions actions) {
        try {
            if (turn.call.begin(actions)) {
                return true;
            }
        } catch (Throwable e) {
            turn.call.withdraw(actions); // unless it has begun
            throw e;
        }
        try {
            queueAgain(turn);
        } catch (Throwable e) { // no memory to queue it
            turn.call.withdraw(actions);
            throw e;
        }
        onRefused.run();
        return false;
    }

    private void queueAgain(Turn turn) {
        lock.lock();
        try {
            if (turn.place == Place.HELD) {
                queue(turn, true);
                inFlight--;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A turn for the next call that still waits; null when none may begin. */
    private @Nullable Turn take() {
        lock.lock();
        try {
            Turn next = inFlight < max ? poll() : null;
            if (next != null) {
                inFlight++;
                next.place = Place.HELD;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: takes the next one out of its line, which goes behind the others. */
    private @Nullable Turn poll() {
        for (Line line = first; line != null; line = first) {
            Turn head = line.first;
            if (head == null || head.next == null) {
                lines.remove(line.endpoint, line); // first: an error here must leave the line in both or in the ring
            }
            Turn next = line.takeFirst();
            unlink(line);
            if (line.first != null) {
                addLast(line);
            }
            if (next != null && next.place == Place.WAITING) {
                return next;
            }
        }
        return null;
    }

    /** Ends all that wait: the pool is closed. */
    void withdrawWaiting(Actions actions) {
        for (Turn next = pollToLeave(); next != null; next = pollToLeave()) {
            next.call.withdraw(actions);
        }
    }

    private @Nullable Turn pollToLeave() {
        lock.lock();
        try {
            Turn next = poll();
            if (next != null) {
                next.place = Place.LEFT;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** How many wait, those included that were withdrawn and are not passed over yet. */
    int waiting() {
        int count = 0;
        lock.lock();
        try {
            for (Line line = first; line != null; line = line.next) {
                for (Turn turn = line.first; turn != null; turn = turn.next) {
                    count++;
                }
            }
        } finally {
            lock.unlock();
        }
        return count;
    }
}
