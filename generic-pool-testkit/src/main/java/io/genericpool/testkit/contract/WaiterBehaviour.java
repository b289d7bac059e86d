package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.internal.world.Pending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;

/** Those who wait are served in order, leave at their deadline, and leave nothing behind. */
abstract class WaiterBehaviour extends PoolBehaviour {
    WaiterBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest(alsoWithoutHooks = true)
    void waitersAreServedInTheOrderOfTheirComing(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var waiting = List.of(on.request("a"), on.request("a"), on.request("a"), on.request("a"));
        assertThat(on.stats("a").waiters()).isEqualTo(4);
        for (int i = 0; i < waiting.size(); i++) {
            held.release();
            held = waiting.get(i).value();
            assertThat(on.stats("a").waiters()).isEqualTo(3 - i);
        }
        assertThat(on.server().created()).isEqualTo(1);
    }

    @PoolTest(value = FrontEnd.BLOCKING, alsoWithoutHooks = true)
    void blockingAndAsyncWaitersShareOneQueue(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        List<Pending<Lease<String, FakeConnection<String>>>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(on.request(FrontEnd.ASYNC, "a", null));
            waiting.add(on.request(FrontEnd.BLOCKING, "a", null));
        }
        for (int i = 0; i < waiting.size(); i++) {
            held.release();
            held = waiting.get(i).value();
            waiting.subList(i + 1, waiting.size()).forEach(Pending::assertWaits);
        }
    }

    @PoolTest(alsoWithoutHooks = true)
    void anAcquireEndsAtItsDeadlineAndNotBefore(PoolHarness on) {
        on.open(timeless().maxSize(1));
        on.lease("a");
        var waiting = on.request("a", seconds(3));
        on.advance(millis(2_999));
        waiting.assertWaits();
        on.advance(millis(1));
        waiting.failsWith(AcquireTimeoutException.class);
        assertThat(on.stats("a").timedOut()).isEqualTo(1);
        assertThat(on.stats("a").waiters()).isZero();
    }

    @PoolTest
    void withoutATimeoutThePoolsOwnIsTaken(PoolHarness on) {
        on.open(timeless().maxSize(1).acquireTimeout(seconds(2)));
        on.lease("a");
        var waiting = on.request("a");
        on.advance(millis(1_999));
        waiting.assertWaits();
        on.advance(millis(1));
        assertThat(waiting.failsWith(AcquireTimeoutException.class).timeout()).isEqualTo(seconds(2));
    }

    @PoolTest(alsoWithoutHooks = true)
    void withNoLimitAnAcquireWaitsForEver(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var waiting = on.request("a", PoolConfig.NO_LIMIT);
        on.advance(seconds(1_000));
        waiting.assertWaits();
        held.release();
        waiting.value();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aTimeoutExplainsItself(PoolHarness on) {
        on.open(timeless().maxSize(1).endpointLabel(endpoint -> "label of " + endpoint));
        on.lease("secret");
        on.advance(seconds(5));
        var waiting = on.request("secret", seconds(3));
        on.advance(seconds(3));
        var failure = waiting.failsWith(AcquireTimeoutException.class);
        assertThat(failure.endpointLabel()).isEqualTo("label of secret");
        assertThat(failure.getMessage()).contains("label of secret").contains("maxSize");
        assertThat(failure.timeout()).isEqualTo(seconds(3));
        assertThat(failure.waited()).isBetween(seconds(3), millis(3_050));
        assertThat(failure.limits().orElseThrow().maxSize()).isEqualTo(1);
        assertThat(failure.stats().orElseThrow().leased()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aTimeoutHasTheLastFailedConnectAsItsCause(PoolHarness on) {
        var gate = on.gate();
        var refused = new IOException("refused");
        on.threaded().script(Operation.CREATE).next(Behaviour.hang(gate).then(Behaviour.fail(refused)));
        var hanging = on.gate();
        on.script(Operation.CREATE).always(Behaviour.hang(hanging));
        on.open(timeless().maxConnectsPerEndpoint(1));
        var first = on.request("a", seconds(5));
        var second = on.request("a", seconds(5));
        gate.open();
        assertThat(first.failsWith(PoolException.class)).hasCause(refused);
        on.settle();
        on.advance(seconds(5));
        assertThat(second.failsWith(AcquireTimeoutException.class)).hasCause(refused);
    }

    @PoolTest(alsoWithoutHooks = true)
    void theDeadlineCoversAConnectThatHangsAndTheLateConnectionJoinsThePool(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).next(Behaviour.hang(gate));
        on.open(timeless());
        var waiting = on.request("a", seconds(1));
        on.advance(seconds(1));
        waiting.failsWith(AcquireTimeoutException.class);
        assertThat(on.stats("a").connecting()).isEqualTo(1);

        gate.open();
        on.await("the late connection", () -> on.stats("a").idle() == 1);
        on.lease("a");
        assertThat(on.server().created()).isEqualTo(1);
    }

    @PoolTest
    void theDeadlineCoversACheckThatHangs(PoolHarness on) {
        on.threaded();
        on.open(timeless().maxSize(1).alivenessBypass(Duration.ZERO).checkTimeout(seconds(20)));
        on.fill("a", 1);
        on.advance(seconds(5));
        var gate = on.gate();
        on.script(Operation.CHECK).next(Behaviour.hang(gate));
        var waiting = on.request("a", seconds(1));
        waiting.assertWaits();
        assertThat(on.stats("a").checking()).isEqualTo(1);
        on.advance(seconds(1));
        waiting.failsWith(AcquireTimeoutException.class);
        gate.open();
        on.await("the checked connection to be idle", () -> on.stats("a").idle() == 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aWaiterThatTimedOutIsPassedOver(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var impatient = on.request("a", seconds(1));
        var patient = on.request("a", seconds(20));
        on.advance(seconds(1));
        impatient.failsWith(AcquireTimeoutException.class);
        held.release();
        patient.value();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aWaiterThatGaveUpIsPassedOver(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var first = on.request("a");
        var second = on.request("a");
        first.cancel();
        first.assertCancelled();
        assertThat(on.stats("a").cancelled()).isEqualTo(1);
        assertThat(on.stats("a").waiters()).isEqualTo(1);
        held.release();
        second.value();
    }

    @PoolTest(alsoWithoutHooks = true)
    void theConnectOfAWaiterThatGaveUpServesTheNext(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).next(Behaviour.hang(gate));
        on.open(timeless().maxSize(1));
        var first = on.request("a");
        var second = on.request("a");
        first.cancel();
        first.assertCancelled();
        gate.open();
        second.value();
        assertThat(on.server().createsStarted()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aStarvingWaiterThatGaveUpLeavesNoPermitBehind(PoolHarness on) {
        on.open(timeless().maxSize(1).totalMaxSize(1).overtakeWindow(Duration.ZERO));
        var held = on.lease("a");
        var starving = on.request("b");
        starving.cancel();
        starving.assertCancelled();
        on.settle();
        assertThat(on.pool().stats().starving()).isZero();
        assertThat(on.pool().endpoints()).containsExactly("a");
        held.release();
        on.settle();
        assertThat(on.pool().stats().starving()).isZero();
        assertThat(on.lease("c").endpoint()).isEqualTo("c");
    }

    @PoolTest(value = FrontEnd.BLOCKING, alsoWithoutHooks = true)
    void anInterruptLeavesTheFlagSet(PoolHarness on) {
        on.open(timeless().maxSize(1));
        on.lease("a");
        var flag = on.start(() -> {
            try {
                return on.pool().connection("a");
            } catch (PoolException e) {
                return Thread.currentThread().isInterrupted();
            }
        });
        flag.cancel();
        assertThat(flag.value()).isEqualTo(true);
    }

    @PoolTest(value = FrontEnd.BLOCKING, alsoWithoutHooks = true)
    void anIdleConnectionIsHadInSpiteOfTheInterruptFlag(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var connection = on.fill("a", 1).get(0);
        var taken = on.start(() -> {
            Thread.currentThread().interrupt();
            try (var lease = on.pool().connection("a")) {
                return lease.connection().id();
            }
        });
        assertThat(taken.value()).isEqualTo(connection.id());
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void aFutureGrantedAtOnceIsReturnedCompleted(PoolHarness on) {
        var pool = on.open(timeless());
        on.fill("a", 1);
        on.holdCompletions(true);
        var future = pool.connectionAsync("a");
        assertThat(future).isCompleted();
        future.join().release();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void aFutureThatWaitedIsCompletedOnTheCompletionExecutor(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var waiting = on.request("a");
        on.holdCompletions(true);
        held.release();
        assertThat(waiting.future()).isNotDone();
        assertThat(on.completions.pending()).isEqualTo(1);
        on.holdCompletions(false);
        assertThat(waiting.future()).isCompleted();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void cancellingBetweenGrantAndCompletionReturnsTheConnection(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var waiting = on.request("a");
        on.holdCompletions(true);
        held.release();
        waiting.cancel();
        on.holdCompletions(false);
        waiting.assertCancelled();
        assertThat(on.stats("a").leased()).isZero();
        on.request("a", Duration.ZERO).value();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void cancellingADependentStageWithdrawsTheRequest(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var waiting = on.request("a");
        var dependent = waiting.future().thenApply(lease -> lease.connection().id());
        assertThat(on.stats("a").waiters()).isEqualTo(1);
        dependent.cancel(true);
        on.settle();
        assertThat(on.stats("a").waiters()).isZero();
        assertThat(on.stats("a").cancelled()).isEqualTo(1);
        held.release();
        on.request("a", Duration.ZERO).value();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void completingTheFutureFromOutsideCountsAsCancelling(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var timedOut = on.pool().connectionAsync("a");
        timedOut.completeExceptionally(new IllegalStateException("the caller's own timeout"));
        on.settle();
        assertThat(on.stats("a").waiters()).isZero();
        assertThat(on.stats("a").cancelled()).isEqualTo(1);
        held.release();
        on.request("a", Duration.ZERO).value();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void whenTheCompletionExecutorRejectsTheFutureFailsAndTheConnectionGoesBack(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var waiting = on.request("a");
        on.completions.rejectNext(1);
        held.release();
        on.settle();
        assertThat(waiting.failure()).isNotInstanceOf(CancellationException.class);
        assertThat(on.stats("a").leased()).isZero();
        on.request("a", Duration.ZERO).value();
    }

    @Tag("large")
    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void twentyThousandFuturesOnOneConnectionAreAllServed(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var served = new AtomicInteger();
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            waiting.add(pool.connectionAsync("a").thenAccept(lease -> {
                served.incrementAndGet();
                lease.release();
            }));
        }
        held.release();
        on.settle();
        assertThat(served).hasValue(20_000);
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(on.stats("a").idle()).isEqualTo(1);
    }
}
