package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.SuspendMode;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import java.time.Duration;

/** An operator can evict, suspend and resume endpoints under traffic. */
abstract class AdminBehaviour extends PoolBehaviour {
    AdminBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest(alsoWithoutHooks = true)
    void evictDisposesIdleConnectionsNowAndLeasedOnesAtTheirRelease(PoolHarness on) {
        var pool = on.open(timeless());
        var lease = on.lease("a");
        on.fill("a", 2);
        on.fill("b", 1);
        pool.evict("a");
        assertDisposed(on, DisposeReason.EVICTED, 2);
        assertThat(lease.connection().isOpen()).isTrue();

        lease.release();
        assertDisposed(on, DisposeReason.EVICTED, 3);
        assertThat(on.stats("b").idle()).isEqualTo(1);
        pool.evict("never seen");
        assertThat(pool.endpoints()).doesNotContain("never seen");
    }

    @PoolTest(alsoWithoutHooks = true)
    void evictReachesAConnectInFlight(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).next(Behaviour.hang(gate));
        var pool = on.open(timeless());
        var waiting = on.request("a");
        long present = on.server().newGeneration();
        pool.evict("a");
        gate.open();
        var lease = waiting.value();
        assertThat(lease.connection().generation()).isEqualTo(present);
        on.await("the old connection to be disposed", () -> on.server().disposed(DisposeReason.EVICTED) == 1);
    }

    @PoolTest
    void evictReachesAWarmUpInFlight(PoolHarness on) {
        var gate = on.gate();
        on.manager(new ScriptedAsyncManager<>()).script(Operation.CREATE).next(Behaviour.hang(gate));
        var pool = on.open(timeless());
        var warmUp = on.track(() -> pool.warmUp("a", 1));
        pool.evict("a");
        gate.open();
        assertThat(warmUp.value()).isLessThanOrEqualTo(1);
        on.settle();
        assertThat(on.server().disposed(DisposeReason.EVICTED)).isEqualTo(1);
        assertThat(pool.stats().idle()).isZero();
    }

    @PoolTest
    void evictReachesAConnectionThatIsBeingReset(PoolHarness on) {
        var gate = on.gate();
        on.script(Operation.RESET).next(Behaviour.hang(gate));
        var pool = on.open(timeless());
        on.fill("a", 1);
        pool.evict("a");
        gate.open();
        assertDisposed(on, DisposeReason.EVICTED, 1);
    }

    @PoolTest
    void evictReachesAConnectionThatIsBeingChecked(PoolHarness on) {
        var gate = on.gate();
        on.threaded();
        var pool = on.open(timeless().alivenessBypass(Duration.ZERO).checkTimeout(seconds(20)));
        on.fill("a", 1);
        on.advance(seconds(5));
        on.script(Operation.CHECK).next(Behaviour.hang(gate));
        var waiting = on.request("a");
        pool.evict("a");
        gate.open();
        assertThat(waiting.value().connection().id()).isEqualTo(2);
        on.await("the old connection to be disposed", () -> on.server().disposed(DisposeReason.EVICTED) == 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void evictAllIsEvictForEveryEndpoint(PoolHarness on) {
        var pool = on.open(timeless());
        var lease = on.lease("a");
        on.fill("a", 1);
        on.fill("b", 2);
        pool.evictAll();
        assertDisposed(on, DisposeReason.EVICTED, 3);
        lease.release();
        assertDisposed(on, DisposeReason.EVICTED, 4);
        assertThat(pool.endpoints()).isEmpty();
    }

    @PoolTest(alsoWithoutHooks = true)
    void whoAsksForASuspendedEndpointWaitsUntilItIsResumed(PoolHarness on) {
        var pool = on.open(timeless());
        var lease = on.lease("a");
        on.fill("a", 1);
        pool.suspend("a", SuspendMode.WAIT);
        assertThat(on.stats("a").isSuspended()).isTrue();
        assertThat(pool.tryConnection("a")).isEmpty();
        var first = on.request("a", seconds(20));
        var second = on.request("a", seconds(1));
        first.assertWaits();
        lease.release();
        first.assertWaits();
        on.advance(seconds(1));
        second.failsWith(AcquireTimeoutException.class);
        assertThat(on.lease("b").endpoint()).isEqualTo("b");

        pool.resume("a");
        assertThat(first.value().endpoint()).isEqualTo("a");
        assertThat(on.stats("a").isSuspended()).isFalse();
        assertThat(on.server().createsStarted("a")).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void whoAsksForASuspendedEndpointFailsIfThatIsTheMode(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1));
        var lease = on.lease("a");
        var waiting = on.request("a");
        pool.suspend("a", SuspendMode.FAIL);
        waiting.failsWith(EndpointUnavailableException.class);
        var failure = on.request("a").failsWith(EndpointUnavailableException.class);
        assertThat(failure.retryAfter()).isEmpty();
        assertThat(on.stats("a").rejected()).isEqualTo(2);

        lease.release();
        on.request("a").failsWith(EndpointUnavailableException.class);
        pool.resume("a");
        on.lease("a");
        assertThat(on.server().created()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void theModeOfASuspensionCanBeChanged(PoolHarness on) {
        var pool = on.open(timeless());
        pool.suspend("a", SuspendMode.WAIT);
        var waiting = on.request("a");
        waiting.assertWaits();
        assertThat(on.server().createsStarted()).isZero();
        pool.suspend("a", SuspendMode.FAIL);
        waiting.failsWith(EndpointUnavailableException.class);
        pool.suspend("a", SuspendMode.WAIT);
        var second = on.request("a");
        second.assertWaits();
        pool.resume("a");
        second.value();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aSuspendedEndpointStaysInThePool(PoolHarness on) {
        var pool = on.open(timeless().idleTimeout(seconds(5)));
        on.fill("a", 1);
        pool.suspend("a", SuspendMode.WAIT);
        on.advance(seconds(20));
        assertThat(on.stats("a").isSuspended()).isTrue();
        pool.resume("a");
        on.advance(seconds(20));
        assertThat(pool.endpoints()).isEmpty();
    }

    @PoolTest(alsoWithoutHooks = true)
    void resumeWithoutASuspensionHasNoEffect(PoolHarness on) {
        var pool = on.open(timeless());
        pool.resume("a");
        assertThat(pool.endpoints()).isEmpty();
        on.lease("a");
        pool.resume("a");
        assertThat(on.stats("a").leased()).isEqualTo(1);
    }
}
