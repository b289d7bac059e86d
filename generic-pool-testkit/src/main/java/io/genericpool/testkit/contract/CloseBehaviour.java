package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.DisposeReason;
import io.genericpool.PoolClosedException;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Closing lets holders finish, and is over at its deadline all the same. */
abstract class CloseBehaviour extends PoolBehaviour {
    CloseBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest(alsoWithoutHooks = true)
    void closeDisposesIdleConnections(PoolHarness on) {
        var pool = on.open(timeless());
        on.fill("a", 2);
        on.fill("b", 1);
        assertThat(pool.isClosed()).isFalse();
        var report = on.closing(seconds(10)).value();
        assertThat(pool.isClosed()).isTrue();
        assertDisposed(on, DisposeReason.CLOSED, 3);
        assertThat(report.isClean()).isTrue();
        assertThat(report.returned() + report.revoked() + report.abandoned() + report.failedWaiters())
                .isZero();
        assertThat(pool.stats().total()).isZero();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aClosedPoolGrantsNothing(PoolHarness on) {
        var pool = on.open(timeless());
        on.fill("a", 1);
        on.closing(seconds(10)).value();
        on.request("a").failsWith(PoolClosedException.class);
        on.requestNew("b").failsWith(PoolClosedException.class);
        on.use("a", connection -> 1).failsWith(PoolClosedException.class);
        assertThatThrownBy(() -> pool.tryConnection("a")).isInstanceOf(PoolClosedException.class);
        assertThat(on.server().createsStarted()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void closeFailsThoseWhoWaitAtOnce(PoolHarness on) {
        on.open(timeless().maxSize(1).totalMaxSize(1));
        var held = on.lease("a");
        var first = on.request("a");
        var second = on.request("b");
        var closing = on.closing(seconds(10));
        first.failsWith(PoolClosedException.class);
        second.failsWith(PoolClosedException.class);
        held.release();
        assertThat(closing.value().failedWaiters()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void closeWaitsForLeasesToComeBack(PoolHarness on) {
        on.open(timeless());
        var held = on.leases("a", 2);
        var closing = on.closing(seconds(10));
        closing.assertWaits();
        assertThat(held.get(0).connection().isOpen()).isTrue();
        on.advance(seconds(2));
        held.get(0).release();
        closing.assertWaits();
        on.advance(seconds(2));
        held.get(1).release();
        var report = closing.value();
        assertThat(report.returned()).isEqualTo(2);
        assertThat(report.isClean()).isTrue();
        assertThat(report.duration()).isBetween(seconds(4), seconds(5));
        assertDisposed(on, DisposeReason.CLOSED, 2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void leasesThatNeverComeBackAreRevokedBeforeTheDeadline(PoolHarness on) {
        on.open(timeless());
        var leaked = on.lease("a");
        var connection = leaked.connection();
        var closing = on.closing(seconds(10));
        on.advance(seconds(5));
        closing.assertWaits();
        assertThat(connection.isOpen()).isTrue();
        on.advance(seconds(5));
        var report = closing.value();
        assertThat(report.revoked()).isEqualTo(1);
        assertThat(report.returned()).isZero();
        assertThat(report.isClean()).isFalse();
        assertThat(connection.isOpen()).isFalse();
        assertThatThrownBy(leaked::connection).isInstanceOf(IllegalStateException.class);
        leaked.release();
        assertDisposed(on, DisposeReason.CLOSED, 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aZeroTimeoutRevokesAtOnce(PoolHarness on) {
        on.open(timeless());
        var held = on.lease("a");
        var report = on.closing(Duration.ZERO).value();
        assertThat(report.revoked()).isEqualTo(1);
        held.release();
        on.settle();
        assertThat(on.server().open()).isZero();
    }

    @PoolTest(alsoWithoutHooks = true)
    void closeIsOverAtItsDeadlineEvenWhenADisposalHangs(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.DISPOSE).always(Behaviour.hangIgnoringInterrupts(gate));
        on.open(timeless());
        on.fill("a", 2);
        var closing = on.closing(seconds(3));
        closing.assertWaits();
        on.advance(seconds(3));
        var report = closing.value();
        assertThat(report.abandoned()).isEqualTo(2);
        assertThat(report.duration()).isBetween(seconds(2), millis(3_050));
    }

    @PoolTest(alsoWithoutHooks = true)
    void closeIsOverAtItsDeadlineEvenWhenAConnectHangs(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).next(Behaviour.hangIgnoringInterrupts(gate));
        on.open(timeless());
        var waiting = on.request("a");
        var closing = on.closing(seconds(3));
        waiting.failsWith(PoolClosedException.class);
        on.advance(seconds(3));
        assertThat(closing.value().abandoned()).isEqualTo(1);
        gate.open();
        on.await("the late connection to be disposed", () -> on.server().disposed() == 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectionThatComesWhileThePoolClosesIsDisposed(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).next(Behaviour.hangIgnoringInterrupts(gate));
        on.open(timeless());
        on.request("a");
        var closing = on.closing(seconds(10));
        gate.open();
        assertThat(closing.value().abandoned()).isZero();
        assertThat(on.server().open()).isZero();
    }

    @PoolTest
    void closeWaitsForAResetAndDisposes(PoolHarness on) {
        var gate = on.gate();
        on.script(Operation.RESET).next(Behaviour.hang(gate));
        on.open(timeless());
        on.fill("a", 1);
        var closing = on.closing(seconds(10));
        gate.open();
        closing.value();
        assertDisposed(on, DisposeReason.CLOSED, 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aSecondCloseWaitsForTheFirstAndReportsTheSame(PoolHarness on) {
        on.open(timeless());
        var held = on.lease("a");
        var first = on.closing(seconds(10));
        var second = on.closing(seconds(10));
        second.assertWaits();
        held.release();
        assertThat(second.value().returned()).isEqualTo(1);
        assertThat(first.value().returned()).isEqualTo(1);
        assertThat(on.closing(seconds(10)).value().returned()).isEqualTo(1);
        assertThat(on.server().disposed()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aSecondCloseLeavesAtItsOwnDeadline(PoolHarness on) {
        on.open(timeless());
        var held = on.lease("a");
        var first = on.closing(seconds(20));
        var second = on.closing(seconds(1));
        on.advance(seconds(1));
        second.value();
        first.assertWaits();
        held.release();
        first.value();
    }

    @PoolTest
    void closeWithoutATimeoutTakesThePoolsOwn(PoolHarness on) {
        var pool = on.open(timeless().closeTimeout(seconds(4)));
        on.lease("a");
        var closing = on.start(() -> {
            pool.close();
            return true;
        });
        on.advance(seconds(2));
        closing.assertWaits();
        on.advance(seconds(2));
        assertThat(closing.value()).isTrue();
    }

    @PoolTest(value = FrontEnd.BLOCKING, alsoWithoutHooks = true)
    void anInterruptEndsTheWaitingForLeases(PoolHarness on) {
        on.open(timeless());
        on.lease("a");
        var flag = new AtomicReference<Boolean>();
        var closing = on.start(() -> {
            var report = on.pool().close(seconds(10));
            flag.set(Thread.currentThread().isInterrupted());
            return report;
        });
        closing.cancel();
        assertThat(closing.value().revoked()).isEqualTo(1);
        assertThat(flag.get()).isTrue();
        on.settle();
        assertThat(on.server().open()).isZero();
    }

    @PoolTest
    void closeFromAHookDoesNotWaitForItself(PoolHarness on) {
        var pool = on.open(timeless());
        on.fill("b", 1);
        var lease = on.lease("a");
        on.script(Operation.ON_RELEASE).next(Behaviour.perform(() -> pool.close(seconds(10))));
        var releasing = on.start(() -> {
            lease.release();
            return true;
        });
        releasing.value();
        on.settle();
        assertThat(pool.isClosed()).isTrue();
        assertThat(on.server().open()).isZero();
    }
}
