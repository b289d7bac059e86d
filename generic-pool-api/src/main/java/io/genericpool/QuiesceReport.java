package io.genericpool;

import java.time.Duration;

/** How far a pool has come to rest when {@code quiesce} returned. */
public interface QuiesceReport {
    /**
     * The number of connections that count against the limits still: leased ones, and those whose opening, check, reset or
     * disposal has not ended.
     *
     * @return the count
     */
    int open();

    /**
     * The number of leases among them that were still held.
     *
     * @return the count
     */
    int leased();

    /**
     * The number of calls of the manager that never returned in time. Each may hold a connection beyond the limits.
     *
     * @return the count
     */
    int abandoned();

    /**
     * The time from the call to this report.
     *
     * @return the time
     */
    Duration duration();

    /**
     * Tells whether no connection was open, and none could be opened, when the call returned.
     *
     * @return true when the pool is still quiesced, and nothing is open or abandoned
     */
    boolean isQuiet();
}
