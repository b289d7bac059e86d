package io.genericpool.micrometer;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A real pool on a fake clock. */
final class TestPool implements AutoCloseable {
    final FakePoolClock clock = new FakePoolClock();
    final ManualExecutor tasks = new ManualExecutor();
    final ScriptedManager<String> manager = ScriptedManager.plain();
    final ConnectionPool<String, FakeConnection<String>> pool;

    TestPool(String name) {
        this(name, builder -> builder);
    }

    TestPool(String name, UnaryOperator<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        pool = knobs.apply(ConnectionPools.builder(manager)
                        .name(name)
                        .clock(clock)
                        .connectExecutor(tasks)
                        .completionExecutor(tasks)
                        .backgroundCollector(false))
                .build();
    }

    ConnectionPoolMetricsBuilder metrics() {
        return ConnectionPoolMetrics.builder(pool);
    }

    /** Long enough for the next reader to take a snapshot. */
    void pass(Duration time) {
        clock.advance(time);
        tasks.runAll();
    }

    void renew() {
        pass(Duration.ofSeconds(1));
    }

    /** Opens a connection that stays idle. */
    void touch(String endpoint) {
        var lease = pool.connectionAsync(endpoint);
        tasks.runAll();
        lease.join().close();
    }

    @Override
    public void close() {
        pool.close(Duration.ZERO);
        tasks.runAll();
    }
}
