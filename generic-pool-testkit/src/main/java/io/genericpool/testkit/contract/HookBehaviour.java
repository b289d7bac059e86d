package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.genericpool.ConnectionCreateException;
import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Whatever a hook or a listener does, the pool's counts stay right and no other caller is hurt. */
abstract class HookBehaviour extends PoolBehaviour {
    private final IOException broken = new IOException("broken hook");

    HookBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest
    void anOnAcquireThatThrowsFailsTheAcquireAndDisposesTheConnection(PoolHarness on) {
        on.script(Operation.ON_ACQUIRE).next(Behaviour.fail(broken));
        on.open(timeless().maxSize(1));
        assertThat(on.request("a").failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(broken);
        assertDisposed(on, DisposeReason.HOOK_FAILED, 1);
        assertThat(on.pool().stats().failed()).isEqualTo(1);
        assertThat(on.pool().stats().hookFailures()).isEqualTo(1);
        on.lease("a");
    }

    @PoolTest
    void anErrorFromOnAcquireLeaksNothing(PoolHarness on) {
        var error = new LinkageError("broken driver");
        on.open(timeless().maxSize(1));
        on.fill("a", 1);
        on.script(Operation.ON_ACQUIRE).next(Behaviour.fail(error));
        assertThat(on.request("a").failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(error);
        assertDisposed(on, DisposeReason.HOOK_FAILED, 1);
        on.lease("a");
    }

    @PoolTest
    void anOnAcquireThatThrowsForAWaiterHandsThePermitOn(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var first = on.request("a");
        var second = on.request("a");
        on.script(Operation.ON_ACQUIRE).next(Behaviour.fail(broken));
        held.release();
        assertThat(first.failsWith(ConnectionCreateException.class)).cause().isSameAs(broken);
        assertThat(second.value().connection().id()).isEqualTo(2);
    }

    @PoolTest
    void aViewThatCannotBeMadeFailsTheAcquireAndDisposesTheConnection(PoolHarness on) {
        on.script(Operation.LEND).next(Behaviour.fail(broken), Behaviour.returnNull());
        on.open(timeless().maxSize(1));
        assertThat(on.request("a").failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(broken);
        on.request("a").failsWith(ConnectionCreateException.class);
        assertDisposed(on, DisposeReason.HOOK_FAILED, 2);
        on.lease("a");
    }

    @PoolTest
    void anOnReleaseThatThrowsDisposesTheConnectionAndHandsThePermitOn(PoolHarness on) {
        on.script(Operation.ON_RELEASE).next(Behaviour.fail(broken));
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var waiting = on.request("a");
        assertThatCode(held::release).doesNotThrowAnyException();
        assertThat(waiting.value().connection().id()).isEqualTo(2);
        assertDisposed(on, DisposeReason.HOOK_FAILED, 1);
        assertThat(on.pool().stats().hookFailures()).isEqualTo(1);
    }

    @PoolTest
    void aResetThatFailsDisposesTheConnectionAndHandsThePermitOn(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        for (var bad : List.of(
                Behaviour.fail(broken),
                Behaviour.throwAtOnce(new IllegalStateException("no reset")),
                Behaviour.returnNull(),
                Behaviour.fail(new LinkageError("broken driver")))) {
            var connection = held.connection().id();
            on.script(Operation.RESET).next(bad);
            var waiting = on.request("a");
            assertThatCode(held::release).doesNotThrowAnyException();
            held = waiting.value();
            assertThat(held.connection().id()).isEqualTo(connection + 1);
        }
        assertDisposed(on, DisposeReason.HOOK_FAILED, 4);
        assertThat(on.stats("a").hookFailures()).isEqualTo(4);
    }

    @PoolTest
    void aResetThatOverrunsIsCancelledAndTheConnectionDisposed(PoolHarness on) {
        var gate = on.gate();
        on.script(Operation.RESET).next(Behaviour.hang(gate));
        on.open(timeless().maxSize(1).resetTimeout(seconds(1)));
        on.fill("a", 1);
        var waiting = on.request("a", seconds(20));
        on.advance(seconds(1));
        assertThat(waiting.value().connection().id()).isEqualTo(2);
        gate.awaitInterrupted(1);
        assertThat(gate.interrupts()).isEqualTo(1);
        assertDisposed(on, DisposeReason.HOOK_FAILED, 1);
    }

    @PoolTest
    void aResetThatIgnoresItsCancellationHoldsNobodyUp(PoolHarness on) {
        var gate = on.gate();
        on.allowAbandoned(1).script(Operation.RESET).next(Behaviour.hangIgnoringInterrupts(gate));
        on.open(timeless().maxSize(1).resetTimeout(seconds(1)));
        on.fill("a", 1);
        var waiting = on.request("a", seconds(20));
        on.advance(millis(2_100));
        assertThat(waiting.value().connection().id()).isEqualTo(2);
        gate.open();
        on.settle();
        assertThat(on.server().disposed()).isEqualTo(1);
        assertThat(on.pool().stats().abandoned()).isZero();
    }

    @PoolTest
    void aDeadConnectionIsNotHandedOutButDisposed(PoolHarness on) {
        on.open(timeless().alivenessBypass(Duration.ZERO));
        var dead = on.fill("a", 1).get(0);
        dead.stopAnswering();
        on.advance(seconds(5));
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
        assertThat(dead.history()).endsWith(Operation.CHECK, Operation.ON_DEAD, Operation.DISPOSE);
        assertDisposed(on, DisposeReason.DEAD, 1);
    }

    @PoolTest
    void aCheckThatThrowsMeansDead(PoolHarness on) {
        on.open(timeless().maxSize(1).alivenessBypass(Duration.ZERO));
        on.fill("a", 1);
        on.advance(seconds(5));
        on.script(Operation.CHECK).next(Behaviour.fail(broken), Behaviour.fail(new LinkageError("broken driver")));
        var second = on.lease("a");
        assertThat(second.connection().id()).isEqualTo(2);
        second.release();
        on.advance(seconds(5));
        assertThat(on.lease("a").connection().id()).isEqualTo(3);
        assertDisposed(on, DisposeReason.DEAD, 2);
        assertThat(on.manager().calls(Operation.ON_DEAD)).isEqualTo(2);
    }

    @PoolTest
    void aCheckThatOverrunsMeansDead(PoolHarness on) {
        var gate = on.gate();
        on.threaded();
        on.open(timeless().maxSize(1).alivenessBypass(Duration.ZERO).checkTimeout(seconds(1)));
        on.fill("a", 1);
        on.advance(seconds(5));
        on.script(Operation.CHECK).next(Behaviour.hang(gate));
        var waiting = on.request("a", seconds(20));
        on.advance(seconds(1));
        assertThat(waiting.value().connection().id()).isEqualTo(2);
        gate.awaitInterrupted(1);
        assertThat(gate.interrupts()).isEqualTo(1);
        assertDisposed(on, DisposeReason.DEAD, 1);
    }

    @PoolTest
    void aCheckThatEndsTooLateMeansDeadWhateverItSays(PoolHarness on) {
        var gate = on.gate();
        on.threaded();
        on.open(timeless().maxSize(1).alivenessBypass(Duration.ZERO).checkTimeout(seconds(1)));
        on.fill("a", 1);
        on.advance(seconds(5));
        on.script(Operation.CHECK).next(Behaviour.hangIgnoringInterrupts(gate));
        var waiting = on.request("a", seconds(20));
        on.advance(millis(1_500));
        waiting.assertWaits();
        gate.open();
        assertThat(waiting.value().connection().id()).isEqualTo(2);
        assertDisposed(on, DisposeReason.DEAD, 1);
    }

    @PoolTest
    void aCheckThatIgnoresItsInterruptIsAbandoned(PoolHarness on) {
        var gate = on.gate();
        on.allowAbandoned(1).threaded();
        on.open(timeless()
                .maxSize(1)
                .totalMaxSize(1)
                .alivenessBypass(Duration.ZERO)
                .checkTimeout(seconds(1)));
        on.fill("a", 1);
        on.advance(seconds(5));
        on.script(Operation.CHECK).next(Behaviour.hangIgnoringInterrupts(gate));
        var waiting = on.request("a", seconds(20));
        on.advance(millis(1_900));
        waiting.assertWaits();
        on.advance(millis(200));
        waiting.value();
        assertThat(on.pool().stats().abandoned()).isEqualTo(1);
        gate.open();
        on.await("the check to come back", () -> on.pool().stats().abandoned() == 0);
        assertThat(on.server().disposed()).isEqualTo(1);
    }

    @PoolTest
    void aWaiterKeepsItsPlaceWhileItsConnectionIsChecked(PoolHarness on) {
        var gate = on.gate();
        on.threaded();
        on.open(timeless().maxSize(1).alivenessBypass(Duration.ZERO).checkTimeout(seconds(20)));
        on.fill("a", 1);
        on.advance(seconds(5));
        on.script(Operation.CHECK).next(Behaviour.hang(gate).then(Behaviour.answerNo()));
        var first = on.request("a");
        var second = on.request("a");
        gate.open();
        var served = first.value();
        assertThat(served.connection().id()).isEqualTo(2);
        second.assertWaits();
        served.release();
        second.value();
    }

    @PoolTest
    void anOnConnectionDeadThatThrowsDoesNotKeepTheConnection(PoolHarness on) {
        on.script(Operation.ON_DEAD).next(Behaviour.fail(broken));
        on.open(timeless().maxSize(1));
        on.fill("a", 1).get(0).breakFromServer();
        assertDisposed(on, DisposeReason.DEAD, 1);
        assertThat(on.pool().stats().hookFailures()).isEqualTo(1);
        on.lease("a");
    }

    @PoolTest
    void aDisposeThatThrowsFreesItsPermit(PoolHarness on) {
        on.script(Operation.DISPOSE).next(Behaviour.fail(broken), Behaviour.fail(new LinkageError("broken driver")));
        on.open(timeless().maxSize(1));
        on.lease("a").invalidate();
        on.lease("a").invalidate();
        on.lease("a");
        assertThat(on.pool().stats().hookFailures()).isEqualTo(2);
        assertThat(on.pool().stats().disposed()).isEqualTo(2);
    }

    @PoolTest
    void aDisposeThatIgnoresItsInterruptIsAbandoned(PoolHarness on) {
        var gate = on.gate();
        on.allowAbandoned(1).threaded().script(Operation.DISPOSE).next(Behaviour.hangIgnoringInterrupts(gate));
        on.open(timeless().maxSize(1).disposeTimeout(seconds(1)));
        on.lease("a").invalidate();
        var waiting = on.request("a", seconds(20));
        on.advance(millis(1_900));
        waiting.assertWaits();
        on.advance(millis(200));
        waiting.value();
        gate.awaitInterrupted(1);
        assertThat(gate.interrupts()).isEqualTo(1);
        assertThat(on.pool().stats().abandoned()).isEqualTo(1);
        gate.open();
        on.await("the disposal to come back", () -> on.pool().stats().abandoned() == 0);
    }

    @PoolTest
    void aListenerThatThrowsIsCountedAndNoMore(PoolHarness on) {
        on.events.failWith(new IllegalStateException("broken listener"));
        on.open(timeless().maxSize(1));
        on.lease("a").release();
        on.lease("a").invalidate();
        on.script(Operation.CREATE).next(Behaviour.fail(broken));
        on.settle();
        assertThat(on.request("a").failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(broken);
        on.lease("a").release();
        assertThat(on.pool().stats().listenerFailures()).isGreaterThanOrEqualTo(8);
        assertThat(on.pool().stats().disposed()).isEqualTo(1);
        assertThat(on.pool().stats().hookFailures()).isZero();
    }

    @PoolTest
    void noHookIsCalledUnderALock(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1).totalMaxSize(2).alivenessBypass(Duration.ZERO));
        on.manager().probe(() -> {
            pool.stats("a");
            pool.stats();
            pool.tryConnection("elsewhere");
        });
        on.fill("a", 1);
        on.advance(seconds(5));
        var held = on.lease("a");
        var waiting = on.request("a");
        held.release();
        waiting.value().invalidate();
        on.settle();
        on.fill("a", 1).get(0).breakFromServer();
        on.fill("b", 1);
        on.fill("c", 1);
        on.fill("a", 1);
        on.use("a", connection -> {
                    throw broken;
                })
                .failure();
        pool.evictAll();
        on.settle();
        for (var operation : Operation.values()) {
            assertThat(on.manager().calls(operation))
                    .as("calls of " + operation)
                    .isPositive();
        }
    }

    @PoolTest
    void aHookMayCallThePool(PoolHarness on) {
        var pool = on.open(timeless());
        on.manager().script(Operation.CREATE, "a").next(Behaviour.perform(() -> assertThat(
                        pool.connectionAsync("b").thenAccept(Lease::release))
                .isNotNull()));
        on.manager().script(Operation.ON_ACQUIRE, "a").next(Behaviour.perform(() -> pool.tryConnection("c")
                .ifPresent(lease -> lease.release())));
        on.manager().script(Operation.ON_RELEASE, "a").next(Behaviour.perform(() -> pool.evict("b")));
        on.fill("a", 1);
        assertThat(on.stats("a").idle()).isEqualTo(1);
        assertThat(on.server().created()).isEqualTo(2);
        assertThat(on.server().disposed("b")).isEqualTo(1);
    }
}
