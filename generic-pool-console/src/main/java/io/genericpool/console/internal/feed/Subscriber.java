package io.genericpool.console.internal.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One reader of the frames. It holds a few frames at most. A reader that is slower loses them, and gets everything once it
 * has caught up. Thread-safe.
 */
public final class Subscriber {
    private static final int MOST_FRAMES = 3;

    /** Unguessable, because any client that knows it can keep the place. */
    public final String id;

    private final Feed feed;
    private final long joinedAt;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> frames = new ArrayDeque<>();
    private State state = State.WANTS_FULL;
    private long seenAt;
    private boolean seen;
    private @Nullable Runnable onClose;

    private enum State {
        /** Deltas mean nothing to it until it has got a full frame. */
        WANTS_FULL,
        SYNCED,
        /** It lost frames. It asks for a full one when it comes back for more. */
        LOST,
        CLOSED
    }

    Subscriber(String id, Feed feed, long now) {
        this.id = id;
        this.feed = feed;
        this.joinedAt = now;
        this.seenAt = now;
    }

    /**
     * Sets what ends the reader's connection; run at once when it is closed already. It runs under the lock, so after the next
     * call of this method the one before is not running and never runs again. It must not wait.
     */
    public void onClose(Runnable action) {
        lock.lock();
        try {
            onClose = action;
            if (state == State.CLOSED) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean wantsFull() {
        lock.lock();
        try {
            return state == State.WANTS_FULL;
        } finally {
            lock.unlock();
        }
    }

    void offerFull(byte[] frame) {
        lock.lock();
        try {
            if (state == State.WANTS_FULL) {
                state = State.SYNCED;
                frames.add(frame);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void offerDelta(byte[] frame) {
        lock.lock();
        try {
            if (state != State.SYNCED) {
                return;
            }
            if (frames.size() == MOST_FRAMES) {
                frames.clear();
                state = State.LOST;
            } else {
                frames.add(frame);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next frame.
     *
     * @return the frame; empty when none came within the time; null when the reader is closed
     */
    public byte @Nullable [] take(long timeout, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        lock.lock();
        try {
            if (state == State.LOST) {
                state = State.WANTS_FULL;
                feed.wake();
            }
            while (frames.isEmpty() && state != State.CLOSED && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (state == State.CLOSED) {
                return null;
            }
            byte[] frame = frames.poll();
            return frame == null ? new byte[0] : frame;
        } finally {
            lock.unlock();
        }
    }

    /** The page has told that it reads. */
    void seen(long now) {
        lock.lock();
        try {
            seen = true;
            seenAt = now;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the page has told nothing for so long that another reader may have its place. */
    boolean isSilent(long now) {
        lock.lock();
        try {
            return now - seenAt > (seen ? Feed.SILENT_AFTER : Feed.NEVER_SEEN_AFTER);
        } finally {
            lock.unlock();
        }
    }

    long joinedAt() {
        return joinedAt;
    }

    /** Ends the reader. Idempotent. */
    public void close() {
        lock.lock();
        try {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            frames.clear();
            changed.signalAll();
            if (onClose != null) {
                onClose.run();
            }
        } finally {
            lock.unlock();
        }
        feed.leave(this);
    }
}
