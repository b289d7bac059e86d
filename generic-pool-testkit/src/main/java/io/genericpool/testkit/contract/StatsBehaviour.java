package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.DisposeReason;
import io.genericpool.PoolExhaustedException;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.internal.world.CountingListener.Kind;
import java.io.IOException;
import java.time.Duration;

/** Every acquire and every connection is counted once, where it belongs. */
abstract class StatsBehaviour extends PoolBehaviour {
    StatsBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest(alsoWithoutHooks = true)
    void everyAcquireEndsInExactlyOneCount(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1).maxWaiters(2));
        on.script(Operation.CREATE).next(Behaviour.fail(new IOException("refused")));
        on.request("a").failsWith(ConnectionCreateException.class);
        var held = on.lease("a");
        on.request("a", Duration.ZERO).failsWith(AcquireTimeoutException.class);
        var timedOut = on.request("a", seconds(1));
        on.advance(seconds(1));
        timedOut.failsWith(AcquireTimeoutException.class);
        var cancelled = on.request("a");
        cancelled.cancel();
        cancelled.assertCancelled();
        var first = on.request("a");
        var second = on.request("a");
        on.request("a").failsWith(PoolExhaustedException.class);
        held.release();
        first.value();
        second.assertWaits();

        var stats = pool.stats();
        assertThat(stats.acquires()).isEqualTo(8);
        assertThat(stats.granted()).isEqualTo(2);
        assertThat(stats.timedOut()).isEqualTo(2);
        assertThat(stats.cancelled()).isEqualTo(1);
        assertThat(stats.failed()).isEqualTo(1);
        assertThat(stats.rejected()).isEqualTo(1);
        assertThat(stats.waiters()).isEqualTo(1);
        PoolHarness.assertAtRest(stats);
        PoolHarness.assertAtRest(on.stats("a"));
    }

    @PoolTest
    void theTotalIsTheSumOfTheStates(PoolHarness on) {
        var reset = on.gate();
        var create = on.gate();
        var dispose = on.gate();
        var check = on.gate();
        on.threaded();
        var pool = on.open(timeless().alivenessBypass(seconds(4)).checkTimeout(seconds(20)));
        on.fill("checked", 1);
        on.advance(seconds(10));
        on.script(Operation.CHECK).next(Behaviour.hang(check));
        on.request("checked");
        on.fill("a", 1);
        on.lease("a");
        on.lease("a");
        on.script(Operation.RESET).next(Behaviour.hang(reset));
        on.lease("b").release();
        on.script(Operation.DISPOSE).next(Behaviour.hang(dispose));
        on.lease("c").invalidate();
        on.fill("d", 1);
        on.script(Operation.CREATE).next(Behaviour.hang(create));
        on.request("e");

        var stats = pool.stats();
        assertThat(stats.checking()).isEqualTo(1);
        assertThat(stats.leased()).isEqualTo(2);
        assertThat(stats.pending()).isEqualTo(1);
        assertThat(stats.disposing()).isEqualTo(1);
        assertThat(stats.idle()).isEqualTo(1);
        assertThat(stats.connecting()).isEqualTo(1);
        assertThat(stats.total()).isEqualTo(7).isEqualTo(on.server().open());
    }

    @PoolTest
    void connectionsAreCountedByTheReasonOfTheirDisposal(PoolHarness on) {
        var pool = on.open(timeless().idleTimeout(seconds(10)));
        on.lease("a").invalidate();
        on.settle();
        on.fill("a", 1).get(0).breakFromServer();
        on.settle();
        on.fill("a", 1);
        pool.evict("a");
        on.settle();
        on.fill("a", 1);
        on.advance(seconds(11));
        var stats = pool.stats();
        assertThat(stats.created()).isEqualTo(4);
        assertThat(stats.disposed()).isEqualTo(4);
        for (var reason : DisposeReason.values()) {
            boolean seen = reason == DisposeReason.INVALIDATED
                    || reason == DisposeReason.DEAD
                    || reason == DisposeReason.EVICTED
                    || reason == DisposeReason.IDLE_TIMEOUT;
            assertThat(stats.disposed(reason)).as(reason.name()).isEqualTo(seen ? 1 : 0);
        }
    }

    @PoolTest
    void theListenerIsToldEachThingOnce(PoolHarness on) {
        on.open(timeless().maxSize(1).name("told"));
        on.fill("a", 1);
        var lease = on.lease("a");
        assertThat(on.events.lastLease(Kind.ACQUIRED).isReused()).isTrue();
        var waiting = on.request("a", seconds(1));
        on.advance(seconds(1));
        waiting.failsWith(AcquireTimeoutException.class);
        lease.invalidate(new IOException("reset by peer"));
        on.settle();
        on.script(Operation.CREATE).next(Behaviour.fail(new IOException("refused")));
        on.request("a").failsWith(ConnectionCreateException.class);
        on.settle();

        assertThat(on.events.count(Kind.CREATED)).isEqualTo(1);
        assertThat(on.events.count(Kind.ACQUIRED)).isEqualTo(2);
        assertThat(on.events.count(Kind.RELEASED)).isEqualTo(2);
        assertThat(on.events.count(Kind.DISPOSED)).isEqualTo(1);
        assertThat(on.events.count(Kind.CONNECT_FAILED)).isEqualTo(1);
        assertThat(on.events.count(Kind.ACQUIRE_FAILED)).isEqualTo(2);
        var released = on.events.lastLease(Kind.RELEASED);
        assertThat(released.isInvalidated()).isTrue();
        assertThat(released.duration()).isBetween(millis(900), millis(1_100));
        var disposed = on.events.lastConnection(Kind.DISPOSED);
        assertThat(disposed.reason()).contains(DisposeReason.INVALIDATED);
        assertThat(disposed.leases()).isEqualTo(2);
        assertThat(disposed.poolName()).isEqualTo("told");
        assertThat(disposed.endpoint()).isEqualTo("a");
    }

    @PoolTest(alsoWithoutHooks = true)
    void theSumsOfThePoolKeepWhatLeftIt(PoolHarness on) {
        var pool = on.open(timeless());
        for (int i = 0; i < 5; i++) {
            on.lease("endpoint " + i).invalidate();
        }
        on.settle();
        assertThat(pool.endpoints()).isEmpty();
        assertThat(pool.stats().granted()).isEqualTo(5);
        assertThat(pool.stats().created()).isEqualTo(5);
        assertThat(pool.stats().disposed(DisposeReason.INVALIDATED)).isEqualTo(5);
    }
}
