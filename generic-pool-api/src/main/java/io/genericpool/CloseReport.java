package io.genericpool;

import java.time.Duration;

/** What happened to a pool's connections when the pool was closed. */
public interface CloseReport {
    /**
     * The number of leases that were released between the call and the deadline.
     *
     * @return the count
     */
    int returned();

    /**
     * The number of leases that were still held shortly before the deadline. Their connections were disposed while
     * leased.
     *
     * @return the count
     */
    int revoked();

    /**
     * The number of waiting requests that failed with {@link PoolClosedException}.
     *
     * @return the count
     */
    int failedWaiters();

    /**
     * The number of connections whose opening, check or disposal had not ended at the deadline.
     *
     * @return the count
     */
    int abandoned();

    /**
     * The time from the first call of {@code close} to this report.
     *
     * @return the time
     */
    Duration duration();

    /**
     * Tells whether all leases were released, and all connections were disposed, in time.
     *
     * @return true when nothing was revoked or abandoned
     */
    default boolean isClean() {
        return revoked() == 0 && abandoned() == 0;
    }
}
