package io.genericpool;

import java.time.Duration;
import java.util.Optional;

/**
 * Counts and gauges of connections and requests, of one endpoint or of a whole pool: a snapshot taken when it was asked
 * for. Gauges of a pool at rest are exact and {@code total() = idle + leased + checking + connecting + pending +
 * disposing}; under traffic each value is right for some moment of the call. Counters only grow.
 */
public interface ConnectionStats {
    /**
     * Connections that wait to be handed out.
     *
     * @return the gauge
     */
    int idle();

    /**
     * Connections that are held by a lease.
     *
     * @return the gauge
     */
    int leased();

    /**
     * Connections whose aliveness is being checked.
     *
     * @return the gauge
     */
    int checking();

    /**
     * Connections that are being made.
     *
     * @return the gauge
     */
    int connecting();

    /**
     * Connections that are being reset between two leases.
     *
     * @return the gauge
     */
    int pending();

    /**
     * Connections that are being disposed.
     *
     * @return the gauge
     */
    int disposing();

    /**
     * All connections that count against the limits.
     *
     * @return the gauge
     */
    int total();

    /**
     * Calls to the manager that did not come back within twice their timeout, and whose permit was handed back: as many
     * connections may be open beyond the limits.
     *
     * @return the gauge; falls when such a call comes back after all
     */
    int abandoned();

    /**
     * Requests that wait.
     *
     * @return the gauge
     */
    int waiters();

    /**
     * Acquires begun, without those of {@code tryConnection} that found nothing.
     * {@code acquires() = granted() + timedOut() + cancelled() + failed() + rejected() + waiters()} at rest.
     *
     * @return the counter
     */
    long acquires();

    /**
     * Acquires that got a lease.
     *
     * @return the counter
     */
    long granted();

    /**
     * Acquires that ended at their deadline.
     *
     * @return the counter
     */
    long timedOut();

    /**
     * Acquires that were cancelled or interrupted.
     *
     * @return the counter
     */
    long cancelled();

    /**
     * Acquires that ended with the failure of a connect or of a hook.
     *
     * @return the counter
     */
    long failed();

    /**
     * Acquires that were turned away: too many waiters, a suspended or unavailable endpoint, a closed pool.
     *
     * @return the counter
     */
    long rejected();

    /**
     * Connections made.
     *
     * @return the counter
     */
    long created();

    /**
     * Connects that failed.
     *
     * @return the counter
     */
    long connectFailures();

    /**
     * Connections disposed, for whatever reason.
     *
     * @return the counter
     */
    long disposed();

    /**
     * Connections disposed for one reason.
     *
     * @param reason the reason
     * @return the counter
     */
    long disposed(DisposeReason reason);

    /**
     * Hooks of the manager that threw, overran their timeout or returned null where they must not.
     *
     * @return the counter
     */
    long hookFailures();

    /**
     * Releases and invalidations of a lease that had ended before.
     *
     * @return the counter
     */
    long staleReleases();

    /**
     * Leases reported as leaked.
     *
     * @return the counter
     */
    long leaks();

    /**
     * For how long the oldest current lease has been held, by the precision of the pool's tick.
     *
     * @return the time, zero when nothing is leased
     */
    Duration longestHeld();

    /**
     * What the last failed connect failed with.
     *
     * @return the cause, or empty when none failed
     */
    Optional<Throwable> lastConnectFailure();
}
