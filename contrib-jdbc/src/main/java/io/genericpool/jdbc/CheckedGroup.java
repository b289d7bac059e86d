package io.genericpool.jdbc;

import io.genericpool.ConnectionFunction;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.group.GroupStats;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A group that takes the configured names only, and whose members have its role as long as they are in it. */
@SuppressWarnings("NullAway") // as in CheckedPool
final class CheckedGroup implements EndpointGroup<String, Connection> {
    private final EndpointGroup<String, Connection> group;
    private final @Nullable DatabaseRole role;
    private final JdbcConnectionManager manager;
    private final Consumer<String> evict;
    private final Consumer<CheckedGroup> onClose;

    CheckedGroup(
            EndpointGroup<String, Connection> group,
            @Nullable DatabaseRole role,
            JdbcConnectionManager manager,
            Consumer<String> evict,
            Consumer<CheckedGroup> onClose) {
        this.group = group;
        this.role = role;
        this.manager = manager;
        this.evict = evict;
        this.onClose = onClose;
    }

    /** Gives the first members the role of the group. */
    void begin(List<String> members) {
        try {
            claim(this, members);
        } catch (RuntimeException e) {
            manager.roles().release(this);
            throw e;
        }
    }

    /** Connections from before were made without the role, so none of them may be leased by way of the group. */
    private void claim(Object owner, List<String> members) {
        if (role != null) {
            manager.roles()
                    .claim(owner, group.name(), role, members, manager::endpoint)
                    .forEach(evict);
        }
    }

    @Override
    public void members(Collection<? extends String> members) {
        List<String> names = new ArrayList<>(members); // once, since it may change meanwhile
        names.forEach(manager::endpoint);
        var change = new Object(); // both the former and the new members have the role meanwhile
        try {
            claim(change, names);
            group.members(names);
            manager.roles().update(this, group::members);
        } finally {
            manager.roles().release(change);
        }
    }

    @Override
    public String name() {
        return group.name();
    }

    @Override
    public Lease<String, Connection> connection() {
        return group.connection();
    }

    @Override
    public Lease<String, Connection> connection(Duration timeout) {
        return group.connection(timeout);
    }

    @Override
    public Lease<String, Connection> newConnection() {
        return group.newConnection();
    }

    @Override
    public Lease<String, Connection> newConnection(Duration timeout) {
        return group.newConnection(timeout);
    }

    @Override
    public Optional<Lease<String, Connection>> tryConnection() {
        return group.tryConnection();
    }

    @Override
    public CompletableFuture<Lease<String, Connection>> connectionAsync() {
        return group.connectionAsync();
    }

    @Override
    public CompletableFuture<Lease<String, Connection>> connectionAsync(Duration timeout) {
        return group.connectionAsync(timeout);
    }

    @Override
    public CompletableFuture<Lease<String, Connection>> newConnectionAsync() {
        return group.newConnectionAsync();
    }

    @Override
    public CompletableFuture<Lease<String, Connection>> newConnectionAsync(Duration timeout) {
        return group.newConnectionAsync(timeout);
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R use(
            ConnectionFunction<? super Connection, ? extends R, X> work) throws X {
        return group.use(work);
    }

    @Override
    public <R extends @Nullable Object, X extends Exception> R use(
            Duration timeout, ConnectionFunction<? super Connection, ? extends R, X> work) throws X {
        return group.use(timeout, work);
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            Function<? super Connection, ? extends CompletionStage<R>> work) {
        return group.useAsync(work);
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            Duration timeout, Function<? super Connection, ? extends CompletionStage<R>> work) {
        return group.useAsync(timeout, work);
    }

    @Override
    public List<String> members() {
        return group.members();
    }

    @Override
    public GroupStats<String> stats() {
        return group.stats();
    }

    @Override
    public void close() {
        onClose.accept(this); // first, since the name is free afterwards
        group.close();
        manager.roles().release(this);
    }

    @Override
    public String toString() {
        return group.toString();
    }
}
