package io.genericpool.core.internal.report;

import io.genericpool.CloseReport;
import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.PoolStats;
import io.genericpool.QuiesceReport;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;

/**
 * The lines that tell the life of a pool: its start and its end at INFO, its connections and how it stands at DEBUG. Called
 * without a lock, because a logger is the user's code.
 */
public final class PoolLog {
    private static final SafeLog LOG = SafeLog.of(PoolLog.class);

    private final String name;

    public PoolLog(String name) {
        this.name = name;
    }

    /** Whether lines at DEBUG are written at the moment. */
    boolean isDetailed() {
        return LOG.isDebugEnabled();
    }

    /** The pool lends from now on. */
    public void started(PoolConfig config) {
        LOG.info(
                "pool {} has started: totalMaxSize={}, per endpoint {}",
                name,
                config.totalMaxSize(),
                config.defaultLimits());
        LOG.debug("pool {} has the settings {}", name, config);
    }

    /** The pool has closed, and nothing is left over. */
    public void closed(CloseReport report) {
        LOG.info("pool {} is closed: {}", name, report);
    }

    /** The pool has come to rest, or has not in time. */
    public void quiesced(QuiesceReport report) {
        LOG.info("pool {} is quiesced: {}", name, report);
    }

    /** The rest has ended. */
    public void goesOn() {
        LOG.info("pool {} has ended its quiesce", name);
    }

    void opened(EndpointPool<?, ?> pool, long took) {
        if (isDetailed()) {
            LOG.debug("pool {}: opened a connection to {} in {}", name, pool.label(), Nanos.text(took));
        }
    }

    void connectFailed(EndpointPool<?, ?> pool, Throwable cause, long took) {
        if (isDetailed()) {
            LOG.debug(
                    "pool {}: a connection attempt to {} failed after {}: {}",
                    name,
                    pool.label(),
                    Nanos.text(took),
                    SafeText.message(cause));
        }
    }

    void disposed(EndpointPool<?, ?> pool, DisposeReason reason, long age, long leases) {
        if (isDetailed()) {
            LOG.debug(
                    "pool {}: disposed a connection to {}: {}, age {}, leases {}",
                    name,
                    pool.label(),
                    reason,
                    Nanos.text(age),
                    leases);
        }
    }

    /** How the pool stands, and on what occasion this is told. */
    void state(String occasion, PoolStats stats) {
        LOG.debug(
                "pool {}{}: {} of {} connections: idle={}, leased={}, checking={}, connecting={}, pending={},"
                        + " disposing={}; waiters={}, endpoints={}, starving={}; acquires={}, timedOut={}, opened={},"
                        + " disposed={}",
                name,
                occasion,
                stats.total(),
                stats.totalMaxSize(),
                stats.idle(),
                stats.leased(),
                stats.checking(),
                stats.connecting(),
                stats.pending(),
                stats.disposing(),
                stats.waiters(),
                stats.endpoints(),
                stats.starving(),
                stats.acquires(),
                stats.timedOut(),
                stats.created(),
                stats.disposed());
    }
}
