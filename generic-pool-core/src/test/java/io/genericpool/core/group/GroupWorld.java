package io.genericpool.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.group.Routing;
import io.genericpool.testkit.FakeConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** A pool with a group of the endpoints a, b and c, on the test's own thread. */
final class GroupWorld {
    static final String[] MEMBERS = {"a", "b", "c"};

    final PoolWorld world;
    final EndpointGroup<String, FakeConnection<String>> group;

    GroupWorld(Routing<? super String> routing, Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        world = PoolWorld.with(knobs);
        group = world.pool.group("g", routing, MEMBERS);
    }

    static GroupWorld of(int maxSize, Routing<? super String> routing) {
        return new GroupWorld(routing, knobs -> knobs.maxSize(maxSize));
    }

    CompletableFuture<Lease<String, FakeConnection<String>>> ask() {
        var future = group.connectionAsync();
        world.settle();
        return future;
    }

    CompletableFuture<Lease<String, FakeConnection<String>>> ask(Duration timeout) {
        var future = group.connectionAsync(timeout);
        world.settle();
        return future;
    }

    /** Runs one of the connects that are held. */
    void connect(int index) {
        assertThat(world.connects.runNext(index)).isTrue();
        world.settle();
    }

    int waiters(String endpoint) {
        return world.pool.stats(endpoint).map(stats -> stats.waiters()).orElse(0);
    }

    /** Shows I55: afterwards nothing of a request is left in a queue. */
    void assertNobodyWaits() {
        for (String member : MEMBERS) {
            assertThat(waiters(member)).as("requests that wait at %s", member).isZero();
        }
    }

    static String servedBy(CompletableFuture<Lease<String, FakeConnection<String>>> request) {
        assertThat(request).isCompleted();
        return request.join().endpoint();
    }

    static Throwable failureOf(CompletableFuture<?> request) {
        assertThat(request).isCompletedExceptionally();
        try {
            request.join();
            throw new AssertionError("it has not failed");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    void verify(int maxSize, int totalMaxSize) {
        assertNobodyWaits();
        assertThat(world.pool.stats().leased()).isZero();
        world.verify(maxSize, totalMaxSize);
    }
}
