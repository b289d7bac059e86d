package io.genericpool.core.internal.slot;

import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one endpoint in the exact order of becoming idle, for pools that lend the one idle longest first.
 * Guarded by the endpoint's lock, like everything that makes a connection idle in such a pool.
 *
 * <p>There are two lines, one of connections that may be lent as they are and one of those that must be checked first. A
 * connection that has left is taken out when a look comes across it, or when it becomes idle again.
 */
public final class IdleOrder<E, C> {
    private final Line<E, C> fresh = new Line<>();
    private final Line<E, C> stale = new Line<>();

    /** One line; the links are in {@link RareSlotState}. */
    static final class Line<E, C> {
        private @Nullable Slot<E, C> head;
        private @Nullable Slot<E, C> tail;

        private void append(Slot<E, C> slot) {
            RareSlotState<E, C> links = slot.extras();
            Slot<E, C> last = tail;
            links.idleLine = this;
            links.previousIdle = last;
            if (last == null) {
                head = slot;
            } else {
                last.extras().nextIdle = slot;
            }
            tail = slot;
        }

        private void remove(Slot<E, C> slot) {
            RareSlotState<E, C> links = slot.extras();
            Slot<E, C> before = links.previousIdle;
            Slot<E, C> behind = links.nextIdle;
            if (before == null) {
                head = behind;
            } else {
                before.extras().nextIdle = behind;
            }
            if (behind == null) {
                tail = before;
            } else {
                behind.extras().previousIdle = before;
            }
            links.idleLine = null;
            links.previousIdle = null;
            links.nextIdle = null;
        }
    }

    /** A slot is about to become idle: it is the last in the order. */
    public void append(Slot<E, C> slot, long order) {
        slot.extras().idleOrder = order;
        remove(slot);
        fresh.append(slot);
    }

    /** It must be checked before it is lent. It was the first of the others, so it is the last of these. */
    public void moveToStale(Slot<E, C> slot) {
        remove(slot);
        stale.append(slot);
    }

    /** No effect when it is in no line. */
    public void remove(Slot<E, C> slot) {
        RareSlotState<E, C> links = slot.extrasOrNull();
        Line<E, C> line = links == null ? null : links.idleLine;
        if (line != null) {
            line.remove(slot);
        }
    }

    /** The first that was not found stale yet, idle or not. */
    public @Nullable Slot<E, C> firstFresh() {
        return fresh.head;
    }

    /** The first that was found stale, idle or not. */
    public @Nullable Slot<E, C> firstStale() {
        return stale.head;
    }

    /** The first idle one that was not found stale yet; those in front of it are taken out. */
    public @Nullable Slot<E, C> firstIdleFresh() {
        return firstIdle(fresh);
    }

    /** The first idle one that was found stale; those in front of it are taken out. */
    public @Nullable Slot<E, C> firstIdleStale() {
        return firstIdle(stale);
    }

    private @Nullable Slot<E, C> firstIdle(Line<E, C> line) {
        while (line.head != null && !line.head.isIdle()) {
            line.remove(line.head);
        }
        return line.head;
    }

    public static long orderOf(Slot<?, ?> slot) {
        return slot.extras().idleOrder;
    }
}
