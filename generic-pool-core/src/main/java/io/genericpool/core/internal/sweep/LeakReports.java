package io.genericpool.core.internal.sweep;

import io.genericpool.core.internal.executor.PoolExecutors;
import io.genericpool.core.internal.report.PoolEvents;
import io.genericpool.core.internal.slot.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * The leaks that a sweep finds. They are told after it, and on the completion executor: neither a dump of all threads nor a
 * listener that waits holds up the sweep. There is one dump per sweep, and it describes at most {@value #MOST_DESCRIBED}
 * holders; the others are told by the number of their thread.
 */
final class LeakReports<E, C> {
    static final int MOST_DESCRIBED = 16;

    private final PoolEvents<E> events;
    private final PoolExecutors executors;
    /** Of the sweep that is under way, and its alone. */
    private List<Leak<E, C>> found = new ArrayList<>(0);

    LeakReports(PoolEvents<E> events, PoolExecutors executors) {
        this.events = events;
        this.executors = executors;
    }

    private record Leak<E, C>(Slot<E, C> slot, long held, long holder) {}

    /** During a sweep. */
    void add(Slot<E, C> slot, long held, long holder) {
        found.add(new Leak<>(slot, held, holder));
    }

    /** After a sweep. */
    void send() {
        if (found.isEmpty()) {
            return;
        }
        List<Leak<E, C>> leaks = found;
        found = new ArrayList<>(0);
        executors.completeSurely(() -> tell(leaks));
    }

    private void tell(List<Leak<E, C>> leaks) {
        var holders = new ThreadDescription(leaks.stream()
                .mapToLong(Leak::holder)
                .distinct()
                .limit(MOST_DESCRIBED)
                .toArray());
        for (Leak<E, C> leak : leaks) {
            events.leaked(leak.slot, leak.held, holders.describe(leak.holder));
        }
    }
}
