package io.genericpool.console.internal.feed;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a listener records of one pool. Thread-safe. */
public final class Activity {
    public final Journal journal;
    public final Waits waits;
    public final Holders holders;
    /** Whether waits are recorded. */
    public final boolean timesWaits;

    private final AtomicReference<@Nullable Object> owner = new AtomicReference<>();

    public Activity(FeedClock clock, boolean timesWaits) {
        journal = new Journal(clock);
        waits = new Waits(clock);
        holders = new Holders(clock);
        this.timesWaits = timesWaits;
    }

    /** Ties this to a pool. Several consoles may show one pool, but one record cannot serve two pools. */
    public boolean belongsTo(Object pool) {
        @Nullable Object before = owner.compareAndExchange(null, pool);
        return before == null || before == pool;
    }
}
