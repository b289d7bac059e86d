package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionCreateException;
import io.genericpool.DisposeReason;
import io.genericpool.PoolException;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import io.genericpool.testkit.internal.world.Pending;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;

/** Connects run elsewhere, and their outcome concerns only the requests that wait for them. */
abstract class ConnectBehaviour extends PoolBehaviour {
    ConnectBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest
    void connectsRunOnTheConnectExecutor(PoolHarness on) {
        on.open(timeless());
        on.holdConnects(true);
        var waiting = on.request("a");
        assertThat(on.connects.pending()).isEqualTo(1);
        assertThat(on.server().createsStarted()).isZero();
        on.holdConnects(false);
        waiting.value();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aFailedConnectFailsItsWaiterAlone(PoolHarness on) {
        var refused = new IOException("refused");
        on.script(Operation.CREATE).next(Behaviour.fail(refused));
        on.open(timeless());
        on.holdConnects(true);
        var requests = List.of(on.request("a"), on.request("a"));
        on.holdConnects(false);
        var failed = requests.stream().filter(Pending::hasFailed).collect(Collectors.toList());
        assertThat(failed).hasSize(1);
        assertThat(failed.get(0).failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(refused);
        requests.stream().filter(each -> !failed.contains(each)).forEach(Pending::value);
        assertThat(on.stats("a").failed()).isEqualTo(1);
        assertThat(on.stats("a").connectFailures()).isEqualTo(1);
        assertThat(on.stats("a").lastConnectFailure()).containsSame(refused);
    }

    @PoolTest(alsoWithoutHooks = true)
    void anErrorFromCreateFailsItsWaiterAndLeaksNothing(PoolHarness on) {
        var broken = new LinkageError("broken driver");
        on.script(Operation.CREATE).next(Behaviour.fail(broken));
        on.open(timeless().maxSize(1));
        assertThat(on.request("a").failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(broken);
        on.lease("a");
    }

    @PoolTest(alsoWithoutHooks = true)
    void aNullConnectionIsAFailedConnect(PoolHarness on) {
        on.script(Operation.CREATE).next(Behaviour.returnNull());
        on.open(timeless().maxSize(1));
        assertThat(on.request("a").failsWith(ConnectionCreateException.class).getCause())
                .isNotNull();
        assertThat(on.pool().stats().connectFailures()).isEqualTo(1);
        on.lease("a");
    }

    @PoolTest(alsoWithoutHooks = true)
    void theNextWaiterConnectsAfterAFailedConnect(PoolHarness on) {
        on.script(Operation.CREATE).next(Behaviour.fail(new IOException("refused")));
        on.open(timeless().maxSize(1));
        on.holdConnects(true);
        var first = on.request("a");
        var second = on.request("a");
        on.holdConnects(false);
        first.failsWith(ConnectionCreateException.class);
        second.value();
        assertThat(on.server().createsStarted()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aWaiterTakesAReleasedConnectionWhileItsConnectIsInFlight(PoolHarness on) {
        var gate = on.gate();
        on.threaded();
        on.open(timeless());
        var held = on.lease("a");
        on.script(Operation.CREATE).next(Behaviour.hang(gate));
        var waiting = on.request("a");
        assertThat(on.stats("a").connecting()).isEqualTo(1);
        var connection = held.connection().id();
        held.release();
        assertThat(waiting.value().connection().id()).isEqualTo(connection);

        gate.open();
        on.await("the new connection to be idle", () -> on.stats("a").idle() == 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectThatFailsAfterAllWereServedFailsNobody(PoolHarness on) {
        var gate = on.gate();
        on.threaded();
        on.open(timeless());
        var held = on.lease("a");
        on.script(Operation.CREATE).next(Behaviour.hang(gate).then(Behaviour.fail(new IOException("refused"))));
        var waiting = on.request("a");
        held.release();
        var served = waiting.value();
        gate.open();
        on.await("the connect to fail", () -> on.stats("a").connectFailures() == 1);
        assertThat(on.stats("a").failed()).isZero();
        assertThat(served.connection().isOpen()).isTrue();
        assertThat(on.stats("a").total()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aFailedConnectDoesNotFailWhoCameAfterItsStart(PoolHarness on) {
        var gate = on.gate();
        on.threaded()
                .script(Operation.CREATE)
                .next(Behaviour.hang(gate).then(Behaviour.fail(new IOException("refused"))));
        on.open(timeless().maxSize(1));
        var first = on.request("a");
        first.cancel();
        first.assertCancelled();
        var later = on.request("a");
        later.assertWaits();
        gate.open();
        assertThat(later.value().connection().isOpen()).isTrue();
        assertThat(on.pool().stats().failed()).isZero();
        assertThat(on.server().createsStarted()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aFailedConnectGivesItsPermitToWhoeverStarves(PoolHarness on) {
        on.script(Operation.CREATE).next(Behaviour.fail(new IOException("refused")));
        on.open(timeless().maxSize(1).totalMaxSize(1));
        on.holdConnects(true);
        var first = on.request("a");
        var starving = on.request("b");
        on.holdConnects(false);
        first.failsWith(ConnectionCreateException.class);
        assertThat(starving.value().endpoint()).isEqualTo("b");
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectThatOverrunsIsInterruptedAndFails(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).next(Behaviour.hang(gate));
        on.open(timeless().maxSize(1).connectTimeout(seconds(1)));
        var waiting = on.request("a", seconds(20));
        on.advance(millis(999));
        assertThat(gate.interrupts()).isZero();
        on.advance(millis(1));
        assertThat(waiting.failsWith(ConnectionCreateException.class).getCause())
                .isNotNull();
        gate.awaitInterrupted(1);
        assertThat(gate.interrupts()).isEqualTo(1);
        assertThat(on.pool().stats().abandoned()).isZero();
        on.lease("a");
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectThatIgnoresItsInterruptIsAbandoned(PoolHarness on) {
        var gate = on.gate();
        on.allowAbandoned(1).threaded().script(Operation.CREATE).next(Behaviour.hangIgnoringInterrupts(gate));
        on.open(timeless().maxSize(1).connectTimeout(seconds(1)));
        var waiting = on.request("a", seconds(20));
        on.advance(millis(2_100));
        waiting.failsWith(ConnectionCreateException.class);
        assertThat(on.pool().stats().abandoned()).isEqualTo(1);
        assertThat(on.pool().stats().connecting()).isZero();
        on.lease("a");

        gate.open();
        on.await("the late connection to be disposed", () -> on.server().disposed() == 1);
        on.settle();
        assertThat(on.pool().stats().abandoned()).isZero();
        assertThat(on.pool().stats().total()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void whenTheConnectExecutorRejectsTheWaiterFailsAndNothingLeaks(PoolHarness on) {
        on.open(timeless().maxSize(1));
        on.connects.rejectNext(1);
        var failure = on.request("a").failsWith(ConnectionCreateException.class);
        assertThat(failure).hasCauseInstanceOf(RejectedExecutionException.class);
        on.lease("a");
    }

    @PoolTest
    void aConnectionThatCannotBeBoundIsAFailedConnectAndDisposed(PoolHarness on) {
        var failure = new IllegalStateException("no listener");
        on.script(Operation.BIND).next(Behaviour.fail(failure));
        on.open(timeless().maxSize(1));
        assertThat(on.request("a").failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(failure);
        on.settle();
        assertThat(on.server().disposed()).isEqualTo(1);
        on.lease("a");
    }

    @PoolTest(alsoWithoutHooks = true)
    void newConnectionIsNeverAReusedOneAndJoinsThePoolAtItsRelease(PoolHarness on) {
        on.open(timeless());
        var idle = on.fill("a", 1).get(0);
        var lease = on.requestNew("a").value();
        assertThat(lease.connection().id()).isNotEqualTo(idle.id());
        assertThat(on.stats("a").idle()).isEqualTo(1);
        lease.release();
        on.settle();
        assertThat(on.stats("a").idle()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void newConnectionAtTheLimitDisposesTheLongestIdle(PoolHarness on) {
        on.open(timeless().maxSize(2));
        var held = on.leases("a", 2);
        var longestIdle = held.get(1).connection();
        held.get(1).release();
        on.advance(seconds(5));
        held.get(0).release();
        on.advance(seconds(5));
        var lease = on.requestNew("a").value();
        assertThat(lease.connection().id()).isEqualTo(3);
        assertThat(longestIdle.isOpen()).isFalse();
        assertDisposed(on, DisposeReason.PRESSURE, 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void newConnectionAtTheLimitTakesThePermitOfTheNextRelease(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var waiting = on.requestNew("a");
        waiting.assertWaits();
        held.release();
        assertThat(waiting.value().connection().id()).isEqualTo(2);
        assertDisposed(on, DisposeReason.PRESSURE, 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void newConnectionAcceptsOnlyAConnectThatBeganAfterTheCall(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).next(Behaviour.hang(gate));
        on.open(timeless().maxConnectsPerEndpoint(1));
        var first = on.request("a");
        var fresh = on.requestNew("a");
        gate.open();
        assertThat(first.value().connection().id()).isEqualTo(1);
        assertThat(fresh.value().connection().id()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectThatBeganBeforeNewConnectionDoesNotServeItEvenWhenNobodyElseWaits(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).next(Behaviour.hang(gate));
        on.open(timeless().maxConnectsPerEndpoint(1));
        var first = on.request("a", seconds(1));
        var fresh = on.requestNew("a", seconds(20));
        on.advance(seconds(1));
        first.failsWith(PoolException.class);
        gate.open();
        assertThat(fresh.value().connection().id()).isEqualTo(2);
        on.await("the first connection to be idle", () -> on.stats("a").idle() == 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void whoWantsANewConnectionKeepsHisPlaceInTheQueue(PoolHarness on) {
        on.open(timeless().maxSize(2));
        var held = on.leases("a", 2);
        var fresh = on.requestNew("a");
        var ordinary = on.request("a");
        held.get(0).release();
        assertThat(fresh.value().connection().id()).isEqualTo(3);
        ordinary.assertWaits();
        held.get(1).release();
        assertThat(ordinary.value().connection().id()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void anOrdinaryWaiterAheadTakesTheReleasedConnection(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var held = on.lease("a");
        var ordinary = on.request("a");
        var fresh = on.requestNew("a");
        held.release();
        var reused = ordinary.value();
        assertThat(reused.connection().id()).isEqualTo(1);
        fresh.assertWaits();
        reused.release();
        assertThat(fresh.value().connection().id()).isEqualTo(2);
    }

    @PoolTest
    void anAsynchronousManagerConnectsWithoutAThread(PoolHarness on) {
        var gate = on.gate();
        on.manager(new ScriptedAsyncManager<>()).script(Operation.CREATE).next(Behaviour.hang(gate));
        on.open(timeless());
        var waiting = on.request("a");
        assertThat(on.stats("a").connecting()).isEqualTo(1);
        assertThat(on.connects.pending()).isZero();
        gate.open();
        waiting.value();
    }

    @PoolTest
    void anAsynchronousConnectThatFailsOrEndsWithNullFailsItsWaiter(PoolHarness on) {
        var refused = new IOException("refused");
        var broken = new IllegalStateException("broken");
        on.manager(new ScriptedAsyncManager<>())
                .script(Operation.CREATE)
                .next(Behaviour.fail(refused), Behaviour.returnNull(), Behaviour.throwAtOnce(broken));
        on.open(timeless().maxSize(1));
        assertThat(on.request("a").failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(refused);
        on.request("a").failsWith(ConnectionCreateException.class);
        assertThat(on.request("a").failsWith(ConnectionCreateException.class))
                .cause()
                .isSameAs(broken);
        on.lease("a");
    }

    @PoolTest
    void anAsynchronousConnectThatOverrunsIsCancelled(PoolHarness on) {
        var gate = on.gate();
        on.manager(new ScriptedAsyncManager<>()).script(Operation.CREATE).next(Behaviour.hang(gate));
        on.open(timeless().maxSize(1).connectTimeout(seconds(1)));
        var waiting = on.request("a", seconds(20));
        on.advance(seconds(1));
        waiting.failsWith(ConnectionCreateException.class);
        gate.awaitInterrupted(1);
        assertThat(gate.interrupts()).isEqualTo(1);
        on.lease("a");
    }

    @PoolTest
    void anAsynchronousConnectThatIgnoresItsCancellationIsAbandoned(PoolHarness on) {
        var gate = on.gate();
        on.allowAbandoned(1)
                .manager(new ScriptedAsyncManager<>())
                .script(Operation.CREATE)
                .next(Behaviour.hangIgnoringInterrupts(gate));
        on.open(timeless().maxSize(1).connectTimeout(seconds(1)));
        var waiting = on.request("a", seconds(20));
        on.advance(millis(2_100));
        waiting.failsWith(ConnectionCreateException.class);
        assertThat(on.pool().stats().abandoned()).isEqualTo(1);
        on.lease("a");
        gate.open();
        on.settle();
        assertThat(on.pool().stats().abandoned()).isZero();
        assertThat(on.server().disposed()).isEqualTo(1);
    }
}
