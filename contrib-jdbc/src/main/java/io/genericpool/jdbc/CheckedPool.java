package io.genericpool.jdbc;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionFunction;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.PoolStats;
import io.genericpool.QuiesceReport;
import io.genericpool.SuspendMode;
import io.genericpool.group.Routing;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool that takes the configured names only. An ordinary pool takes any endpoint; with a mistyped name it would wait for a
 * connect that fails, or suspend and resize what no caller uses.
 */
@SuppressWarnings("NullAway") // it does not read the bound of a type variable from the class file of another module
final class CheckedPool implements ConnectionPool<String, Connection> {
    private final ConnectionPool<String, Connection> pool;
    private final JdbcConnectionManager manager;
    /** Those that are open. */
    private final Map<String, CheckedGroup> groups = new ConcurrentHashMap<>();

    CheckedPool(ConnectionPool<String, Connection> pool, JdbcConnectionManager manager) {
        this.pool = pool;
        this.manager = manager;
    }

    private String known(String endpoint) {
        try {
            manager.endpoint(endpoint);
        } catch (IllegalArgumentException e) {
            throw groups.containsKey(endpoint) ? manager.groupIsNoEndpoint(endpoint, e) : e;
        }
        return endpoint;
    }

    /** Of an endpoint or a group. A configured endpoint has no group of its name, so groups cost it nothing. */
    Lease<String, Connection> connectionOf(String name) {
        if (manager.isConfigured(name)) {
            return pool.connection(name);
        }
        EndpointGroup<String, Connection> group = groups.get(name);
        return group == null ? connection(name) : group.connection();
    }

    Lease<String, Connection> connectionOf(String name, Duration timeout) {
        if (manager.isConfigured(name)) {
            return pool.connection(name, timeout);
        }
        EndpointGroup<String, Connection> group = groups.get(name);
        return group == null ? connection(name, timeout) : group.connection(timeout);
    }

    <R extends @Nullable Object, X extends Exception> R useOf(
            String name, ConnectionFunction<? super Connection, ? extends R, X> work) throws X {
        if (manager.isConfigured(name)) {
            return pool.use(name, work);
        }
        EndpointGroup<String, Connection> group = groups.get(name);
        return group == null ? use(name, work) : group.use(work);
    }

    @Override
    public Lease<String, Connection> connection(String endpoint) {
        return pool.connection(known(endpoint));
    }

    @Override
    public Lease<String, Connection> connection(String endpoint, Duration timeout) {
        return pool.connection(known(endpoint), timeout);
    }

    @Override
    public Optional<Lease<String, Connection>> tryConnection(String endpoint) {
        return pool.tryConnection(known(endpoint));
    }

    @Override
    public CompletableFuture<Lease<String, Connection>> connectionAsync(String endpoint) {
        return pool.connectionAsync(known(endpoint));
    }

    @Override
    public CompletableFuture<Lease<String, Connection>> connectionAsync(String endpoint, Duration timeout) {
        return pool.connectionAsync(known(endpoint), timeout);
    }

    @Override
    public Lease<String, Connection> newConnection(String endpoint) {
        return pool.newConnection(known(endpoint));
    }

    @Override
    public Lease<String, Connection> newConnection(String endpoint, Duration timeout) {
        return pool.newConnection(known(endpoint), timeout);
    }

    @Override
    public CompletableFuture<Lease<String, Connection>> newConnectionAsync(String endpoint) {
        return pool.newConnectionAsync(known(endpoint));
    }

    @Override
    public CompletableFuture<Lease<String, Connection>> newConnectionAsync(String endpoint, Duration timeout) {
        return pool.newConnectionAsync(known(endpoint), timeout);
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R use(
            String endpoint, ConnectionFunction<? super Connection, ? extends R, X> work) throws X {
        return pool.use(known(endpoint), work);
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R use(
            String endpoint, Duration timeout, ConnectionFunction<? super Connection, ? extends R, X> work) throws X {
        return pool.use(known(endpoint), timeout, work);
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            String endpoint, Function<? super Connection, ? extends CompletionStage<R>> work) {
        return pool.useAsync(known(endpoint), work);
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            String endpoint, Duration timeout, Function<? super Connection, ? extends CompletionStage<R>> work) {
        return pool.useAsync(known(endpoint), timeout, work);
    }

    @Override
    public EndpointGroup<String, Connection> group(
            String name, Routing<? super String> routing, Collection<? extends String> endpoints) {
        return group(name, null, routing, endpoints);
    }

    EndpointGroup<String, Connection> group(
            String name,
            @Nullable DatabaseRole role,
            Routing<? super String> routing,
            Collection<? extends String> endpoints) {
        manager.checkGroupName(name);
        List<String> members = new ArrayList<>(endpoints); // once, since it may change meanwhile
        members.forEach(this::known);
        EndpointGroup<String, Connection> made = pool.group(name, routing, members);
        var group = new CheckedGroup(made, role, manager, pool::evict, closed -> groups.remove(name, closed));
        try {
            group.begin(members);
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
        groups.put(name, group);
        return group;
    }

    @Override
    public Map<String, EndpointGroup<String, Connection>> groups() {
        return Map.copyOf(groups);
    }

    @Override
    public CompletableFuture<Integer> warmUp(String endpoint, int connections) {
        return pool.warmUp(known(endpoint), connections);
    }

    @Override
    public void evict(String endpoint) {
        pool.evict(known(endpoint));
    }

    @Override
    public void evictAll() {
        pool.evictAll();
    }

    @Override
    public void suspend(String endpoint, SuspendMode mode) {
        pool.suspend(known(endpoint), mode);
    }

    @Override
    public void resume(String endpoint) {
        pool.resume(known(endpoint));
    }

    @Override
    public QuiesceReport quiesce(SuspendMode mode, Duration timeout) {
        return pool.quiesce(mode, timeout);
    }

    @Override
    public void endQuiesce() {
        pool.endQuiesce();
    }

    @Override
    public void resize(String endpoint, EndpointLimits limits) {
        pool.resize(known(endpoint), limits);
    }

    @Override
    public void resetLimits(String endpoint) {
        pool.resetLimits(known(endpoint));
    }

    @Override
    public void resizeTotal(int totalMaxSize) {
        pool.resizeTotal(totalMaxSize);
    }

    @Override
    public PoolStats stats() {
        return pool.stats();
    }

    @Override
    public PoolStats recentStats() {
        return pool.recentStats();
    }

    @Override
    public Map<String, EndpointStats> recentEndpointStats() {
        return pool.recentEndpointStats();
    }

    @Override
    public Optional<EndpointStats> stats(String endpoint) {
        return pool.stats(known(endpoint));
    }

    @Override
    public Set<String> endpoints() {
        return pool.endpoints();
    }

    @Override
    public PoolConfig config() {
        return pool.config();
    }

    @Override
    public boolean isClosed() {
        return pool.isClosed();
    }

    @Override
    public void close() {
        pool.close();
    }

    @Override
    public CloseReport close(Duration timeout) {
        return pool.close(timeout);
    }

    @Override
    public String toString() {
        return pool.toString();
    }
}
