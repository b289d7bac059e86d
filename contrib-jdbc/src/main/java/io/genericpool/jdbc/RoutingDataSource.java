package io.genericpool.jdbc;

import io.genericpool.CircuitState;
import io.genericpool.ConnectionCreateException;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointStats;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.jdbc.internal.driver.SqlFailures;
import io.genericpool.jdbc.internal.lent.LentConnection;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A primary and its replicas as one {@code DataSource}. Its connections lease at their first statement, when it is known
 * whether the work is read-only.
 */
final class RoutingDataSource extends LeasingDataSource {
    private final String primary;
    /** Null where the members of the group are the replicas. */
    private final @Nullable List<String> replicas;
    /**
     * The replicas, without the primary: work that waited there as well would use up its connections when the replicas
     * are full. Null for replicas without a group of their own.
     */
    private final @Nullable EndpointGroup<String, Connection> readers;
    /** Replicas that were down or suspended when last seen. The pool has no statistics of one without connections. */
    private final Set<String> down = ConcurrentHashMap.newKeySet();
    /** Of the primary, as long as nothing else was set; the driver's own default is true. */
    private final boolean autoCommit;

    RoutingDataSource(
            ConnectionPool<String, Connection> pool,
            ConnectionPool<String, Connection> shown,
            String primary,
            @Nullable List<String> replicas,
            @Nullable EndpointGroup<String, Connection> readers,
            boolean autoCommit) {
        super(pool, shown, SafeText.label(primary) + " and its replicas");
        this.primary = primary;
        this.replicas = replicas;
        this.readers = readers;
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
        if (replica == null) {
            return new Leased(primary, lease(primary));
        }
        try {
            Lease<String, Connection> lease = ofReplica(replica);
            return new Leased(lease.endpoint(), viewOf(lease));
        } catch (ConnectionCreateException | EndpointUnavailableException e) {
            down.addAll(readers == null ? List.of(replica) : replicas()); // they went down just now
            return new Leased(primary, lease(primary));
        } catch (PoolException e) {
            throw SqlFailures.of(e);
        }
    }

    /**
     * A connection, and the endpoint it is of.
     *
     * @param endpoint the name of the endpoint
     * @param connection closes its lease
     */
    record Leased(String endpoint, LentConnection connection) {}

    /** By the group of the replicas, as long as it is open. */
    private Lease<String, Connection> ofReplica(String best) {
        if (readers != null) {
            try {
                return acquire(readers);
            } catch (PoolException e) {
                throw e;
            } catch (IllegalStateException e) {
                // A caller has closed the group.
            }
        }
        return acquire(best);
    }

    /** None of a group that a caller has closed. */
    private List<String> replicas() {
        if (replicas != null) {
            return replicas;
        }
        try {
            return readers == null ? List.of() : readers.members();
        } catch (IllegalStateException e) {
            return List.of();
        }
    }

    /** The replica with the least load among those that are up; null when there is none. */
    private @Nullable String replica() {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String replica : replicas()) {
            int load = load(replica);
            if (load < least) {
                best = replica;
                least = load;
            }
        }
        return best;
    }

    /** The greatest number when it is down or suspended. One that was never used is up. */
    private int load(String replica) {
        EndpointStats stats = pool().stats(replica).orElse(null);
        if (stats == null) {
            return down.contains(replica) ? probe(replica) : 0;
        }
        if (stats.isSuspended()) {
            down.add(replica);
            return Integer.MAX_VALUE;
        }
        if (stats.circuit().state() == CircuitState.CLOSED) {
            down.remove(replica);
            return stats.leased() + stats.waiters();
        }
        down.add(replica);
        boolean isPaused = !stats.circuit().remaining().isZero();
        return isPaused || stats.connecting() > 0 ? Integer.MAX_VALUE : probe(replica);
    }

    /** A replica that hangs would hold up the request that tries it, so a connection is tried beside the requests. */
    private int probe(String replica) {
        var unused = pool().warmUp(replica, 1);
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutingDataSource that
                && pool() == that.pool()
                && primary.equals(that.primary)
                && Objects.equals(replicas, that.replicas)
                && (replicas != null || readers == that.readers);
    }

    @Override
    public int hashCode() {
        return 31 * primary.hashCode() + (replicas == null ? System.identityHashCode(readers) : replicas.hashCode());
    }
}
