package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionFunction;
import io.genericpool.ConnectionPool;
import io.genericpool.ConnectionStats;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointStats;
import io.genericpool.Lease;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.FakeServer;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.Script;
import io.genericpool.testkit.ScriptedManager;
import io.genericpool.testkit.internal.world.CountingListener;
import io.genericpool.testkit.internal.world.Pending;
import io.genericpool.testkit.internal.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pool under test, its server, what is asked of it, and what must hold after any test; {@link World} is around them. One
 * a test; for the test's thread.
 *
 * <p>By default the pool's tasks run on the test's thread, whenever the harness settles: when a request is made or
 * awaited, or time passes. With {@link #threaded} its connect tasks run on threads of their own and may hang at a gate.
 */
final class PoolHarness {
    private final World world = new World(() -> server().toString());
    final FakePoolClock clock = world.clock();
    final ManualExecutor connects = world.connects();
    final ManualExecutor completions = world.completions();
    final CountingListener events = new CountingListener();
    final FrontEnd frontEnd;

    private final PoolFactory factory;
    private final List<Pending<Lease<String, FakeConnection<String>>>> requests = new ArrayList<>();
    private ScriptedManager<String> manager = ScriptedManager.full();
    private @Nullable ConnectionPool<String, FakeConnection<String>> pool;
    private boolean listens = true;
    private boolean threaded;
    private int maxSize;
    private int totalMaxSize;
    private int abandoned;
    private boolean canAnyEndpointBeHad;

    PoolHarness(FrontEnd frontEnd, PoolFactory factory) {
        this.frontEnd = frontEnd;
        this.factory = factory;
    }

    PoolHarness manager(ScriptedManager<String> replacement) {
        manager = replacement;
        return this;
    }

    /** A manager without hooks, and no listener. */
    PoolHarness withoutHooks() {
        listens = false;
        return manager(ScriptedManager.plain());
    }

    PoolHarness threaded() {
        threaded = true;
        return this;
    }

    /** Says that the server may see so many connections beyond the limits, since calls of the manager are given up. */
    PoolHarness allowAbandoned(int connections) {
        abandoned = connections;
        return this;
    }

    /** Says what the limits are at most during the test, where they are not those of the settings. */
    void allow(int connectionsPerEndpoint, int connectionsInAll) {
        maxSize = Math.max(maxSize, connectionsPerEndpoint);
        totalMaxSize = Math.max(totalMaxSize, connectionsInAll);
    }

    ConnectionPool<String, FakeConnection<String>> open(PoolSettings settings) {
        allow(Objects.requireNonNullElse(settings.maxSize, 10), Objects.requireNonNullElse(settings.totalMaxSize, 100));
        Executor connectExecutor = threaded ? world.workers() : connects;
        var opened = factory.newPool(settings, manager, clock, connectExecutor, completions, listens ? events : null);
        pool = opened;
        canAnyEndpointBeHad = settings.maxEndpoints == null && isUnlimited(settings.connectGovernor);
        return opened;
    }

    private static boolean isUnlimited(@Nullable ConnectGovernor<String> governor) {
        return governor == null || governor == ConnectGovernor.<String>unlimited();
    }

    ConnectionPool<String, FakeConnection<String>> pool() {
        return Objects.requireNonNull(pool, "no pool was opened");
    }

    ScriptedManager<String> manager() {
        return manager;
    }

    FakeServer<String> server() {
        return manager.server();
    }

    Script script(Operation operation) {
        return manager.script(operation);
    }

    Gate gate() {
        return world.gate();
    }

    Pending<Lease<String, FakeConnection<String>>> request(String endpoint) {
        return request(frontEnd, endpoint, null);
    }

    Pending<Lease<String, FakeConnection<String>>> request(String endpoint, Duration timeout) {
        return request(frontEnd, endpoint, timeout);
    }

    Pending<Lease<String, FakeConnection<String>>> request(FrontEnd way, String endpoint, @Nullable Duration timeout) {
        return remember(way.connection(this, endpoint, timeout));
    }

    Pending<Lease<String, FakeConnection<String>>> request(EndpointGroup<String, FakeConnection<String>> group) {
        return remember(frontEnd.connection(this, group, null));
    }

    Pending<Lease<String, FakeConnection<String>>> request(
            EndpointGroup<String, FakeConnection<String>> group, Duration timeout) {
        return remember(frontEnd.connection(this, group, timeout));
    }

    Pending<Lease<String, FakeConnection<String>>> requestNew(EndpointGroup<String, FakeConnection<String>> group) {
        return remember(frontEnd.newConnection(this, group));
    }

    Pending<Lease<String, FakeConnection<String>>> requestNew(String endpoint) {
        return remember(frontEnd.newConnection(this, endpoint, null));
    }

    Pending<Lease<String, FakeConnection<String>>> requestNew(String endpoint, Duration timeout) {
        return remember(frontEnd.newConnection(this, endpoint, timeout));
    }

    <R> Pending<R> use(String endpoint, ConnectionFunction<FakeConnection<String>, R, Exception> work) {
        return frontEnd.use(this, endpoint, work);
    }

    Lease<String, FakeConnection<String>> lease(String endpoint) {
        return request(endpoint).value();
    }

    List<Lease<String, FakeConnection<String>>> leases(String endpoint, int count) {
        List<Lease<String, FakeConnection<String>>> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(lease(endpoint));
        }
        return leases;
    }

    /** Makes connections and lets them become idle, in the order of the answer. */
    List<FakeConnection<String>> fill(String endpoint, int count) {
        List<FakeConnection<String>> connections = new ArrayList<>();
        for (var lease : leases(endpoint, count)) {
            connections.add(lease.connection());
            lease.release();
        }
        settle();
        return connections;
    }

    EndpointStats stats(String endpoint) {
        return pool().stats(endpoint).orElseThrow(() -> new AssertionError("the pool does not hold " + endpoint));
    }

    /** Makes a blocking call on a thread of its own, and returns when it has ended or waits. */
    <T> Pending<T> start(Callable<T> call) {
        var result = new CompletableFuture<T>();
        var thread = world.call(() -> complete(result, call));
        return new Pending<>(world, result, thread);
    }

    /** Makes a call that returns a future. */
    <T> Pending<T> track(Supplier<CompletableFuture<T>> call) {
        CompletableFuture<T> future;
        try {
            future = call.get();
        } catch (RuntimeException e) {
            future = CompletableFuture.failedFuture(e);
        }
        settle();
        return new Pending<>(world, future, null);
    }

    Pending<CloseReport> closing(Duration timeout) {
        return start(() -> pool().close(timeout));
    }

    /** Runs no connect tasks until told otherwise; disposals and checks are such tasks, too. */
    void holdConnects(boolean holds) {
        world.holdConnects(holds);
    }

    void holdCompletions(boolean holds) {
        world.holdCompletions(holds);
    }

    /** Does all that is due now, on all threads. */
    void settle() {
        world.settle();
    }

    /** Lets time pass, from event to event, doing at each what is due. */
    void advance(Duration time) {
        world.advance(time);
    }

    /** Waits, in real time, for something that follows from what is due now. */
    void await(String what, BooleanSupplier condition) {
        world.await(what, condition);
    }

    /** Ends the test: closes the pool, and checks what must hold after any test. */
    void verify() {
        end();
        if (pool == null) {
            return;
        }
        manager.assertNoViolations();
        server().assertWithin(maxSize + abandoned, totalMaxSize + abandoned);
        await("all connections to be closed: " + server(), () -> server().open() == 0);
        server().assertAllClosed();
        assertAtRest(pool.stats());
    }

    /** Lets all threads go, without a check other than that the statistics agree before and after. */
    void end() {
        world.letGo();
        if (pool == null) {
            return;
        }
        settle();
        assertAtRest(pool.stats());
        manager.probe(null);
        requests.stream().filter(request -> !request.isDone()).forEach(Pending::cancel);
        settle();
        for (var request : requests) {
            if (request.isDone() && !request.hasFailed()) {
                request.value().release();
            }
        }
        settle();
        if (canAnyEndpointBeHad && !pool.isClosed() && !threaded) {
            assertAllPermitsAreThere(pool);
        }
        var closing = closing(Duration.ofSeconds(30));
        for (int i = 0; i < 60 && !closing.isDone(); i++) {
            advance(Duration.ofSeconds(1));
        }
        closing.value();
        settle();
    }

    /** Leases as many connections as the total limit allows, each to another endpoint. */
    private void assertAllPermitsAreThere(ConnectionPool<String, FakeConnection<String>> rested) {
        for (var operation : Operation.values()) {
            manager.script(operation).reset();
        }
        rested.evictAll();
        settle();
        int total = rested.stats().totalMaxSize();
        List<CompletableFuture<Lease<String, FakeConnection<String>>>> all = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            all.add(rested.connectionAsync("permit " + i, Duration.ofSeconds(5)));
        }
        settle();
        assertThat(all)
                .as("leases of all permits")
                .allMatch(lease -> lease.isDone() && !lease.isCompletedExceptionally());
        all.forEach(lease -> lease.join().release());
        settle();
        assertAtRest(rested.stats());
    }

    static void assertAtRest(ConnectionStats stats) {
        assertThat(stats.acquires())
                .as(
                        "acquires = granted %s + timedOut %s + cancelled %s + failed %s + rejected %s + waiters %s",
                        stats.granted(),
                        stats.timedOut(),
                        stats.cancelled(),
                        stats.failed(),
                        stats.rejected(),
                        stats.waiters())
                .isEqualTo(stats.granted()
                        + stats.timedOut()
                        + stats.cancelled()
                        + stats.failed()
                        + stats.rejected()
                        + stats.waiters());
        assertThat(stats.total())
                .as("total is the sum of the states")
                .isEqualTo(stats.idle()
                        + stats.leased()
                        + stats.checking()
                        + stats.connecting()
                        + stats.pending()
                        + stats.disposing());
    }

    private Pending<Lease<String, FakeConnection<String>>> remember(
            Pending<Lease<String, FakeConnection<String>>> request) {
        requests.add(request);
        return request;
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> call) {
        try {
            result.complete(call.call());
        } catch (Exception | Error e) {
            result.completeExceptionally(e);
        }
    }
}
