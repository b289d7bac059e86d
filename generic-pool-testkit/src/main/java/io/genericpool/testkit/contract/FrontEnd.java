package io.genericpool.testkit.contract;

import io.genericpool.ConnectionFunction;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.internal.world.Pending;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One of the two ways to ask a pool for a connection, so that one test can be run over both: calls that block, each made
 * by a thread of its own, and futures. A null timeout stands for the method without one.
 */
enum FrontEnd {
    /** Calls that block. */
    BLOCKING {
        @Override
        Pending<Lease<String, FakeConnection<String>>> connection(
                PoolHarness on, String endpoint, @Nullable Duration timeout) {
            return on.start(() ->
                    timeout == null ? on.pool().connection(endpoint) : on.pool().connection(endpoint, timeout));
        }

        @Override
        Pending<Lease<String, FakeConnection<String>>> connection(
                PoolHarness on, EndpointGroup<String, FakeConnection<String>> group, @Nullable Duration timeout) {
            return on.start(() -> timeout == null ? group.connection() : group.connection(timeout));
        }

        @Override
        Pending<Lease<String, FakeConnection<String>>> newConnection(
                PoolHarness on, EndpointGroup<String, FakeConnection<String>> group) {
            return on.start(group::newConnection);
        }

        @Override
        Pending<Lease<String, FakeConnection<String>>> newConnection(
                PoolHarness on, String endpoint, @Nullable Duration timeout) {
            return on.start(() -> timeout == null
                    ? on.pool().newConnection(endpoint)
                    : on.pool().newConnection(endpoint, timeout));
        }

        @Override
        <R> Pending<R> use(
                PoolHarness on, String endpoint, ConnectionFunction<FakeConnection<String>, R, Exception> work) {
            return on.start(() -> on.pool().<R, Exception>use(endpoint, work));
        }
    },

    /** Calls that return a future. */
    ASYNC {
        @Override
        Pending<Lease<String, FakeConnection<String>>> connection(
                PoolHarness on, String endpoint, @Nullable Duration timeout) {
            return on.track(() -> timeout == null
                    ? on.pool().connectionAsync(endpoint)
                    : on.pool().connectionAsync(endpoint, timeout));
        }

        @Override
        Pending<Lease<String, FakeConnection<String>>> connection(
                PoolHarness on, EndpointGroup<String, FakeConnection<String>> group, @Nullable Duration timeout) {
            return on.track(() -> timeout == null ? group.connectionAsync() : group.connectionAsync(timeout));
        }

        @Override
        Pending<Lease<String, FakeConnection<String>>> newConnection(
                PoolHarness on, EndpointGroup<String, FakeConnection<String>> group) {
            return on.track(group::newConnectionAsync);
        }

        @Override
        Pending<Lease<String, FakeConnection<String>>> newConnection(
                PoolHarness on, String endpoint, @Nullable Duration timeout) {
            return on.track(() -> timeout == null
                    ? on.pool().newConnectionAsync(endpoint)
                    : on.pool().newConnectionAsync(endpoint, timeout));
        }

        @Override
        <R> Pending<R> use(
                PoolHarness on, String endpoint, ConnectionFunction<FakeConnection<String>, R, Exception> work) {
            return on.track(() -> on.pool().useAsync(endpoint, connection -> {
                try {
                    return CompletableFuture.completedFuture(work.apply(connection));
                } catch (Exception e) {
                    return CompletableFuture.failedFuture(e);
                }
            }));
        }
    };

    abstract Pending<Lease<String, FakeConnection<String>>> connection(
            PoolHarness on, String endpoint, @Nullable Duration timeout);

    abstract Pending<Lease<String, FakeConnection<String>>> connection(
            PoolHarness on, EndpointGroup<String, FakeConnection<String>> group, @Nullable Duration timeout);

    abstract Pending<Lease<String, FakeConnection<String>>> newConnection(
            PoolHarness on, EndpointGroup<String, FakeConnection<String>> group);

    abstract Pending<Lease<String, FakeConnection<String>>> newConnection(
            PoolHarness on, String endpoint, @Nullable Duration timeout);

    abstract <R> Pending<R> use(
            PoolHarness on, String endpoint, ConnectionFunction<FakeConnection<String>, R, Exception> work);
}
