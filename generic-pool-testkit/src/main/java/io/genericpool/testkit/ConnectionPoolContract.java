package io.genericpool.testkit;

import io.genericpool.ConnectionPool;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link ConnectionPool} does: a JUnit 5 suite to extend, whose one method makes the pool under test. Most
 * tests run twice, over the blocking calls and over the asynchronous ones. Time is virtual, no test sleeps. After each
 * test the pool is closed, and it is checked that the statistics add up, that the server never saw more connections than
 * the limits allow, that each connection was disposed once, and that the hooks were called by the rules.
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
 * <p>What is asked of the pool beyond its interface: all its waiting in blocking calls, {@code close} included, is done
 * in {@link PoolClock#park}, and all that depends on time in {@link PoolClock#schedule}; connects, checks and disposals
 * run on the connect executor.
 */
public abstract class ConnectionPoolContract {
    /** For subclasses. */
    protected ConnectionPoolContract() {}

    /**
     * Makes the pool under test.
     *
     * @param settings the knobs to turn; those that are null keep their defaults
     * @param manager the manager
     * @param clock the clock, which moves only when a test moves it
     * @param connectExecutor where connects, checks and disposals run
     * @param completionExecutor where futures are completed
     * @param listener who is told what happens
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
     * Makes the pool under test where no test asks for events. To be overridden where a pool without a listener takes
     * other, shorter ways than one with a listener, so that these are tested, too.
     *
     * @param settings the knobs to turn; those that are null keep their defaults
     * @param manager the manager, often one without hooks
     * @param clock the clock, which moves only when a test moves it
     * @param connectExecutor where connects, checks and disposals run
     * @param completionExecutor where futures are completed
     * @return a pool, new and open; unless overridden, one with a listener that does nothing
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
