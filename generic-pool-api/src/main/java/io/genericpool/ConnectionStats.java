package io.genericpool;

import java.time.Duration;
import java.util.Optional;

/**
 * A snapshot of counters and gauges of connections and requests, of one endpoint or of a whole pool.
 *
 * <p>While a pool is at rest, its gauges are exact, and {@code total() = idle + leased + checking + connecting +
 * pending + disposing}. Under traffic, each value is right for some moment of the call. Counters only grow.
 */
public interface ConnectionStats {
    /**
     * Connections that are idle.
     *
     * @return the gauge
     */
    int idle();

    /**
     * Connections that are leased.
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
     * Connections that are being opened.
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
     * Calls to the manager that did not return within twice their timeout. Their permits are free again, and as many
     * connections may be open beyond the limits.
     *
     * @return the gauge; falls when such a call returns after all
     */
    int abandoned();

    /**
     * Repairs by the background collector. An {@link Error} in the pool, such as a connect that cannot start because memory
     * is full, may leave a connection, a permit or a count without an owner. The second sweep after that takes it back: it
     * disposes the connection, frees the permit and serves requests. A pool without the collector repairs nothing.
     *
     * @return the counter; 0 unless an {@code Error} was thrown
     */
    long repaired();

    /**
     * Requests that are waiting.
     *
     * @return the gauge
     */
    int waiters();

    /**
     * Acquires that have begun, except calls of {@code tryConnection} that found nothing. At rest, {@code acquires() =
     * granted() + timedOut() + cancelled() + failed() + rejected() + waiters()}.
     *
     * @return the counter
     */
    long acquires();

    /**
     * Acquires that received a lease.
     *
     * @return the counter
     */
    long granted();

    /**
     * Acquires that timed out.
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
     * Acquires that ended with a failed connection attempt or a failed hook.
     *
     * @return the counter
     */
    long failed();

    /**
     * Acquires that were rejected: too many waiters, a suspended or unavailable endpoint, or a closed pool.
     *
     * @return the counter
     */
    long rejected();

    /**
     * Connections opened.
     *
     * @return the counter
     */
    long created();

    /**
     * Connection attempts that failed.
     *
     * @return the counter
     */
    long connectFailures();

    /**
     * Connections disposed, for any reason.
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
     * Hooks of the manager that threw, timed out, or returned null where that is not allowed.
     *
     * @return the counter
     */
    long hookFailures();

    /**
     * Releases and invalidations of a lease that had already ended.
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
     * The time for which the oldest current lease has been held, with the precision of the pool's tick.
     *
     * @return the time, zero when nothing is leased
     */
    Duration longestHeld();

    /**
     * The failure of the last connection attempt that failed.
     *
     * @return the cause, or empty when no attempt has failed
     */
    Optional<Throwable> lastConnectFailure();
}
