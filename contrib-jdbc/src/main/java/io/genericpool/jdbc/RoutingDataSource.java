package io.genericpool.jdbc;

import io.genericpool.CircuitState;
import io.genericpool.ConnectionCreateException;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.PoolException;
import io.genericpool.jdbc.internal.driver.SqlFailures;
import io.genericpool.jdbc.internal.lent.LentConnection;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A primary and its replicas as one {@code DataSource}. Its connections lease at their first statement, when it is known
 * whether the work is read-only.
 */
final class RoutingDataSource extends LeasingDataSource {
    private final String primary;
    private final List<String> replicas;
    /** Of the primary, as long as nothing else was set; the driver's own default is true. */
    private final boolean autoCommit;

    RoutingDataSource(
            ConnectionPool<String, Connection> pool,
            ConnectionPool<String, Connection> shown,
            String primary,
            List<String> replicas,
            boolean autoCommit) {
        super(pool, shown, SafeText.label(primary) + " and its replicas");
        this.primary = primary;
        this.replicas = replicas;
        this.autoCommit = autoCommit;
    }

    /** The primary. */
    @Override
    public String endpoint() {
        return primary;
    }

    /** Never waits, and never fails. */
    @Override
    public Connection getConnection() {
        return new RoutingConnection(this, autoCommit).connection();
    }

    /** A connection of the primary, or of a replica for work that is read-only. */
    Leased leased(boolean readOnly) throws SQLException {
        String replica = readOnly ? replica() : null;
        try {
            if (replica != null) {
                return new Leased(replica, viewOf(acquire(replica)));
            }
        } catch (ConnectionCreateException | EndpointUnavailableException e) {
            return new Leased(primary, lease(primary)); // it went down just now
        } catch (PoolException e) {
            throw SqlFailures.of(e);
        }
        return new Leased(primary, lease(primary));
    }

    /**
     * A connection, and the endpoint it is of.
     *
     * @param endpoint the name of the endpoint
     * @param connection closes its lease
     */
    record Leased(String endpoint, LentConnection connection) {}

    /** The replica with the fewest leases among those that are up; null when there is none. */
    private @Nullable String replica() {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (String replica : replicas) {
            Optional<EndpointStats> stats = pool().stats(replica);
            int load = stats.map(RoutingDataSource::load).orElse(0);
            if (load < 0) {
                probe(replica, stats.orElseThrow());
            } else if (load < fewest) {
                best = replica;
                fewest = load;
            }
        }
        return best;
    }

    /** Less than zero when it is down or suspended. */
    private static int load(EndpointStats stats) {
        boolean up = stats.circuit().state() == CircuitState.CLOSED && !stats.isSuspended();
        return up ? stats.leased() + stats.waiters() : -1;
    }

    /** No request goes to a replica that is down, so its circuit would stay open: a connection is tried beside them. */
    private void probe(String replica, EndpointStats stats) {
        if (!stats.isSuspended() && stats.circuit().remaining().isZero() && stats.connecting() == 0) {
            var unused = pool().warmUp(replica, 1);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutingDataSource that
                && pool() == that.pool()
                && primary.equals(that.primary)
                && replicas.equals(that.replicas);
    }

    @Override
    public int hashCode() {
        return 31 * primary.hashCode() + replicas.hashCode();
    }
}
