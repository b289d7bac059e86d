package io.genericpool.console.internal.feed;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves on. */
final class FakeFeedClock implements FeedClock {
    private static final long START = 1_700_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();

    void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public long millis() {
        return START + nanos.get() / 1_000_000;
    }
}
