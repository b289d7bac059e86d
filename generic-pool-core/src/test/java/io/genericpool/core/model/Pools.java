package io.genericpool.core.model;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.model.TraceServer.Connection;
import io.genericpool.core.model.TraceServer.Target;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.group.Routing;
import io.genericpool.spi.ConnectGovernor;

/** Makes the pool under test and its model. A subclass that makes one of them a little wrong shows that the check bites. */
class Pools {
    PoolModel model(TraceConfig config) {
        return new PoolModel(config);
    }

    ConnectionPool<Target, Connection> pool(World world) {
        return knobs(world).build();
    }

    Routing<Target> routing(TraceGroup group) {
        return group.routing();
    }

    /** The engine's, turned as the configuration says. */
    ConnectionPoolBuilder<Target, Connection> knobs(World world) {
        var knobs = ConnectionPools.builder(TraceManagers.of(world.server));
        world.config.turn(knobs);
        knobs.clock(world.clock)
                .connectExecutor(world.executor.connects)
                .completionExecutor(world.executor.completions)
                .connectGovernor(world.config.governed ? new TraceGovernor(world.server) : ConnectGovernor.unlimited());
        return world.config.listener ? knobs.listener(new Listener(world.server)) : knobs;
    }

    /** Listens to everything, and sometimes throws. */
    private static final class Listener implements PoolListener<Target> {
        private final TraceServer server;

        Listener(TraceServer server) {
            this.server = server;
        }

        private void hear() {
            if (server.strikes(Fault.LISTENER_THROWS)) {
                server.listenerFailures++;
                throw new IllegalStateException("by trace");
            }
        }

        @Override
        public void onConnectionCreated(ConnectionEvent<Target> event) {
            hear();
        }

        @Override
        public void onConnectFailed(ConnectionEvent<Target> event) {
            hear();
        }

        @Override
        public void onConnectionDisposed(ConnectionEvent<Target> event) {
            hear();
        }

        @Override
        public void onConnectionAbandoned(ConnectionEvent<Target> event) {
            hear();
        }

        @Override
        public void onAcquired(LeaseEvent<Target> event) {
            hear();
        }

        @Override
        public void onReleased(LeaseEvent<Target> event) {
            hear();
        }

        @Override
        public void onAcquireFailed(LeaseEvent<Target> event) {
            hear();
        }

        @Override
        public void onLeakDetected(LeaseEvent<Target> event) {
            hear();
        }

        @Override
        public void onHookFailed(ConnectionEvent<Target> event) {
            hear();
        }
    }
}
