package io.genericpool.core.internal.call;

import io.genericpool.core.internal.slot.Slot;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The slots whose owner each thread is while it runs code of the user's about them: a close that is called there must not
 * wait for these. Threads that own none leave no trace, as a thread-local would.
 */
final class OwnedSlots<E, C> {
    /** By thread: the slot it has come to own last, and through it the others. */
    private final ConcurrentHashMap<Thread, Owned<E, C>> slots = new ConcurrentHashMap<>();

    private record Owned<E, C>(Slot<E, C> slot, @Nullable Owned<E, C> next) {}

    /** Before a call; the same slot may be owned by several that are nested. */
    void enter(Slot<E, C> slot) {
        Thread current = Thread.currentThread();
        slots.put(current, new Owned<>(slot, slots.get(current)));
    }

    /** After it. */
    void leave() {
        Thread current = Thread.currentThread();
        Owned<E, C> mine = slots.get(current);
        if (mine == null) {
            return;
        }
        Owned<E, C> rest = mine.next;
        if (rest == null) {
            slots.remove(current);
        } else {
            slots.put(current, rest);
        }
    }

    /** Adds those of the current thread. */
    void addTo(Collection<Object> all) {
        add(slots.get(Thread.currentThread()), all);
    }

    /** Adds those of all threads. */
    void addAllTo(Collection<Object> all) {
        slots.values().forEach(owned -> add(owned, all));
    }

    /** Whether any thread owns it. */
    boolean contains(Slot<E, C> slot) {
        for (Owned<E, C> first : slots.values()) {
            for (Owned<E, C> each = first; each != null; each = each.next) {
                if (each.slot == slot) {
                    return true;
                }
            }
        }
        return false;
    }

    private void add(@Nullable Owned<E, C> first, Collection<Object> all) {
        for (Owned<E, C> owned = first; owned != null; owned = owned.next) {
            all.add(owned.slot);
        }
    }
}
