package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import java.net.ConnectException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.pool2.BaseKeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;

/** The testkit's suite for managers, over a factory without a server; {@link JedisManagerContractTest} has a real one. */
class FactoryManagerContractTest extends ConnectionManagerContract<String, Thing> {
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();
    private final FactoryConnectionManager<String, Thing> manager = FactoryConnectionManager.of(new Breakable());

    @Override
    protected ConnectionManager<String, Thing> manager() {
        return manager;
    }

    @Override
    protected String endpoint() {
        return "a";
    }

    @Override
    protected void use(Thing connection) {
        assertThat(connection.isDestroyed()).isFalse();
        assertThat(broken).doesNotContain(connection.id);
    }

    @Override
    protected Optional<String> unreachableEndpoint() {
        return Optional.of("unreachable");
    }

    @Override
    protected boolean breakFromServer(Thing connection) {
        return broken.add(connection.id);
    }

    @Override
    protected boolean leavesNoThreads() {
        return true;
    }

    private final class Breakable extends BaseKeyedPooledObjectFactory<String, Thing> {
        private int made;

        @Override
        public synchronized Thing create(String key) throws ConnectException {
            if (key.equals("unreachable")) {
                throw new ConnectException("refused");
            }
            return new Thing(made++);
        }

        @Override
        public PooledObject<Thing> wrap(Thing thing) {
            return new DefaultPooledObject<>(thing);
        }

        @Override
        public boolean validateObject(String key, PooledObject<Thing> pooled) {
            return !broken.contains(pooled.getObject().id);
        }

        @Override
        public void destroyObject(String key, PooledObject<Thing> pooled) {
            pooled.getObject().destroy();
        }
    }
}
