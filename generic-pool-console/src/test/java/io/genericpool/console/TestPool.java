package io.genericpool.console;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A real pool of connections that cost nothing. */
final class TestPool implements AutoCloseable {
    final ScriptedManager<String> manager = ScriptedManager.plain();
    final ConnectionPool<String, FakeConnection<String>> pool;

    TestPool(String name) {
        this(name, builder -> builder);
    }

    TestPool(String name, UnaryOperator<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        pool = knobs.apply(ConnectionPools.builder(manager).name(name)).build();
    }

    /** Opens a connection that stays idle. */
    void touch(String endpoint) {
        pool.connection(endpoint).close();
    }

    @Override
    public void close() {
        pool.close(Duration.ofSeconds(5));
    }
}
