package io.genericpool.console.internal.feed;

/** The time for intervals and the time for people. */
public interface FeedClock {
    FeedClock SYSTEM = new FeedClock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }
    };

    /** Never goes back; its origin is arbitrary. */
    long nanos();

    /** Since 1970. */
    long millis();
}
