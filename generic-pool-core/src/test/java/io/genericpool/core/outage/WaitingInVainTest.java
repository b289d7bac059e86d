package io.genericpool.core.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Requests that nothing can serve before their deadline fail at once. Shows I20. */
@SuppressWarnings("FutureReturnValueIgnored")
class WaitingInVainTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ScriptedAsyncManager<String> manager = new ScriptedAsyncManager<>();

    /** Its endpoints are not connected to for 20 s after each failure. */
    private PoolWorld pausing(int maxSize) {
        var governor = CircuitGovernor.builder()
                .failFastAfter(1_000)
                .retryAfter(cause -> Duration.ofSeconds(20))
                .build();
        return new PoolWorld(manager).open(knobs -> knobs.maxSize(maxSize).connectGovernor(governor));
    }

    private static Behaviour failure() {
        return Behaviour.fail(() -> new IOException("down"));
    }

    private static void assertUnavailable(CompletableFuture<?> future) {
        assertThat(future)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(EndpointUnavailableException.class);
    }

    @Test
    void aPauseThatOutlivesTheDeadlineFailsARequestAtOnceOfWhateverKind() {
        var world = pausing(4).script(Operation.CREATE, failure());
        world.ask("a");
        long before = world.clock.nanoTime();

        assertUnavailable(world.ask("a", SECOND));
        assertUnavailable(world.pool.newConnectionAsync("a", SECOND));
        assertThatExceptionOfType(EndpointUnavailableException.class)
                .isThrownBy(() -> world.pool.connection("a", SECOND))
                .withStackTraceContaining("down")
                .satisfies(e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(20)));
        assertThatExceptionOfType(EndpointUnavailableException.class)
                .isThrownBy(() -> world.pool.newConnection("a", SECOND));
        assertThatExceptionOfType(EndpointUnavailableException.class)
                .isThrownBy(() -> world.pool.use("a", SECOND, connection -> 1));

        assertThat(world.clock.nanoTime()).isEqualTo(before);
        world.verify(4, 100);
    }

    @Test
    void aRequestWhoseDeadlineIsLaterWaitsForTheEndOfThePause() {
        var world = pausing(4).script(Operation.CREATE, failure());
        world.ask("a");

        var waiting = world.ask("a", MINUTE);
        assertThat(waiting).isNotDone();
        world.advance(Duration.ofSeconds(21));

        assertThat(waiting).isCompleted();
    }

    @Test
    void aTimeoutOfZeroIsATimeoutStill() {
        var world = pausing(4).script(Operation.CREATE, failure());
        world.ask("a");

        assertThatExceptionOfType(AcquireTimeoutException.class)
                .isThrownBy(() -> world.pool.connection("a", Duration.ZERO));
    }

    @Test
    void aRequestThatALiveConnectionMayServeWaitsUntilThatIsGone() {
        var world = pausing(2);
        var lease = world.lease("a");
        manager.script(Operation.CREATE).next(failure());
        world.ask("a", MINUTE); // makes the connect that fails

        var waiting = world.ask("a", SECOND);
        var newOnly = world.pool.newConnectionAsync("a", SECOND);
        assertThat(waiting).isNotDone();
        assertUnavailable(newOnly);
        lease.invalidate();
        world.settle();

        assertUnavailable(waiting);
        world.verify(2, 100);
    }

    @Test
    void thoseThatWaitAlreadyFailWithThePauseThatOutlivesThem() {
        var gate = new Gate();
        var world = pausing(4);
        manager.script(Operation.CREATE).next(Behaviour.hang(gate).then(failure()));
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        waiting.add(world.ask("a", SECOND)); // it fails with the connect that was made for it
        world.pool.resize("a", world.pool.config().defaultLimits().withMaxConnects(1));
        for (int i = 0; i < 5; i++) {
            waiting.add(world.ask("a", SECOND));
        }
        var patient = world.ask("a", MINUTE);

        gate.open();
        world.settle();

        assertThat(waiting.get(0))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(ConnectionCreateException.class);
        waiting.subList(1, 6).forEach(WaitingInVainTest::assertUnavailable);
        assertThat(patient).isNotDone();
        world.verify(4, 100);
    }

    @Test
    void aRequestWhoseRoomComesWhenThePauseHasBegunFailsAtOnce() {
        var connect = new Gate();
        var dispose = new Gate();
        var world = pausing(2);
        world.fill("a", 1);
        manager.script(Operation.CREATE).next(Behaviour.hang(connect).then(failure()));
        manager.script(Operation.DISPOSE).next(Behaviour.hang(dispose));
        world.pool.warmUp("a", 2);
        world.settle();
        var newOnly = world.pool.newConnectionAsync("a", SECOND); // the idle connection goes for it
        world.settle();

        connect.open();
        world.settle();
        assertThat(newOnly).isNotDone();
        dispose.open();
        world.settle();

        assertUnavailable(newOnly);
        world.verify(2, 100);
    }

    /** Shows I25. */
    @Test
    void anEndpointThatSwallowsConnectsGetsNoMoreOfThemThanItsLimit() {
        var gate = new Gate();
        var world = new PoolWorld(manager)
                .open(knobs -> knobs.maxSize(3).maxConnectsPerEndpoint(2).connectTimeout(SECOND));
        manager.script(Operation.CREATE, "hole").always(Behaviour.hangIgnoringInterrupts(gate));

        for (int i = 0; i < 50; i++) {
            world.ask("hole", MINUTE);
            world.advance(SECOND);
        }

        assertThat(manager.calls(Operation.CREATE)).isBetween(3L, 5L);
        assertThat(world.stats("hole").abandoned()).isBetween(3, 5);
        var refused = world.ask("hole", MINUTE);
        assertThat(refused)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withStackTraceContaining("connection attempts to hole were abandoned and have not ended");
        assertUnavailable(refused);
        assertThat(world.ask("other")).isCompleted();
        gate.open();
        world.settle();
        world.verify(5, 100);
    }

    /** Shows I25. */
    @Test
    void aConnectThatComesBackMakesRoomForAnother() {
        var gate = new Gate();
        var world = new PoolWorld(manager)
                .open(knobs -> knobs.maxSize(1).maxConnectsPerEndpoint(1).connectTimeout(SECOND));
        manager.script(Operation.CREATE).next(Behaviour.hangIgnoringInterrupts(gate));
        world.ask("a");
        world.advance(Duration.ofSeconds(3));
        assertUnavailable(world.ask("a"));

        gate.open();
        world.settle();

        assertThat(world.ask("a")).isCompleted();
        assertThat(world.stats("a").abandoned()).isZero();
    }

    @Test
    void anOperatorLetsConnectsStartInSpiteOfThoseThatDoNotComeBack() {
        var gate = new Gate();
        var world = new PoolWorld(manager)
                .open(knobs -> knobs.maxSize(1).maxConnectsPerEndpoint(1).connectTimeout(SECOND));
        manager.script(Operation.CREATE).next(Behaviour.hangIgnoringInterrupts(gate));
        world.ask("a");
        world.advance(Duration.ofSeconds(3));

        world.pool.evict("a");

        assertThat(world.ask("a")).isCompleted();
        assertThat(world.stats("a").abandoned()).isOne();
        gate.open(); // what comes back now is of before: it lifts no limit twice
        world.settle();
        assertThat(world.stats("a").abandoned()).isZero();
    }

    @Test
    void aCloseSaysHowManyConnectsDidNotComeBack() {
        var gate = new Gate();
        var world = new PoolWorld(manager).open(knobs -> knobs.connectTimeout(SECOND));
        manager.script(Operation.CREATE).next(Behaviour.hangIgnoringInterrupts(gate));
        world.ask("a");
        world.advance(Duration.ofSeconds(3));

        var report = world.pool.close(SECOND);

        assertThat(report.abandoned()).isOne();
        assertThat(world.pool.stats().abandoned()).isOne();
        gate.open();
        world.settle();
        assertThat(world.pool.stats().abandoned()).isZero();
    }
}
