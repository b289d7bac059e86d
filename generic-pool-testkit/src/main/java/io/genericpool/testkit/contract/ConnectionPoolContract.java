package io.genericpool.testkit.contract;

import io.genericpool.ConnectionPool;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakeConnection;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/**
 * The behaviour of every {@link ConnectionPool}, as a JUnit 5 suite to extend. Its one method creates the pool under
 * test. Most tests run twice, with the blocking calls and with the asynchronous ones. Time is virtual, and no test
 * sleeps.
 *
 * <p>After each test, the suite closes the pool and checks four things. The statistics must add up. The server must
 * never have had more connections than the limits allow. The pool must have disposed each connection once, and must
 * have called the hooks by the rules.
 *
 * <pre>{@code
 * class MyPoolTest extends ConnectionPoolContract {
 *     @Override
 *     protected ConnectionPool<String, FakeConnection<String>> newPool(PoolSettings settings, ...) {
 *         var builder = ConnectionPools.builder(manager).clock(clock)...;
 *         if (settings.maxSize != null) {
 *             builder.maxSize(settings.maxSize);
 *         }
 *         ...
 *         return builder.build();
 *     }
 * }
 * }</pre>
 *
 * <p>The suite requires more of the pool than its interface does. All waiting in blocking calls, including
 * {@code close}, must happen in {@link PoolClock#park}. Everything that depends on time must use
 * {@link PoolClock#schedule}. Connection attempts, checks and disposals must run on the connect executor.
 */
public abstract class ConnectionPoolContract {
    /** Creates the suite; for subclasses. */
    protected ConnectionPoolContract() {}

    /**
     * Creates the pool under test.
     *
     * @param settings the settings to apply; those that are null keep their defaults
     * @param manager the manager
     * @param clock the clock, which moves only when a test moves it
     * @param connectExecutor the executor of connection attempts, checks and disposals
     * @param completionExecutor the executor that completes futures
     * @param listener the listener of events
     * @return a pool, new and open
     * @throws IllegalArgumentException or {@link IllegalStateException} when the settings contradict each other
     */
    protected abstract ConnectionPool<String, FakeConnection<String>> newPool(
            PoolSettings settings,
            ConnectionManager<String, FakeConnection<String>> manager,
            PoolClock clock,
            Executor connectExecutor,
            Executor completionExecutor,
            PoolListener<String> listener);

    /**
     * Creates the pool under test where no test needs events. Override this when a pool without a listener takes other,
     * shorter code paths than one with a listener, so these paths are tested, too.
     *
     * @param settings the settings to apply; those that are null keep their defaults
     * @param manager the manager, often one without hooks
     * @param clock the clock, which moves only when a test moves it
     * @param connectExecutor the executor of connection attempts, checks and disposals
     * @param completionExecutor the executor that completes futures
     * @return a pool, new and open; unless overridden, it has a listener that does nothing
     * @throws IllegalArgumentException or {@link IllegalStateException} when the settings contradict each other
     */
    protected ConnectionPool<String, FakeConnection<String>> newPoolWithoutListener(
            PoolSettings settings,
            ConnectionManager<String, FakeConnection<String>> manager,
            PoolClock clock,
            Executor connectExecutor,
            Executor completionExecutor) {
        return newPool(settings, manager, clock, connectExecutor, completionExecutor, new PoolListener<>() {});
    }

    private ConnectionPool<String, FakeConnection<String>> make(
            PoolSettings settings,
            ConnectionManager<String, FakeConnection<String>> manager,
            PoolClock clock,
            Executor connectExecutor,
            Executor completionExecutor,
            @Nullable PoolListener<String> listener) {
        return listener == null
                ? newPoolWithoutListener(settings, manager, clock, connectExecutor, completionExecutor)
                : newPool(settings, manager, clock, connectExecutor, completionExecutor, listener);
    }

    @Nested
    class Acquiring extends AcquireBehaviour {
        Acquiring() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Limits extends LimitBehaviour {
        Limits() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Waiting extends WaiterBehaviour {
        Waiting() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Grouping extends GroupBehaviour {
        Grouping() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Connecting extends ConnectBehaviour {
        Connecting() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Governing extends GovernorBehaviour {
        Governing() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Leasing extends LeaseBehaviour {
        Leasing() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Hooks extends HookBehaviour {
        Hooks() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Living extends LifeBehaviour {
        Living() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Signals extends SignalBehaviour {
        Signals() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Administering extends AdminBehaviour {
        Administering() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Closing extends CloseBehaviour {
        Closing() {
            super(ConnectionPoolContract.this::make);
        }
    }

    @Nested
    class Counting extends StatsBehaviour {
        Counting() {
            super(ConnectionPoolContract.this::make);
        }
    }
}
