package io.genericpool.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.genericpool.CircuitState;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.PoolConfig;
import io.genericpool.SuspendMode;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a circuit governor keeps of endpoints that fail, for how long, and what makes it forget. */
@SuppressWarnings("FutureReturnValueIgnored") // the circuit tells what comes of them
class CircuitMemoryTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private static void fail(CircuitGovernor governor, Object endpoint, int times, long now) {
        for (int i = 0; i < times; i++) {
            governor.onConnectFailed(endpoint, now, new IOException("down"));
        }
    }

    @Test
    void endpointsThatFailOnceDoNotPushOutOneWhoseCircuitIsOpen() {
        var governor = CircuitGovernor.builder().build();
        fail(governor, "victim", 5, 0);

        for (int i = 0; i < 3 * CircuitGovernor.MOST; i++) {
            fail(governor, "stranger " + i, 1, 0);
        }

        assertThat(governor.circuit("victim", 0).state()).isEqualTo(CircuitState.OPEN);
        assertThat(governor.circuit("victim", 0).failures()).isEqualTo(5);
        assertThat(governor.remembered()).isEqualTo(CircuitGovernor.MOST);
        assertThat(governor.circuit("stranger 0", 0).failures()).isZero();
        assertThat(governor.circuit("stranger " + (3 * CircuitGovernor.MOST - 1), 0)
                        .failures())
                .isOne();
    }

    @Test
    void thoseThatHaveFailedLessGoFirst() {
        var governor =
                CircuitGovernor.builder().failFastAfter(PoolConfig.UNLIMITED).build();
        fail(governor, "four times", 4, 0);
        fail(governor, "twice", 2, 0);

        for (int i = 0; i < CircuitGovernor.MOST; i++) {
            fail(governor, "stranger " + i, 1, 0);
        }
        assertThat(governor.circuit("twice", 0).failures()).isEqualTo(2);

        for (int i = 0; i < CircuitGovernor.MOST; i++) {
            fail(governor, "other " + i, 2, 0);
        }
        assertThat(governor.circuit("twice", 0).failures()).isZero();
        assertThat(governor.circuit("four times", 0).failures()).isEqualTo(4);
    }

    @Test
    void anEndpointThatAskedForAPauseOrIsHopelessIsKeptThoughItHasFailedOnce() {
        var governor = CircuitGovernor.builder()
                .retryAfter(cause -> cause instanceof IOException ? null : Duration.ofMinutes(1))
                .failFastOn(cause -> cause instanceof SecurityException)
                .build();
        governor.onConnectFailed("paused", 0, new IllegalStateException("503"));
        governor.onConnectFailed("hopeless", 0, new SecurityException("401"));

        for (int i = 0; i < 2 * CircuitGovernor.MOST; i++) {
            fail(governor, "stranger " + i, 1, 0);
        }

        assertThat(governor.circuit("paused", 0).failures()).isOne();
        assertThat(governor.circuit("hopeless", 0).failures()).isOne();
    }

    @Test
    void whatNobodyHasAskedForGoesBeforeAnythingElse() {
        var governor = CircuitGovernor.builder().build();
        fail(governor, "long gone", 9, 0);

        fail(governor, "new", 1, TimeUnit.MINUTES.toNanos(10));

        assertThat(governor.remembered()).isOne();
    }

    @Test
    void aPauseOfAYearIsCutToFiveMinutesUnlessTheKnobSaysOtherwise() {
        assertThat(pauseAskedFor(YEAR, knobs -> {})).isEqualTo(Duration.ofMinutes(5));
        assertThat(pauseAskedFor(Duration.ofSeconds(20), knobs -> {})).isEqualTo(Duration.ofSeconds(20));
        assertThat(pauseAskedFor(YEAR, knobs -> knobs.maxRetryAfter(Duration.ofSeconds(7))))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(pauseAskedFor(YEAR, knobs -> knobs.maxRetryAfter(PoolConfig.NO_LIMIT)))
                .isEqualTo(YEAR);
        assertThat(pauseAskedFor(YEAR, knobs -> knobs.maxRetryAfter(Duration.ZERO)))
                .isEqualTo(Duration.ofMillis(100));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitGovernor.builder().maxRetryAfter(Duration.ofNanos(-1)))
                .withMessage("maxRetryAfter must not be negative, but is PT-0.000000001S");
    }

    private static Duration pauseAskedFor(Duration asked, Consumer<CircuitGovernorBuilder> turned) {
        var knobs = CircuitGovernor.builder().backoffJitter(0).retryAfter(cause -> asked);
        turned.accept(knobs);
        var governor = knobs.build();
        fail(governor, "a", 1, 0);
        return governor.circuit("a", 0).remaining();
    }

    @Test
    void aReaderOfPausesThatThrowsAnErrorIsTakenForOneThatAsksForNone() {
        var governor = CircuitGovernor.builder()
                .backoffJitter(0)
                .retryAfter(cause -> {
                    throw new StackOverflowError();
                })
                .failFastOn(cause -> {
                    throw new NoClassDefFoundError("Gone");
                })
                .build();

        fail(governor, "a", 1, 0);

        assertThat(governor.circuit("a", 0).remaining()).isEqualTo(Duration.ofMillis(100));
    }

    enum Forgetting {
        EVICT,
        EVICT_ALL,
        RESUME;

        void on(PoolWorld world, String endpoint) {
            switch (this) {
                case EVICT -> world.pool.evict(endpoint);
                case EVICT_ALL -> world.pool.evictAll();
                case RESUME -> world.pool.resume(endpoint);
            }
            world.settle();
        }
    }

    private static PoolWorld worldThatPausesFor(Duration time, int failFastAfter) {
        return PoolWorld.with(knobs -> knobs.connectGovernor(CircuitGovernor.builder()
                .failFastAfter(failFastAfter)
                .retryAfter(cause -> time)
                .build()));
    }

    @ParameterizedTest
    @EnumSource
    void anOperatorEndsThePauseOfAnEndpointThatThePoolDoesNotHoldAnyMore(Forgetting how) {
        var world = worldThatPausesFor(Duration.ofMinutes(4), 1).script(Operation.CREATE, failure());
        assertThat(world.ask("a")).isCompletedExceptionally();
        assertThat(world.ask("a")).isCompletedExceptionally();

        how.on(world, "a");

        assertThat(world.ask("a")).isCompleted();
        assertThat(world.manager.calls(Operation.CREATE)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void anOperatorEndsThePauseOfAnEndpointThatIsWaitedFor(Forgetting how) {
        var world = worldThatPausesFor(Duration.ofSeconds(20), 9).script(Operation.CREATE, failure());
        assertThat(world.ask("a")).isCompletedExceptionally();
        var waiting = world.ask("a", Duration.ofSeconds(30));
        assertThat(waiting).isNotDone();

        how.on(world, "a");

        assertThat(waiting).isCompleted();
    }

    @Test
    void resumeOfASuspendedEndpointEndsItsPause() {
        var world = worldThatPausesFor(Duration.ofMinutes(4), 1).script(Operation.CREATE, failure());
        assertThat(world.ask("a")).isCompletedExceptionally();
        world.pool.suspend("a", SuspendMode.WAIT);
        var waiting = world.ask("a", Duration.ofSeconds(1));

        world.pool.resume("a");
        world.settle();

        assertThat(waiting).isCompleted();
    }

    /** Shows I19. */
    @Test
    void aConnectFromBeforeAnEvictDoesNotCloseTheGateAgain() {
        var manager = new ScriptedAsyncManager<String>();
        var world = new PoolWorld(manager)
                .open(knobs -> knobs.connectGovernor(CircuitGovernor.builder()
                        .failFastAfter(1)
                        .retryAfter(cause -> Duration.ofMinutes(4))
                        .build()));
        world.holdConnects(true);
        world.ask("a");
        world.pool.evict("a"); // its waiter gets a connect of its own
        manager.script(Operation.CREATE).next(failure());
        world.holdConnects(false);

        assertThat(world.pool.stats().connectFailures()).isOne();
        assertThat(world.pool.stats().created()).isOne();
    }

    @Test
    void everyGovernorIsToldAndOneThatThrowsKeepsNothingFromHappening() {
        List<String> told = new ArrayList<>();
        ConnectGovernor<String> recorder = new ConnectGovernor<>() {
            @Override
            public Verdict beforeConnect(String endpoint, long nowNanos) {
                return Verdict.proceed();
            }

            @Override
            public void forget(String endpoint) {
                told.add(endpoint);
            }

            @Override
            public void forgetAll() {
                told.add("all");
                throw new AssertionError("by test");
            }
        };
        var world = PoolWorld.with(knobs -> knobs.connectGovernor(ConnectGovernor.all(recorder, recorder)));
        FakeConnection<String> connection = world.fill("a", 1).get(0);

        world.pool.evict("b");
        world.pool.resume("c");
        world.pool.evictAll();
        world.settle();

        assertThat(told).containsExactly("b", "b", "c", "c", "all", "all");
        assertThat(connection.isOpen()).isFalse();
        world.verify(10, 100);
    }

    private static Behaviour failure() {
        return Behaviour.fail(() -> new IOException("503"));
    }

    @Test
    void aPauseThatIsRefusedNamesItsTimeAndCause() {
        var world = worldThatPausesFor(YEAR, 1).script(Operation.CREATE, failure());
        world.ask("a");

        assertThat(world.ask("a"))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(EndpointUnavailableException.class)
                .havingRootCause()
                .withMessage("503");
    }
}
