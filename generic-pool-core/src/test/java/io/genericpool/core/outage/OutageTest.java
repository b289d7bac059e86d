package io.genericpool.core.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.PoolConfig;
import io.genericpool.SuspendMode;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.CircuitGovernorBuilder;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.core.support.ThrowingGovernor;
import io.genericpool.event.CircuitEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An endpoint goes down and comes back: who waits, who fails, with what, and how often it is tried. */
class OutageTest {
    private static final String A = "a";

    private final PoolWorld world = new PoolWorld();
    private final IOException refused = new IOException("connection refused");

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    /** The pauses are 100, 200, 400 and 800 ms; the circuit opens with the second failure. */
    private static CircuitGovernorBuilder exact() {
        return CircuitGovernor.builder().backoffJitter(0).failFastAfter(2);
    }

    private void open(CircuitGovernorBuilder circuit) {
        open(circuit, knobs -> {});
    }

    private void open(
            CircuitGovernorBuilder circuit, Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> more) {
        world.open(knobs -> {
            knobs.connectGovernor(circuit.build()).alivenessBypass(PoolConfig.NO_LIMIT);
            more.accept(knobs);
        });
    }

    private void goDown() {
        world.manager.script(Operation.CREATE, A).always(Behaviour.fail(refused));
    }

    private void comeBack() {
        world.manager.script(Operation.CREATE, A).reset();
    }

    private long attempts() {
        return world.server.createsStarted(A);
    }

    private CircuitStats circuit() {
        return world.stats(A).circuit();
    }

    private List<CompletableFuture<?>> ask(int times, Duration timeout) {
        List<CompletableFuture<?>> requests = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            requests.add(world.pool.connectionAsync(A, timeout));
        }
        return requests;
    }

    private static Throwable failureOf(CompletableFuture<?> request) {
        assertThat(request).isCompletedExceptionally();
        try {
            request.join();
            throw new AssertionError("it has not failed");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private static long countFailed(List<CompletableFuture<?>> requests, Class<?> with) {
        return requests.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .map(OutageTest::failureOf)
                .filter(with::isInstance)
                .count();
    }

    /** By two requests that fail, 100 ms apart: open for another 200 ms. */
    private void openCircuit() {
        goDown();
        ask(2, ms(1_000));
        world.settle();
        world.advance(ms(100));
        assertThat(circuit().state()).isEqualTo(CircuitState.OPEN);
        assertThat(circuit().remaining()).isEqualTo(ms(200));
    }

    @Test
    void theDefaultGovernorIsACircuitOfThePoolsOwn() {
        var first = new PoolWorld();
        first.pool = ConnectionPools.builder(first.manager)
                .clock(first.clock)
                .connectExecutor(first.connects)
                .completionExecutor(first.completions)
                .build();
        first.manager.script(Operation.CREATE, A).always(Behaviour.fail(refused));
        for (int i = 0; i < 5; i++) {
            // the first at once, the others when they have waited out the backoff
            assertThatThrownBy(() -> first.pool.connection(A)).isInstanceOf(ConnectionCreateException.class);
        }
        assertThatThrownBy(() -> first.pool.connection(A))
                .isInstanceOf(EndpointUnavailableException.class)
                .hasCause(refused);
        first.verify(10, 100);
    }

    @Test
    void belowTheThresholdAFailedConnectFailsItsOwnWaiterAndOthersWaitOutTheBackoff() {
        open(exact(), knobs -> knobs.maxConnectsPerEndpoint(1));
        world.script(Operation.CREATE, Behaviour.fail(refused));
        var requests = ask(3, ms(5_000));
        world.settle();
        assertThat(countFailed(requests, ConnectionCreateException.class)).isOne();
        assertThat(requests.get(0)).isCompletedExceptionally();
        assertThat(world.stats(A).waiters()).isEqualTo(2);
        assertThat(circuit().remaining()).isEqualTo(ms(100));
        assertThat(circuit().failures()).isOne();

        world.advance(ms(99));
        assertThat(attempts()).isOne();
        world.advance(ms(1));

        assertThat(requests.subList(1, 3)).allMatch(request -> request.isDone() && !request.isCompletedExceptionally());
        assertThat(circuit()).isSameAs(CircuitStats.closed());
        world.verify(10, 100);
    }

    @Test
    void aRequestWhoseDeadlineComesBeforeTheEndOfABackoffFailsAtOnceWithTheReason() {
        open(
                exact().failFastAfter(PoolConfig.UNLIMITED).initialBackoff(ms(400)),
                knobs -> knobs.maxConnectsPerEndpoint(1));
        goDown();
        var requests = ask(2, ms(300));
        world.settle();
        assertThat(failureOf(requests.get(1)))
                .isInstanceOf(EndpointUnavailableException.class)
                .hasMessageContaining("connection attempts are paused for another 400 ms")
                .hasCause(refused);
        assertThat(attempts()).isOne();
        world.verify(10, 100);
    }

    @Test
    void whenTheCircuitOpensAllWhoWaitFailAtOnceWithTheSharedOutcome() {
        open(exact());
        goDown();
        var requests = ask(64, ms(30_000));
        world.settle();
        assertThat(countFailed(requests, ConnectionCreateException.class)).isOne();
        assertThat(world.stats(A).waiters()).isEqualTo(63);

        world.advance(ms(100));

        assertThat(attempts()).isEqualTo(2);
        assertThat(countFailed(requests, ConnectionCreateException.class)).isEqualTo(2);
        assertThat(countFailed(requests, EndpointUnavailableException.class)).isEqualTo(62);
        var failure = (EndpointUnavailableException) failureOf(requests.get(63));
        assertThat(failure).hasCause(refused);
        assertThat(failure.retryAfter()).contains(ms(200));
        assertThat(failure.stats().orElseThrow().circuit().state()).isEqualTo(CircuitState.OPEN);
        assertThat(world.pool.stats().rejected()).isEqualTo(62);
        world.verify(10, 100);
    }

    @Test
    void whileTheCircuitIsOpenWhoAsksIsRefusedAtOnceAndNothingIsTried() {
        open(exact());
        openCircuit();
        long before = attempts();
        for (int i = 0; i < 1_000; i++) {
            assertThat(failureOf(world.ask(A))).isInstanceOf(EndpointUnavailableException.class);
            assertThat(failureOf(world.pool.newConnectionAsync(A))).isInstanceOf(EndpointUnavailableException.class);
        }
        world.advance(ms(199));
        assertThat(failureOf(world.ask(A)))
                .isInstanceOfSatisfying(EndpointUnavailableException.class, e -> assertThat(e.retryAfter())
                        .contains(ms(1)));
        assertThat(attempts()).isEqualTo(before);
        world.verify(10, 100);
    }

    @Test
    void aProbeIsTheOnlyConnectAndOthersFailAtOnceUntilItHasSucceeded() {
        var gate = new Gate();
        var world = new PoolWorld(new ScriptedAsyncManager<>());
        world.open(knobs -> knobs.connectGovernor(exact().failFastAfter(1).build()));
        world.script(Operation.CREATE, Behaviour.fail(refused), Behaviour.hang(gate));
        assertThat(failureOf(world.ask(A))).isInstanceOf(ConnectionCreateException.class);
        world.advance(ms(100));
        var probe = world.ask(A);
        assertThat(world.stats(A).circuit().state()).isEqualTo(CircuitState.HALF_OPEN);

        for (int i = 0; i < 20; i++) {
            assertThat(failureOf(world.ask(A)))
                    .isInstanceOf(EndpointUnavailableException.class)
                    .hasCause(refused);
            world.advance(ms(10));
        }
        assertThat(probe).isNotDone();
        assertThat(world.server.createsStarted(A)).isEqualTo(2);
        gate.open();
        world.settle();

        assertThat(probe).isDone().isNotCompletedExceptionally();
        assertThat(world.stats(A).circuit()).isSameAs(CircuitStats.closed());
        assertThat(world.ask(A))
                .as("the gate of those who were refused")
                .isDone()
                .isNotCompletedExceptionally();
        world.verify(10, 100);
    }

    @Test
    void theFailureOfTheProbeIsTheOutcomeOfAllWhoWaitAndTheNextPauseIsLonger() {
        open(exact());
        openCircuit();
        world.advance(ms(200));
        long before = attempts();
        world.holdConnects(true);
        var requests = ask(10, ms(5_000));
        world.holdConnects(false);
        assertThat(countFailed(requests, ConnectionCreateException.class)).isOne();
        assertThat(countFailed(requests, EndpointUnavailableException.class)).isEqualTo(9);
        assertThat(attempts()).isEqualTo(before + 1);
        assertThat(circuit().state()).isEqualTo(CircuitState.OPEN);
        assertThat(circuit().remaining()).isEqualTo(ms(400));
        world.verify(10, 100);
    }

    @Test
    void withoutFailingFastAllWaitAndAreServedWhenTheEndpointIsBack() {
        open(exact().failFastAfter(PoolConfig.UNLIMITED));
        goDown();
        var requests = ask(20, ms(30_000));
        world.advance(ms(10_000));
        long tries = attempts();
        assertThat(tries).isBetween(10L, 20L);
        assertThat(countFailed(requests, ConnectionCreateException.class)).isEqualTo(tries);
        assertThat(countFailed(requests, EndpointUnavailableException.class)).isZero();
        comeBack();
        world.advance(ms(800));
        assertThat(requests.stream().filter(r -> r.isDone() && !r.isCompletedExceptionally()))
                .hasSize(Math.min(10, 20 - (int) tries));
        world.verify(10, 100);
    }

    @Test
    void sixtyFourCallersOfADeadEndpointMakeAtMostThirtyAttemptsInThreeSeconds() {
        for (boolean failsFast : List.of(true, false)) {
            for (long thinks : List.of(5L, 100L)) {
                var drill = new OutageTest();
                drill.open(CircuitGovernor.builder().failFastAfter(failsFast ? 5 : PoolConfig.UNLIMITED));
                drill.goDown();
                for (int i = 0; i < 64; i++) {
                    drill.callAgainAndAgain(thinks);
                }
                drill.world.advance(ms(3_000));
                assertThat(drill.attempts())
                        .as("failing fast %s, callers pause for %s ms", failsFast, thinks)
                        .isBetween(5L, 30L);
                drill.world.pool.close(Duration.ofSeconds(1));
            }
        }
    }

    private void callAgainAndAgain(long thinks) {
        if (world.pool.isClosed()) {
            return;
        }
        var unused = world.pool
                .connectionAsync(A, ms(500))
                .whenComplete((lease, failure) ->
                        world.clock.schedule(() -> callAgainAndAgain(thinks), TimeUnit.MILLISECONDS.toNanos(thinks)));
    }

    @Test
    void anEndpointThatIsDownTakesNothingFromAnother() {
        open(exact(), knobs -> knobs.totalMaxSize(10));
        world.fill("b", 10);
        goDown();
        var requests = ask(4, ms(60_000));
        world.advance(ms(100));
        assertThat(requests).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(circuit().state()).isEqualTo(CircuitState.OPEN);
        long taken = world.server.disposed("b");
        assertThat(taken).as("permits for the connects that were tried").isLessThanOrEqualTo(4);
        for (int i = 0; i < 100; i++) {
            world.ask(A);
        }
        assertThat(world.server.disposed("b"))
                .as("none for those who are refused")
                .isEqualTo(taken);
        world.verify(10, 10);
    }

    /** Shows I20. */
    @Test
    void whoCanBeServedByALiveConnectionWaitsForItEvenBehindAnOpenCircuit() {
        open(exact(), knobs -> knobs.maxSize(10));
        var held = world.lease(A);
        openCircuit();
        var waiting = world.ask(A, ms(10_000));
        var fresh = world.pool.newConnectionAsync(A, ms(10_000));
        assertThat(waiting).isNotDone();
        assertThat(failureOf(fresh)).isInstanceOf(EndpointUnavailableException.class);

        world.release(held);

        assertThat(waiting).isDone().isNotCompletedExceptionally();
        world.verify(10, 100);
    }

    /** Shows I20. */
    @Test
    void whoWaitedForALiveConnectionBehindAnOpenCircuitFailsWhenItDies() {
        for (Throwable cause : new Throwable[] {new IOException("reset"), null}) {
            var test = new OutageTest();
            test.open(exact());
            var held = test.world.lease(A);
            test.openCircuit();
            var waiting = test.world.ask(A, ms(10_000));
            held.connection().breakFromServer(cause);
            test.world.settle();
            assertThat(failureOf(waiting)).isInstanceOf(EndpointUnavailableException.class);
            held.release();
            test.world.verify(10, 100);
        }
    }

    @Test
    void aSuccessOpensTheGateForAllAtOnce() {
        open(exact().failFastAfter(PoolConfig.UNLIMITED), knobs -> knobs.maxSize(4));
        world.script(Operation.CREATE, Behaviour.fail(refused));
        var requests = ask(4, ms(5_000));
        world.settle();
        assertThat(requests.get(0)).isCompletedExceptionally();
        world.advance(ms(100));
        assertThat(requests.subList(1, 4)).allMatch(r -> r.isDone() && !r.isCompletedExceptionally());
        assertThat(circuit()).isSameAs(CircuitStats.closed());
        world.verify(4, 100);
    }

    /** Shows I19. */
    @Test
    void whatAGovernorSaidBeforeASuccessDoesNotShutTheGateAfterIt() {
        // The first connect is told to wait; before the pool hears of it, the second one has succeeded.
        var asked = new AtomicInteger();
        var slowAnswer = new ArrayList<Runnable>();
        var world = this.world;
        world.open(knobs -> knobs.maxConnectsPerEndpoint(2).connectGovernor(new ConnectGovernor<String>() {
            @Override
            public Verdict beforeConnect(String endpoint, long nowNanos) {
                if (asked.incrementAndGet() == 1) {
                    slowAnswer.forEach(Runnable::run);
                    return Verdict.refuseFor(Duration.ofHours(1), refused);
                }
                return Verdict.proceed();
            }
        }));
        world.holdConnects(true);
        var requests = ask(3, ms(60_000));
        slowAnswer.add(() -> assertThat(world.connects.runNext()).isTrue());
        world.holdConnects(false);
        assertThat(requests).allMatch(r -> r.isDone() && !r.isCompletedExceptionally());
        world.verify(10, 100);
    }

    @Test
    void minIdleIsRefilledNoFasterThanTheBackoffAllows() {
        open(exact(), knobs -> knobs.minIdle(3));
        world.release(world.lease(A));
        world.advance(ms(1_500));
        assertThat(world.stats(A).idle()).isEqualTo(3);
        goDown();
        var times = new ArrayList<Long>();
        world.manager.script(Operation.CREATE, A).always(Behaviour.fail(() -> {
            times.add(world.clock.nanoTime());
            return refused;
        }));
        world.server.crash(A);
        world.advance(Duration.ofSeconds(20));
        assertThat(times).hasSizeBetween(10, 21);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(ms(100).toNanos());
        }
        comeBack();
        world.advance(ms(2_000));
        assertThat(world.stats(A).idle()).isEqualTo(3);
        world.verify(10, 100);
    }

    @Test
    void aWarmUpTriesEachConnectionOnceAndWaitsOutTheBackoff() {
        open(exact().failFastAfter(5), knobs -> knobs.maxConnectsPerEndpoint(1));
        world.script(Operation.CREATE, Behaviour.fail(refused), Behaviour.fail(refused));
        var warmUp = world.pool.warmUp(A, 5);
        world.advance(ms(50));
        assertThat(warmUp).isNotDone();
        world.advance(ms(250));
        assertThat(warmUp.join()).isEqualTo(3);
        assertThat(attempts()).isEqualTo(5);
        world.verify(10, 100);
    }

    @Test
    void aWarmUpOfARefusedEndpointEnds() {
        open(exact());
        goDown();
        var warmUp = world.pool.warmUp(A, 10);
        world.advance(ms(10_000));
        assertThat(warmUp.join()).isZero();
        assertThat(attempts()).isLessThanOrEqualTo(10);
        world.verify(10, 100);
    }

    @Test
    void theListenerIsToldOfEachChangeOfACircuit() {
        var told = new ArrayList<CircuitEvent<String>>();
        open(
                exact(),
                knobs -> knobs.name("shop").endpointLabel(e -> "<" + e + ">").listener(new PoolListener<String>() {
                    @Override
                    public void onCircuitChanged(CircuitEvent<String> event) {
                        told.add(event);
                    }
                }));
        openCircuit();
        world.advance(ms(200));
        assertThat(failureOf(world.ask(A))).isInstanceOf(ConnectionCreateException.class);
        comeBack();
        world.advance(ms(400));
        world.release(world.lease(A));

        assertThat(told)
                .extracting(e -> e.before() + " " + e.after())
                .containsExactly(
                        "CLOSED OPEN", "OPEN HALF_OPEN", "HALF_OPEN OPEN", "OPEN HALF_OPEN", "HALF_OPEN CLOSED");
        assertThat(told.get(0)).satisfies(event -> {
            assertThat(event.poolName()).isEqualTo("shop");
            assertThat(event.endpoint()).isEqualTo(A);
            assertThat(event.endpointLabel()).isEqualTo("<a>");
            assertThat(event.failures()).isEqualTo(2);
            assertThat(event.failure()).containsSame(refused);
            assertThat(event.duration()).isEqualTo(ms(200));
        });
        assertThat(told.get(1).duration()).isZero();
        assertThat(told.get(4).failures()).isZero();
        world.verify(10, 100);
    }

    @Test
    void aGovernorThatTwoPoolsShareTellsEachOfItsOwnEndpoints() {
        var governor = exact().build();
        var told = new ArrayList<String>();
        var first = listening(governor, "first", told);
        var second = listening(governor, "second", told);
        second.fill("b", 1);
        first.manager.script(Operation.CREATE, A).always(Behaviour.fail(refused));
        failureOf(first.ask(A));
        var next = first.ask(A);
        first.advance(ms(100));
        failureOf(next);
        second.advance(ms(100));
        assertThat(told).containsExactly("first CLOSED OPEN");
        first.verify(10, 100);
        assertThat(failureOf(second.ask(A)))
                .as("what one has learnt the other knows")
                .isInstanceOf(EndpointUnavailableException.class);
        second.verify(10, 100);
    }

    private static PoolWorld listening(CircuitGovernor governor, String name, List<String> told) {
        return PoolWorld.with(
                knobs -> knobs.connectGovernor(governor).name(name).listener(new PoolListener<String>() {
                    @Override
                    public void onCircuitChanged(CircuitEvent<String> event) {
                        told.add(event.poolName() + " " + event.before() + " " + event.after());
                    }
                }));
    }

    @Test
    void anEndpointThatLeavesThePoolMeanwhileIsNotForgivenByThat() {
        open(exact());
        openCircuit();
        world.advance(ms(201));
        assertThat(world.pool.endpoints()).isEmpty();
        assertThat(failureOf(world.ask(A))).isInstanceOf(ConnectionCreateException.class);
        assertThat(circuit().failures()).isEqualTo(3);
        assertThat(failureOf(world.ask(A))).isInstanceOf(EndpointUnavailableException.class);
        world.verify(10, 100);
    }

    @Test
    void anEndpointThatFailedOnceAndThatNobodyWaitsForLeavesAtOnce() {
        open(exact());
        goDown();
        failureOf(world.ask(A));
        assertThat(world.pool.endpoints()).isEmpty();
        world.verify(10, 100);
    }

    @Test
    void anEvictionASuspensionAndAResizeBehindAnOpenCircuitDoNoHarm() {
        open(exact());
        openCircuit();
        world.pool.evict(A);
        assertThat(failureOf(world.ask(A))).as("it is tried anew").isInstanceOf(ConnectionCreateException.class);
        world.advance(ms(100));
        world.ask(A);
        assertThat(failureOf(world.ask(A))).isInstanceOf(EndpointUnavailableException.class);
        world.pool.suspend(A, SuspendMode.WAIT);
        var waiting = world.ask(A, ms(10_000));
        world.advance(ms(150));
        assertThat(waiting).as("suspended, it is not refused").isNotDone();
        world.pool.resume(A);
        world.settle();
        assertThat(failureOf(waiting)).as("it is tried anew").isInstanceOf(ConnectionCreateException.class);
        world.pool.suspend(A, SuspendMode.FAIL);
        assertThat(failureOf(world.ask(A))).hasMessageContaining("suspended");
        world.pool.resume(A);
        comeBack();
        world.release(world.lease(A));
        world.verify(10, 100);
    }

    /** Shows I21. */
    @Test
    void aCloseLeavesNoTimerAndFailsThoseWhoWait() {
        open(
                exact().failFastAfter(PoolConfig.UNLIMITED).initialBackoff(ms(500)),
                knobs -> knobs.backgroundCollector(false));
        goDown();
        var requests = ask(6, ms(30_000));
        world.settle();
        assertThat(world.clock.pendingTimers()).isPositive();
        world.pool.close(Duration.ofSeconds(1));
        world.settle();
        assertThat(requests).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(world.clock.pendingTimers()).isZero();
        world.verify(10, 100);
    }

    /** Shows I21. */
    @Test
    void aGateHasOneTimerHoweverManyAsk() {
        open(exact().failFastAfter(PoolConfig.UNLIMITED), knobs -> knobs.backgroundCollector(false));
        goDown();
        ask(1, PoolConfig.NO_LIMIT);
        world.settle();
        ask(100, PoolConfig.NO_LIMIT);
        world.settle();
        assertThat(world.clock.pendingTimers()).isOne();
        world.verify(10, 100);
    }

    @Test
    void aGovernorThatThrowsEverywhereAllowsAndIsCounted() {
        var governor = ThrowingGovernor.ofExceptions();
        world.open(knobs -> knobs.connectGovernor(governor));
        goDown();
        assertThat(failureOf(world.ask(A))).isInstanceOf(ConnectionCreateException.class);
        comeBack();
        var lease = world.lease(A);
        assertThat(world.stats(A).circuit()).isSameAs(CircuitStats.closed());
        assertThat(governor.thrown()).contains("beforeConnect", "onConnectFailed", "circuit");
        assertThat(world.pool.stats().hookFailures())
                .isEqualTo(governor.thrown().size());
        world.release(lease);
        world.verify(10, 100);
    }

    @Test
    void aConnectionThatDiesBeforeItIsHandedOutIsAFailureToTheGovernor() {
        open(exact(), knobs -> knobs.maxConnectsPerEndpoint(1));
        world.manager.script(Operation.BIND, A).always(Behaviour.perform(() -> world.server
                .connections(A)
                .forEach(connection -> connection.breakFromServer(refused))));
        var requests = List.of(world.ask(A), world.ask(A));
        world.advance(ms(100));
        for (var request : requests) {
            assertThat(failureOf(request))
                    .isInstanceOf(ConnectionCreateException.class)
                    .hasCause(refused);
        }
        assertThat(failureOf(world.ask(A))).isInstanceOf(EndpointUnavailableException.class);
        world.verify(10, 100);
    }
}
