package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.DisposeReason;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;

/** A connection can tell its pool that it is dead, or wants to retire, whatever state it is in. */
abstract class SignalBehaviour extends PoolBehaviour {
    SignalBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest
    void anIdleConnectionThatDiesIsDisposedAtOnce(PoolHarness on) {
        on.open(timeless());
        var dead = on.fill("a", 1).get(0);
        dead.breakFromServer(new IOException("reset by peer"));
        assertDisposed(on, DisposeReason.DEAD, 1);
        assertThat(dead.history()).endsWith(Operation.ON_DEAD, Operation.DISPOSE);
        assertThat(on.pool().stats().total()).isZero();
    }

    @PoolTest
    void aConnectionThatIsClosedInAnOrderlyWayIsDisposedTheSame(PoolHarness on) {
        on.open(timeless());
        var connection = on.fill("a", 1).get(0);
        connection.signals().dead(null);
        connection.signals().dead(new IOException("and again"));
        assertDisposed(on, DisposeReason.DEAD, 1);
    }

    @PoolTest
    void aSignalRunsNothingOnItsOwnThread(PoolHarness on) {
        on.open(timeless());
        var connection = on.fill("a", 1).get(0);
        on.holdConnects(true);
        connection.breakFromServer();
        assertThat(on.manager().calls(Operation.ON_DEAD)).isZero();
        assertThat(on.manager().calls(Operation.DISPOSE)).isZero();
        assertThat(on.stats("a").idle()).isZero();
        assertThat(on.pool().tryConnection("a")).isEmpty();
        on.holdConnects(false);
        assertDisposed(on, DisposeReason.DEAD, 1);
    }

    @PoolTest
    void aLeasedConnectionThatDiesIsDisposedAtItsRelease(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var lease = on.lease("a");
        var waiting = on.request("a");
        lease.connection().breakFromServer();
        on.settle();
        assertThat(on.server().disposed()).isZero();
        waiting.assertWaits();
        lease.release();
        assertThat(waiting.value().connection().id()).isEqualTo(2);
        assertDisposed(on, DisposeReason.DEAD, 1);
    }

    @PoolTest
    void aDeadConnectionThatIsInvalidatedIsDisposedOnce(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var lease = on.lease("a");
        lease.connection().breakFromServer();
        lease.invalidate();
        on.settle();
        assertThat(on.server().disposed()).isEqualTo(1);
        assertThat(on.pool().stats().leased()).isZero();
    }

    @PoolTest
    void aConnectionThatDiesWhileItIsMadeIsNotHandedOut(PoolHarness on) {
        on.script(Operation.BIND)
                .next(Behaviour.perform(
                        () -> on.server().connections("a").get(0).breakFromServer()));
        on.open(timeless().maxSize(1));
        var request = on.request("a");
        if (!request.hasFailed()) {
            assertThat(request.value().connection().id()).isEqualTo(2);
            request.value().release();
        }
        on.settle();
        assertThat(on.server().disposed(DisposeReason.DEAD)).isEqualTo(1);
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
    }

    @PoolTest
    void aConnectionThatDiesWhileItIsCheckedIsNotHandedOut(PoolHarness on) {
        on.open(timeless().maxSize(1).alivenessBypass(Duration.ZERO));
        var connection = on.fill("a", 1).get(0);
        on.advance(seconds(5));
        on.script(Operation.CHECK)
                .next(Behaviour.perform(() -> connection.signals().dead(null)));
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
        assertDisposed(on, DisposeReason.DEAD, 1);
    }

    @PoolTest
    void aConnectionThatDiesWhileItIsResetIsDisposedWhenThatEnds(PoolHarness on) {
        var gate = on.gate();
        on.script(Operation.RESET).next(Behaviour.hang(gate));
        on.open(timeless().maxSize(1));
        var connection = on.fill("a", 1).get(0);
        connection.breakFromServer();
        on.settle();
        gate.open();
        assertDisposed(on, DisposeReason.DEAD, 1);
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
    }

    @PoolTest
    void aSignalAfterTheDisposalIsHarmless(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var connection = on.fill("a", 1).get(0);
        var signals = connection.signals();
        on.pool().evict("a");
        on.settle();
        var next = on.lease("a");
        signals.dead(new IOException("late"));
        signals.retire();
        next.release();
        on.settle();
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
        assertThat(on.server().disposed()).isEqualTo(1);
    }

    @PoolTest
    void aLeasedConnectionThatRetiresIsDisposedAtItsRelease(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var lease = on.lease("a");
        lease.connection().signals().retire();
        on.settle();
        assertThat(lease.connection().isOpen()).isTrue();
        lease.release();
        assertDisposed(on, DisposeReason.MAX_LEASES, 1);
        assertThat(on.manager().calls(Operation.ON_DEAD)).isZero();
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
    }

    @PoolTest
    void anIdleConnectionThatRetiresServesAtMostOneMoreLease(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var connection = on.fill("a", 1).get(0);
        connection.signals().retire();
        on.settle();
        on.lease("a").release();
        on.settle();
        assertThat(connection.isOpen()).isFalse();
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
    }

    @PoolTest
    void aCrashOfTheServerTakesAllConnectionsAndThePoolGoesOn(PoolHarness on) {
        on.open(timeless().maxSize(4));
        var held = on.leases("a", 2);
        on.fill("b", 1);
        on.leases("a", 2).forEach(lease -> lease.release());
        on.server().crash("a");
        on.settle();
        assertThat(on.stats("a").idle()).isZero();
        held.forEach(lease -> lease.release());
        on.settle();
        assertThat(on.server().disposed(DisposeReason.DEAD)).isEqualTo(4);
        assertThat(on.stats("b").idle()).isEqualTo(1);
        assertThat(on.lease("a").connection().isOpen()).isTrue();
    }
}
