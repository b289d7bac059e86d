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

/** A group that takes the configured names only, and whose new members get its role. */
@SuppressWarnings("NullAway") // as in CheckedPool
final class CheckedGroup implements EndpointGroup<String, Connection> {
    private final EndpointGroup<String, Connection> group;
    private final Consumer<List<String>> check;
    private final Consumer<CheckedGroup> onClose;

    /** The check throws where a name is not known, or has another role. */
    CheckedGroup(
            EndpointGroup<String, Connection> group, Consumer<List<String>> check, Consumer<CheckedGroup> onClose) {
        this.group = group;
        this.check = check;
        this.onClose = onClose;
    }

    @Override
    public void members(Collection<? extends String> members) {
        List<String> names = new ArrayList<>(members); // once, since it may change meanwhile
        check.accept(names);
        group.members(names);
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
    }

    @Override
    public String toString() {
        return group.toString();
    }
}
