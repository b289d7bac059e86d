package io.genericpool.core.internal.jmx;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;
import io.genericpool.GenericPoolException;
import io.genericpool.PoolStats;
import io.genericpool.SuspendMode;
import io.genericpool.core.internal.config.EndpointLabels;
import io.genericpool.core.jmx.PoolMXBean;
import io.genericpool.core.jmx.PoolMXEndpoint;
import io.genericpool.core.jmx.PoolMXGroup;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** One pool, behind JMX. Called by threads of connectors. */
final class PoolBean<E> implements PoolMXBean {
    private static final int MOST_ROWS = 1_000;

    private final ConnectionPool<E, ?> pool;
    private final EndpointLabels<E> labels;

    PoolBean(ConnectionPool<E, ?> pool, EndpointLabels<E> labels) {
        this.pool = pool;
        this.labels = labels;
    }

    private PoolStats stats() {
        return pool.recentStats();
    }

    @Override
    public String getName() {
        return pool.config().name();
    }

    @Override
    public int getTotal() {
        return stats().total();
    }

    @Override
    public int getIdle() {
        return stats().idle();
    }

    @Override
    public int getLeased() {
        return stats().leased();
    }

    @Override
    public int getChecking() {
        return stats().checking();
    }

    @Override
    public int getConnecting() {
        return stats().connecting();
    }

    @Override
    public int getPending() {
        return stats().pending();
    }

    @Override
    public int getDisposing() {
        return stats().disposing();
    }

    @Override
    public int getWaiters() {
        return stats().waiters();
    }

    @Override
    public int getTotalMaxSize() {
        return stats().totalMaxSize();
    }

    @Override
    public int getEndpoints() {
        return stats().endpoints();
    }

    @Override
    public int getStarving() {
        return stats().starving();
    }

    @Override
    public int getAbandoned() {
        return stats().abandoned();
    }

    @Override
    public long getAcquires() {
        return stats().acquires();
    }

    @Override
    public long getGranted() {
        return stats().granted();
    }

    @Override
    public long getTimedOut() {
        return stats().timedOut();
    }

    @Override
    public long getCancelled() {
        return stats().cancelled();
    }

    @Override
    public long getFailed() {
        return stats().failed();
    }

    @Override
    public long getRejected() {
        return stats().rejected();
    }

    @Override
    public long getCreated() {
        return stats().created();
    }

    @Override
    public long getConnectFailures() {
        return stats().connectFailures();
    }

    @Override
    public long getDisposed() {
        return stats().disposed();
    }

    @Override
    public long getHookFailures() {
        return stats().hookFailures();
    }

    @Override
    public long getStaleReleases() {
        return stats().staleReleases();
    }

    @Override
    public long getLeaks() {
        return stats().leaks();
    }

    @Override
    public long getRepaired() {
        return stats().repaired();
    }

    @Override
    public long getListenerFailures() {
        return stats().listenerFailures();
    }

    @Override
    public long getLongestHeldMillis() {
        return stats().longestHeld().toMillis();
    }

    @Override
    public List<PoolMXEndpoint> getEndpointStats() {
        return pool.recentEndpointStats().values().stream()
                .sorted(Comparator.comparingInt((EndpointStats stats) -> -stats.total())
                        .thenComparing(EndpointStats::label))
                .limit(MOST_ROWS)
                .map(EndpointRow::new)
                .map(PoolMXEndpoint.class::cast)
                .toList();
    }

    @Override
    public int getShare() {
        return stats().share().orElse(-1);
    }

    @Override
    public boolean isSharedLimitsReachable() {
        return stats().sharedLimitsReachable();
    }

    @Override
    public List<PoolMXGroup> getGroupStats() {
        return pool.groups().values().stream()
                .sorted(Comparator.comparing(EndpointGroup::name))
                .limit(MOST_ROWS)
                .map(group -> new GroupRow(group.stats()))
                .map(PoolMXGroup.class::cast)
                .toList();
    }

    @Override
    public void evict(String endpoint) {
        at(endpoint, pool::evict);
    }

    @Override
    public void evictAll() {
        pool.evictAll();
    }

    @Override
    public void suspend(String endpoint, String mode) {
        SuspendMode parsed = modeOf(mode);
        at(endpoint, found -> pool.suspend(found, parsed));
    }

    private static SuspendMode modeOf(String mode) {
        for (SuspendMode each : SuspendMode.values()) {
            if (each.name().equals(mode)) {
                return each;
            }
        }
        throw new IllegalArgumentException("mode must be WAIT or FAIL, but is " + mode);
    }

    @Override
    public void resume(String endpoint) {
        at(endpoint, pool::resume);
    }

    @Override
    public void resize(String endpoint, int maxSize) {
        at(endpoint, found -> {
            EndpointLimits limits = pool.stats(found).map(EndpointStats::limits).orElseGet(() -> pool.config()
                    .defaultLimits());
            pool.resize(
                    found,
                    EndpointLimits.of(limits.minIdle(), maxSize)
                            .withMaxWaiters(limits.maxWaiters())
                            .withMaxConnects(limits.maxConnects())
                            .withReserved(limits.reserved()));
        });
    }

    @Override
    public void resizeTotal(int totalMaxSize) {
        pool.resizeTotal(totalMaxSize);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the attributes tell what has come of it
    public void warmUp(String endpoint, int connections) {
        at(endpoint, found -> pool.warmUp(found, connections));
    }

    /** Its errors are of the JDK, since a client need not have the pool's. */
    private void at(String label, Consumer<E> operation) {
        List<E> found = pool.endpoints().stream()
                .filter(endpoint -> labels.of(endpoint).equals(label))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no endpoint of pool " + getName() + " has the label " + label);
        }
        try {
            found.forEach(operation);
        } catch (GenericPoolException e) {
            throw new IllegalStateException(e.getMessage());
        }
    }
}
