package io.genericpool;

import java.time.Duration;

/** What became of a pool's connections when it was closed. */
public interface CloseReport {
    /**
     * Leases that were released by their holders between the call and the deadline.
     *
     * @return the count
     */
    int returned();

    /**
     * Leases that were still held shortly before the deadline, whose connection was disposed under their holder.
     *
     * @return the count
     */
    int revoked();

    /**
     * Requests that were waiting and failed with {@link PoolClosedException}.
     *
     * @return the count
     */
    int failedWaiters();

    /**
     * Connections whose making, checking or disposal had not ended at the deadline.
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
     * Whether everything came back and was disposed in time.
     *
     * @return true when nothing was revoked or abandoned
     */
    default boolean isClean() {
        return revoked() == 0 && abandoned() == 0;
    }
}
