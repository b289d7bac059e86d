package io.genericpool.console.internal.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last events of a pool. Adding takes no lock, because it happens on threads of the pool's users. Thread-safe. */
public final class Journal {
    public static final int SIZE = 200;

    private final FeedClock clock;
    private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(SIZE);
    private final AtomicLong count = new AtomicLong();

    /**
     * One event.
     *
     * @param number 1 for the first event of the pool, and so on
     * @param at in milliseconds since 1970
     * @param kind what happened, as the page names it
     * @param label the endpoint's
     * @param text the details
     */
    record Entry(long number, long at, String kind, String label, String text) {}

    public Journal(FeedClock clock) {
        this.clock = clock;
    }

    public void add(String kind, String label, String text) {
        long number = count.incrementAndGet();
        entries.set((int) (number % SIZE), new Entry(number, clock.millis(), kind, label, text));
    }

    /** The events after a number that are still there, oldest first. */
    List<Entry> after(long number) {
        long last = count.get();
        var found = new ArrayList<Entry>();
        for (long i = Math.max(number, last - SIZE) + 1; i <= last; i++) {
            @Nullable Entry entry = entries.get((int) (i % SIZE));
            if (entry == null || entry.number < i) {
                return found; // counted and not stored yet: comes with the next call
            }
            if (entry.number == i) {
                found.add(entry);
            }
        }
        return found;
    }
}
