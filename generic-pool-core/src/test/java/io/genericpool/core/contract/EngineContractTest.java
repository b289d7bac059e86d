package io.genericpool.core.contract;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.contract.ConnectionPoolContract;
import io.genericpool.testkit.contract.PoolSettings;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine does what every pool does, blocking and asynchronous alike.
 *
 * <p>Of the invariants, {@code LeaseBehaviour} shows I1, I2 and I42. {@code LifeBehaviour} shows I4 and I47. {@code
 * SignalBehaviour} and {@code AdminBehaviour} show what sets a flag, which shows I5. {@code WaiterBehaviour} shows
 * I8, I9, I10, I12 and I46. {@code GroupBehaviour} shows I54 and I55. {@code LimitBehaviour} shows I13, I14, I15 and
 * I16. {@code ConnectBehaviour} shows I11 and I45. {@code GovernorBehaviour} shows I20. {@code HookBehaviour} shows L and I45. {@code CloseBehaviour} shows
 * I48.
 */
class EngineContractTest extends ConnectionPoolContract {
    @Override
    protected ConnectionPool<String, FakeConnection<String>> newPool(
            PoolSettings settings,
            ConnectionManager<String, FakeConnection<String>> manager,
            PoolClock clock,
            Executor connectExecutor,
            Executor completionExecutor,
            PoolListener<String> listener) {
        return builder(settings, manager, clock, connectExecutor, completionExecutor)
                .listener(listener)
                .build();
    }

    @Override
    protected ConnectionPool<String, FakeConnection<String>> newPoolWithoutListener(
            PoolSettings settings,
            ConnectionManager<String, FakeConnection<String>> manager,
            PoolClock clock,
            Executor connectExecutor,
            Executor completionExecutor) {
        return builder(settings, manager, clock, connectExecutor, completionExecutor)
                .build();
    }

    private static ConnectionPoolBuilder<String, FakeConnection<String>> builder(
            PoolSettings settings,
            ConnectionManager<String, FakeConnection<String>> manager,
            PoolClock clock,
            Executor connectExecutor,
            Executor completionExecutor) {
        var builder = ConnectionPools.builder(manager)
                .clock(clock)
                .connectExecutor(connectExecutor)
                .completionExecutor(completionExecutor);
        set(settings.acquireTimeout, builder::acquireTimeout);
        set(settings.connectTimeout, builder::connectTimeout);
        set(settings.checkTimeout, builder::checkTimeout);
        set(settings.resetTimeout, builder::resetTimeout);
        set(settings.disposeTimeout, builder::disposeTimeout);
        set(settings.closeTimeout, builder::closeTimeout);
        set(settings.idleTimeout, builder::idleTimeout);
        set(settings.maxLifetime, builder::maxLifetime);
        set(settings.maxLifetimeJitter, builder::maxLifetimeJitter);
        set(settings.idleTimeoutJitter, builder::idleTimeoutJitter);
        set(settings.keepaliveInterval, builder::keepaliveInterval);
        set(settings.alivenessBypass, builder::alivenessBypass);
        set(settings.endpointRetention, builder::endpointRetention);
        set(settings.leakDetectionThreshold, builder::leakDetectionThreshold);
        set(settings.overtakeWindow, builder::overtakeWindow);
        set(settings.minIdle, builder::minIdle);
        set(settings.maxSize, builder::maxSize);
        set(settings.totalMaxSize, builder::totalMaxSize);
        set(settings.maxWaiters, builder::maxWaiters);
        set(settings.maxEndpoints, builder::maxEndpoints);
        set(settings.maxConnectsPerEndpoint, builder::maxConnectsPerEndpoint);
        set(settings.maxLeases, builder::maxLeases);
        set(settings.disposeBatchSize, builder::disposeBatchSize);
        set(settings.idleOrder, builder::idleOrder);
        set(settings.backgroundCollector, builder::backgroundCollector);
        set(settings.name, builder::name);
        set(settings.endpointLimits, builder::endpointLimits);
        set(settings.endpointLabel, builder::endpointLabel);
        set(settings.connectGovernor, builder::connectGovernor);
        return builder;
    }

    private static <T> void set(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
