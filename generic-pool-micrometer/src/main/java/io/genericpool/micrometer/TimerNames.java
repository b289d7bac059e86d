package io.genericpool.micrometer;

/**
 * What the timers of a pool are called.
 *
 * @param connect successful connection attempts, and those that failed if outcomes are told
 * @param tellsOutcome whether {@code connect} has a tag for its outcome
 * @param waits acquires that had to wait
 * @param leases the times for which leases were held
 */
record TimerNames(String connect, boolean tellsOutcome, String waits, String leases) {
    static final TimerNames OWN =
            new TimerNames("genericpool.connect", true, "genericpool.acquire.wait", "genericpool.lease");
}
