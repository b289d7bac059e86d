package io.genericpool.core.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The slots whose owner each thread is while it runs code of the user's about them: a close that is called there must not
 * wait for these. Threads that own none leave no trace, as a thread-local would.
 */
final class OwnedSlots<E, C> {
    /** Each list is its thread's alone. */
    private final ConcurrentHashMap<Thread, ArrayList<Slot<E, C>>> slots = new ConcurrentHashMap<>();

    /** Before a call; the same slot may be owned by several that are nested. */
    void enter(Slot<E, C> slot) {
        slots.computeIfAbsent(Thread.currentThread(), thread -> new ArrayList<>(2))
                .add(slot);
    }

    /** After it. */
    void leave() {
        Thread current = Thread.currentThread();
        ArrayList<Slot<E, C>> mine = slots.get(current);
        if (mine != null) {
            mine.remove(mine.size() - 1);
            if (mine.isEmpty()) {
                slots.remove(current);
            }
        }
    }

    /** Adds those of the current thread. */
    void addTo(Collection<Object> all) {
        all.addAll(slots.getOrDefault(Thread.currentThread(), new ArrayList<>(0)));
    }
}
