package io.genericpool.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.SteppedClock;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The process stands still for minutes, as after SIGSTOP, and goes on with the tick from before. Shows I37. Whatever
 * reads the clock hands out nothing that has expired meanwhile; the fast path, which does not, may do so for one tick
 * period at most.
 */
class StoppedProcessTest {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final SteppedClock clock = new SteppedClock(true);
    private final ManualExecutor executor = new ManualExecutor();
    private final ScriptedManager<String> manager =
            ScriptedManager.<String>full().checkInstantly();
    private ConnectionPool<String, FakeConnection<String>> pool;
    private FakeConnection<String> old;

    private void openWithAnIdleConnection(Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        var builder = ConnectionPools.builder(manager)
                .clock(clock)
                .connectExecutor(executor)
                .completionExecutor(executor)
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT)
                .alivenessBypass(PoolConfig.NO_LIMIT);
        knobs.accept(builder);
        pool = builder.build();
        old = connect();
    }

    private FakeConnection<String> connect() {
        var future = pool.connectionAsync("a");
        executor.runAll();
        Lease<String, FakeConnection<String>> lease = future.join();
        FakeConnection<String> connection = lease.connection();
        lease.release();
        executor.runAll();
        return connection;
    }

    private Optional<FakeConnection<String>> tryTake() {
        return pool.tryConnection("a").map(lease -> {
            FakeConnection<String> connection = lease.connection();
            lease.release();
            return connection;
        });
    }

    private List<Operation> history() {
        return old.history();
    }

    @Test
    void theFirstTickAfterTheStopEndsWhatThatMayStillHandOut() {
        openWithAnIdleConnection(knobs -> knobs.maxLifetime(Duration.ofMinutes(1)));
        clock.jump(Duration.ofMinutes(5));
        assertThat(tryTake()).as("the fast path before the first tick").contains(old);

        clock.advance(TICK.minusNanos(1));
        assertThat(tryTake()).as("just before the tick").contains(old);
        clock.advance(Duration.ofNanos(1));

        assertThat(tryTake()).as("after the tick").isEmpty();
        executor.runAll();
        assertThat(manager.server().disposed(DisposeReason.MAX_LIFETIME)).isOne();
    }

    @Test
    void aLateTickSweepsAtOnce() {
        openWithAnIdleConnection(
                knobs -> knobs.maxLifetime(Duration.ofMinutes(1)).alivenessBypass(Duration.ofMillis(200)));
        clock.advance(Duration.ofMillis(100)); // one tick of ten to a sweep
        clock.jump(Duration.ofMinutes(5));

        clock.advance(Duration.ofMillis(100));

        executor.runAll();
        assertThat(manager.server().disposed(DisposeReason.MAX_LIFETIME)).isOne();
    }

    @Test
    void anyStepThatReadsTheClockEndsItBeforeTheTick() {
        openWithAnIdleConnection(knobs -> knobs.maxLifetime(Duration.ofMinutes(1)));
        clock.jump(Duration.ofMinutes(5));
        var other = pool.connectionAsync("b");
        executor.runAll();

        assertThat(tryTake()).isEmpty();
        executor.runAll();
        assertThat(manager.server().disposed(DisposeReason.MAX_LIFETIME)).isOne();
        other.join().release();
    }

    @Test
    void anAcquireThatHasToQueueIsNotHandedWhatIsReleasedAfterItsLifetime() {
        openWithAnIdleConnection(
                knobs -> knobs.maxLifetime(Duration.ofMinutes(1)).maxSize(1));
        var held = pool.connection("a");
        var waiting = pool.connectionAsync("a", Duration.ofMinutes(10));
        clock.jump(Duration.ofMinutes(5));

        held.release();
        executor.runAll();

        assertThat(waiting.join().connection()).isNotSameAs(old);
        assertThat(manager.server().disposed(DisposeReason.MAX_LIFETIME)).isOne();
        waiting.join().release();
    }

    @Test
    void pastTheBypassTheSlowPathChecksFirst() {
        openWithAnIdleConnection(knobs -> knobs.alivenessBypass(Duration.ofSeconds(2)));
        var other = pool.connection("a");
        other.release();
        clock.jump(Duration.ofMinutes(5));
        pool.suspend("a", SuspendMode.WAIT);
        var waiting = pool.connectionAsync("a");
        pool.resume("a");
        executor.runAll();

        assertThat(waiting.join().connection()).isSameAs(old);
        assertThat(history()).containsOnlyOnce(Operation.CHECK);
        waiting.join().release();
    }

    @Test
    void withoutACollectorTheFirstAcquireKnows() {
        openWithAnIdleConnection(
                knobs -> knobs.maxLifetime(Duration.ofMinutes(1)).backgroundCollector(false));
        assertThat(tryTake()).contains(old);
        clock.jump(Duration.ofMinutes(5));

        assertThat(tryTake()).isEmpty();
    }

    @Test
    void aReleaseAfterTheStopMakesAConnectionUsableForNoLonger() {
        openWithAnIdleConnection(knobs -> knobs.alivenessBypass(Duration.ofSeconds(2)));
        var held = pool.connection("a");
        clock.jump(Duration.ofMinutes(5));
        held.release();
        assertThat(history()).doesNotContain(Operation.CHECK);

        clock.advance(TICK);

        assertThat(tryTake()).contains(old);
        assertThat(history()).as("it was stamped with the old tick").containsOnlyOnce(Operation.CHECK);
    }
}
