package io.genericpool.core.internal.queue;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for one endpoint, oldest first, blocking and asynchronous alike. Guarded by the endpoint's lock.
 * A waiter whose outcome was decided elsewhere may still be linked for a moment; {@link #first()} and {@link #after} pass
 * it over. They unlink it, or its own withdrawal does.
 */
public final class WaiterQueue<E, C> {
    private static final WaiterQueue<?, ?> NONE = new WaiterQueue<>();

    private @Nullable Waiter<E, C> head;
    private @Nullable Waiter<E, C> tail;
    private int size;
    private int uncovered;
    /** Those that have left and are not withdrawn, the latest first. Without the lock. */
    private final AtomicReference<@Nullable Waiter<E, C>> left = new AtomicReference<>();

    /** The queue of an endpoint without waiters; shared by all, and never added to. */
    @SuppressWarnings("unchecked")
    public static <E, C> WaiterQueue<E, C> none() {
        return (WaiterQueue<E, C>) NONE;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** How many have nothing on its way for them. */
    public int uncovered() {
        return uncovered;
    }

    public void add(Waiter<E, C> waiter) {
        waiter.isQueued = true;
        waiter.queue = this;
        waiter.ahead = size;
        waiter.previous = tail;
        if (tail == null) {
            head = waiter;
        } else {
            tail.next = waiter;
        }
        tail = waiter;
        size++;
        uncovered++;
    }

    /** Takes a waiter out; no effect when it is not in. @return what was on its way for it and is free now */
    public @Nullable Cover<E, C> remove(Waiter<E, C> waiter) {
        if (!waiter.isQueued) {
            waiter.next = null; // a walk has unlinked it
            return null;
        }
        Cover<E, C> freed = waiter.cover;
        uncover(waiter);
        unlink(waiter);
        waiter.next = null;
        return freed;
    }

    private void unlink(Waiter<E, C> waiter) {
        Waiter<E, C> before = waiter.previous;
        Waiter<E, C> behind = waiter.next;
        if (before == null) {
            head = behind;
        } else {
            before.next = behind;
        }
        if (behind == null) {
            tail = before;
        } else {
            behind.previous = before;
        }
        waiter.isQueued = false;
        waiter.previous = null;
        size--;
        uncovered--;
    }

    /** Notes one that has left. @return whether no other was noted, so that this one withdraws all of them */
    boolean noteLeft(Waiter<E, C> waiter) {
        Waiter<E, C> before;
        do {
            before = left.get();
            waiter.leftBefore = before;
        } while (!left.compareAndSet(before, waiter));
        return before == null;
    }

    /** Under the lock: one of those noted. */
    @Nullable
    Waiter<E, C> takeLeft() {
        for (; ; ) {
            Waiter<E, C> latest = left.get();
            if (latest == null) {
                return null;
            }
            if (left.compareAndSet(latest, latest.leftBefore)) {
                latest.leftBefore = null;
                return latest;
            }
        }
    }

    public void cover(Waiter<E, C> waiter, Cover<E, C> cover) {
        // I10: both sides are written here and in uncover, and nowhere else
        waiter.cover = cover;
        cover.covered = waiter;
        uncovered--;
    }

    /** What was meant for this waiter is not any more. */
    public void uncover(Waiter<E, C> waiter) {
        Cover<E, C> cover = waiter.cover;
        if (cover != null) {
            cover.covered = null;
            waiter.cover = null;
            uncovered++;
        }
    }

    /** The oldest that is linked, whether its outcome is decided or not. */
    public @Nullable Waiter<E, C> oldest() {
        return head;
    }

    public @Nullable Waiter<E, C> first() {
        return firstWaiting(head);
    }

    public @Nullable Waiter<E, C> after(Waiter<E, C> waiter) {
        return firstWaiting(waiter.next);
    }

    /**
     * Unlinks on its way those that have left. Where many leave at once, each walk would pass over all of them otherwise. Such a
     * one still points to what came after it, for a walk that has just come to it. One with a cover stays for its own
     * withdrawal, which hands the cover on.
     */
    private @Nullable Waiter<E, C> firstWaiting(@Nullable Waiter<E, C> from) {
        Waiter<E, C> w = from;
        while (w != null && !w.isWaiting()) {
            Waiter<E, C> behind = w.next;
            if (w.isQueued && w.cover == null) {
                unlink(w);
            }
            w = behind;
        }
        return w;
    }

    /** The oldest that takes a connection which was used before. */
    public @Nullable Waiter<E, C> oldestForReuse() {
        Waiter<E, C> w = first();
        while (w != null && w.isNewOnly) {
            w = after(w);
        }
        return w;
    }

    /** The oldest that takes what comes of this connect or check. */
    public @Nullable Waiter<E, C> oldestFor(Cover<E, C> cover) {
        Waiter<E, C> w = first();
        while (w != null && !cover.accepts(w)) {
            w = after(w);
        }
        return w;
    }

    /** Whether nothing is on its way for another waiter that takes a connection which was used before. */
    public boolean hasUncoveredForReuseBeside(Waiter<E, C> waiter) {
        Waiter<E, C> w = uncovered == 0 ? null : first();
        while (w != null && (w == waiter || w.cover != null || w.isNewOnly)) {
            w = after(w);
        }
        return w != null;
    }

    /** The oldest for whom nothing is on its way and who takes what comes of this connect or check. */
    public @Nullable Waiter<E, C> oldestUncoveredFor(Cover<E, C> cover) {
        if (uncovered == 0) {
            return null;
        }
        Waiter<E, C> w = first();
        while (w != null && (w.cover != null || !cover.accepts(w))) {
            w = after(w);
        }
        return w;
    }
}
