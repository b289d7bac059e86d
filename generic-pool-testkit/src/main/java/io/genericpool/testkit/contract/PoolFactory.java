package io.genericpool.testkit.contract;

import io.genericpool.ConnectionPool;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakeConnection;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How the suite gets a pool: {@link ConnectionPoolContract#newPool}, or without a listener. */
@FunctionalInterface
interface PoolFactory {
    ConnectionPool<String, FakeConnection<String>> newPool(
            PoolSettings settings,
            ConnectionManager<String, FakeConnection<String>> manager,
            PoolClock clock,
            Executor connectExecutor,
            Executor completionExecutor,
            @Nullable PoolListener<String> listener);
}
