package io.genericpool.core.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.ConnectionStats;
import io.genericpool.EndpointStats;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.FakeServer;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A pool and the world around it on the test's own thread: time is virtual, and what the pool hands to its executors runs
 * when the world settles. A blocking call of the test's thread runs the world until it may go on. The clock starts shortly
 * before its wrap-around.
 */
public final class PoolWorld {
    public final FakePoolClock clock = new FakePoolClock(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3));
    public final ManualExecutor connects = new ManualExecutor();
    public final ManualExecutor completions = new ManualExecutor();
    public final ScriptedManager<String> manager;
    public final FakeServer<String> server;
    public ConnectionPool<String, FakeConnection<String>> pool;

    private boolean holdsConnects;
    private boolean holdsCompletions;

    public PoolWorld() {
        this(ScriptedManager.full());
    }

    public PoolWorld(ScriptedManager<String> manager) {
        this.manager = manager;
        this.server = manager.server();
        clock.autoAdvance(this::pump);
    }

    /** Opens the pool with some knobs turned. No jitter and no pause after a failure unless those are turned on. */
    public PoolWorld open(Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        var builder = ConnectionPools.builder(manager)
                .clock(clock)
                .connectExecutor(connects)
                .completionExecutor(completions)
                .connectGovernor(ConnectGovernor.unlimited())
                .maxLifetimeJitter(0)
                .idleTimeoutJitter(0);
        knobs.accept(builder);
        pool = builder.build();
        return this;
    }

    public static PoolWorld with(Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        return new PoolWorld().open(knobs);
    }

    public CompletableFuture<Lease<String, FakeConnection<String>>> ask(String endpoint) {
        var future = pool.connectionAsync(endpoint);
        settle();
        return future;
    }

    public CompletableFuture<Lease<String, FakeConnection<String>>> ask(String endpoint, Duration timeout) {
        var future = pool.connectionAsync(endpoint, timeout);
        settle();
        return future;
    }

    public Lease<String, FakeConnection<String>> lease(String endpoint) {
        var lease = pool.connection(endpoint);
        settle();
        return lease;
    }

    public List<Lease<String, FakeConnection<String>>> leases(String endpoint, int count) {
        List<Lease<String, FakeConnection<String>>> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(lease(endpoint));
        }
        return leases;
    }

    public void release(Lease<?, ?> lease) {
        lease.release();
        settle();
    }

    /** Leaves a number of idle connections behind, the first one idle for longest. */
    public List<FakeConnection<String>> fill(String endpoint, int count) {
        var leases = leases(endpoint, count);
        List<FakeConnection<String>> connections = new ArrayList<>();
        for (var lease : leases) {
            connections.add(lease.connection());
            release(lease);
        }
        return connections;
    }

    public PoolWorld script(Operation operation, Behaviour... next) {
        manager.script(operation).next(next);
        return this;
    }

    public EndpointStats stats(String endpoint) {
        return pool.stats(endpoint).orElseThrow(() -> new AssertionError("the pool does not hold " + endpoint));
    }

    public void holdConnects(boolean holds) {
        holdsConnects = holds;
        settle();
    }

    public void holdCompletions(boolean holds) {
        holdsCompletions = holds;
        settle();
    }

    /** Does all that is due now. @return how much that was */
    public int pump() {
        clock.advance(Duration.ZERO);
        int done = holdsCompletions ? 0 : completions.runAll();
        return done + (holdsConnects ? 0 : connects.runAll());
    }

    public void settle() {
        while (pump() > 0) {
            // goes on until there is nothing left to do
        }
    }

    /** Lets time pass from event to event, doing at each what is due. */
    public void advance(Duration time) {
        long left = time.toNanos();
        settle();
        while (left > 0) {
            long step = Math.min(left, Math.max(1, clock.nanosToNextEvent().orElse(left)));
            clock.advance(Duration.ofNanos(step));
            settle();
            left -= step;
        }
    }

    /** The end of a test: closes the pool, and checks what must hold after any test. */
    public void verify(int maxSize, int totalMaxSize) {
        holdsConnects = false;
        holdsCompletions = false;
        connects.rejectAll(false);
        completions.rejectAll(false);
        settle();
        assertBooks(statsByAnotherThread());
        pool.close(Duration.ofSeconds(30));
        settle();
        assertBooks(statsByAnotherThread());
        assertThat(pool.stats().total()).as("connections after the close").isZero();
        manager.assertNoViolations();
        server.assertWithin(maxSize, totalMaxSize);
        server.assertAllClosed();
    }

    /** For these, each lock of the pool is taken once: a step of the test's thread that has kept one is found out. */
    private ConnectionStats statsByAnotherThread() {
        var stats = new CompletableFuture<ConnectionStats>();
        var thread = new Thread(() -> stats.complete(pool.stats()), "statistics");
        thread.setDaemon(true);
        thread.start();
        return stats.orTimeout(20, TimeUnit.SECONDS).join();
    }

    public static void assertBooks(ConnectionStats stats) {
        assertThat(stats.granted()
                        + stats.timedOut()
                        + stats.cancelled()
                        + stats.failed()
                        + stats.rejected()
                        + stats.waiters())
                .as("how acquires ended")
                .isEqualTo(stats.acquires());
        assertThat(stats.idle()
                        + stats.leased()
                        + stats.checking()
                        + stats.connecting()
                        + stats.pending()
                        + stats.disposing())
                .as("the states of connections")
                .isEqualTo(stats.total());
    }
}
