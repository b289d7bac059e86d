package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.internal.world.CountingListener;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections age, idle ones go, too few are made up for, and an unused endpoint is forgotten. */
abstract class LifeBehaviour extends PoolBehaviour {
    LifeBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectionPastItsLifetimeIsDisposedInTheBackground(PoolHarness on) {
        on.open(timeless().maxLifetime(seconds(10)));
        on.fill("a", 2);
        on.advance(seconds(5));
        assertThat(on.stats("a").idle()).isEqualTo(2);
        on.advance(seconds(6));
        assertDisposed(on, DisposeReason.MAX_LIFETIME, 2);
        assertThat(on.server().open()).isZero();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectionPastItsLifetimeIsNeverHandedOutEvenWithoutACollector(PoolHarness on) {
        on.open(timeless().maxLifetime(seconds(10)).backgroundCollector(false));
        on.fill("a", 1);
        on.advance(millis(9_000));
        on.fill("a", 1);
        assertThat(on.server().created()).isEqualTo(1);
        on.advance(millis(1_001));
        assertThat(on.lease("a").connection().id()).isEqualTo(2);
        assertDisposed(on, DisposeReason.MAX_LIFETIME, 1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aLeasedConnectionPastItsLifetimeIsDisposedAtItsRelease(PoolHarness on) {
        on.open(timeless().maxLifetime(seconds(10)));
        var lease = on.lease("a");
        on.advance(seconds(20));
        assertThat(lease.connection().isOpen()).isTrue();
        lease.release();
        assertDisposed(on, DisposeReason.MAX_LIFETIME, 1);
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void jitterOnlyShortensTheLifetimeAndSpreadsTheExpiry(PoolHarness on) {
        on.open(timeless().maxSize(40).maxLifetime(seconds(100)).maxLifetimeJitter(0.5));
        on.fill("a", 40);
        on.advance(seconds(48));
        assertThat(on.server().open()).isEqualTo(40);
        on.advance(seconds(27));
        assertThat(on.server().open()).isBetween(1, 39);
        on.advance(seconds(26));
        assertThat(on.server().open()).isZero();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void jitterOnlyShortensTheIdleTimeoutAndSpreadsTheExpiry(PoolHarness on) {
        on.open(timeless().minIdle(5).maxSize(40).idleTimeout(seconds(100)).idleTimeoutJitter(0.5));
        on.fill("a", 40);
        on.advance(seconds(48));
        assertThat(on.server().open()).isEqualTo(40);
        on.advance(seconds(27));
        assertThat(on.server().open()).isBetween(6, 39);
        on.advance(seconds(26));
        assertThat(on.server().open()).as("the least that is kept").isEqualTo(5);
        assertDisposed(on, DisposeReason.IDLE_TIMEOUT, 35);
    }

    @PoolTest(value = FrontEnd.ASYNC)
    void jitterSpreadsTheExpiryWithoutACollectorToo(PoolHarness on) {
        on.open(timeless()
                .maxSize(40)
                .idleTimeout(seconds(100))
                .idleTimeoutJitter(0.5)
                .backgroundCollector(false)
                .disposeBatchSize(40));
        on.fill("a", 40);
        on.advance(seconds(48));
        on.fill("a", 1);
        assertThat(on.server().open()).isEqualTo(40);
        on.advance(seconds(27));
        on.fill("a", 1);
        on.settle();
        assertThat(on.server().open()).isBetween(2, 39);
        on.advance(seconds(26));
        on.fill("a", 1);
        on.settle();
        assertThat(on.server().open()).as("the one in use").isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void theIdleTimeoutTakesExtrasOnly(PoolHarness on) {
        on.open(timeless().minIdle(1).idleTimeout(seconds(10)));
        on.fill("a", 3);
        on.advance(seconds(5));
        assertThat(on.stats("a").idle()).isEqualTo(3);
        on.advance(seconds(6));
        assertDisposed(on, DisposeReason.IDLE_TIMEOUT, 2);
        on.advance(seconds(60));
        assertThat(on.stats("a").idle()).isEqualTo(1);
        assertThat(on.server().createsStarted()).isEqualTo(3);
    }

    @PoolTest(alsoWithoutHooks = true)
    void leasedConnectionsCountTowardsMinIdle(PoolHarness on) {
        on.open(timeless().minIdle(2).idleTimeout(seconds(10)));
        var held = on.leases("a", 2);
        on.fill("a", 1);
        on.advance(seconds(11));
        assertThat(on.stats("a").leased()).isEqualTo(2);
        assertThat(on.stats("a").idle()).isZero();
        held.forEach(lease -> lease.release());
        on.advance(seconds(60));
        assertThat(on.stats("a").idle()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void theCollectorDisposesTheLongestIdleFirst(PoolHarness on) {
        on.open(timeless().idleTimeout(seconds(10)));
        var held = on.leases("a", 3);
        var connections = held.stream().map(lease -> lease.connection()).toArray(FakeConnection[]::new);
        for (var lease : held) {
            lease.release();
            on.advance(seconds(3));
        }
        on.advance(millis(1_500));
        assertThat(connections[0].isOpen()).isFalse();
        assertThat(connections[1].isOpen()).isTrue();
        on.advance(seconds(3));
        assertThat(connections[1].isOpen()).isFalse();
        assertThat(connections[2].isOpen()).isTrue();
        on.advance(seconds(3));
        assertThat(connections[2].isOpen()).isFalse();
    }

    @PoolTest(alsoWithoutHooks = true)
    void withoutACollectorReleasesDisposeWhatHasExpiredLongestIdleFirst(PoolHarness on) {
        on.open(timeless().idleTimeout(seconds(10)).backgroundCollector(false).disposeBatchSize(1));
        var held = on.leases("a", 4);
        var first = held.get(0).connection();
        var second = held.get(1).connection();
        held.get(0).release();
        on.advance(seconds(1));
        held.get(1).release();
        on.advance(seconds(30));
        assertThat(on.server().open()).as("nothing happens by itself").isEqualTo(4);

        held.get(2).release();
        on.settle();
        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        held.get(3).release();
        on.settle();
        assertThat(second.isOpen()).isFalse();
        assertDisposed(on, DisposeReason.IDLE_TIMEOUT, 2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void withoutACollectorAReleaseDisposesABatchThatGrowsWithThePool(PoolHarness on) {
        on.open(timeless().idleTimeout(seconds(10)).backgroundCollector(false));
        var held = on.leases("a", 8);
        held.subList(0, 7).forEach(lease -> lease.release());
        on.advance(seconds(30));
        held.get(7).release();
        on.settle();
        assertThat(on.server().disposed()).isBetween(3L, 5L);
    }

    @PoolTest(alsoWithoutHooks = true)
    void deadlinesHoldWithoutACollector(PoolHarness on) {
        on.open(timeless().maxSize(1).backgroundCollector(false));
        on.lease("a");
        var waiting = on.request("a", seconds(1));
        on.advance(seconds(1));
        waiting.failsWith(AcquireTimeoutException.class);
    }

    @PoolTest(alsoWithoutHooks = true)
    void minIdleIsFilledAfterTheFirstAcquire(PoolHarness on) {
        on.open(timeless().minIdle(3));
        on.lease("a");
        on.advance(seconds(3));
        assertThat(on.stats("a").idle()).isEqualTo(2);
        assertThat(on.stats("a").total()).isEqualTo(3);
    }

    @PoolTest(alsoWithoutHooks = true)
    void theLifetimeTakesAnEndpointBelowMinIdleAndARefillFollows(PoolHarness on) {
        on.open(timeless().minIdle(2).maxLifetime(seconds(10)));
        on.fill("a", 2);
        on.advance(seconds(15));
        assertDisposed(on, DisposeReason.MAX_LIFETIME, 2);
        assertThat(on.stats("a").idle()).isEqualTo(2);
        assertThat(on.server().created()).isEqualTo(4);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aRefillTakesFreePermitsOnly(PoolHarness on) {
        on.open(timeless().minIdle(2).maxSize(2).totalMaxSize(3));
        on.fill("a", 2);
        on.fill("b", 1);
        on.advance(seconds(10));
        assertThat(on.server().createsStarted()).isEqualTo(3);
        assertThat(on.server().disposed()).isZero();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aFailedRefillIsRepeatedWithoutAStorm(PoolHarness on) {
        on.open(timeless().minIdle(2));
        var held = on.lease("a");
        on.script(Operation.CREATE).always(Behaviour.fail(() -> new IOException("refused")));
        on.advance(seconds(20));
        assertThat(on.server().createsStarted()).isLessThan(60);
        on.script(Operation.CREATE).reset();
        on.advance(seconds(60));
        assertThat(on.stats("a").total()).isEqualTo(2);
        assertThat(on.stats("a").failed()).isZero();
        held.release();
    }

    @PoolTest(alsoWithoutHooks = true)
    void minIdleEndsWithTheRetentionOfItsEndpoint(PoolHarness on) {
        var pool = on.open(timeless().minIdle(2).idleTimeout(seconds(5)).endpointRetention(seconds(20)));
        on.fill("a", 2);
        on.advance(seconds(15));
        assertThat(on.stats("a").idle()).isEqualTo(2);
        on.advance(seconds(12));
        assertThat(pool.endpoints()).isEmpty();
        assertThat(on.server().open()).isZero();
    }

    @PoolTest(alsoWithoutHooks = true)
    void anEndpointWithoutConnectionsLeavesThePool(PoolHarness on) {
        var pool = on.open(timeless().idleTimeout(seconds(5)));
        on.fill("a", 1);
        assertThat(pool.endpoints()).containsExactly("a");
        on.advance(seconds(6));
        assertThat(pool.endpoints()).isEmpty();
        assertThat(pool.stats("a")).isEmpty();
        assertThat(pool.stats().endpoints()).isZero();
        assertThat(pool.stats().granted()).as("the sums stay").isEqualTo(1);
        assertThat(on.lease("a").endpoint()).isEqualTo("a");
    }

    @PoolTest(alsoWithoutHooks = true)
    void anEndpointThatCannotBeReachedLeavesThePool(PoolHarness on) {
        on.script(Operation.CREATE).always(Behaviour.fail(new IOException("refused")));
        var pool = on.open(timeless());
        on.request("a").failure();
        on.settle();
        assertThat(pool.endpoints()).isEmpty();
    }

    @Tag("large")
    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void manyEndpointsUsedInTurnLeaveNothingBehind(PoolHarness on) {
        var pool = on.open(timeless().maxSize(10).totalMaxSize(10).idleTimeout(seconds(5)));
        for (int i = 0; i < 2_000; i++) {
            on.lease("endpoint " + i).release();
        }
        assertThat(pool.endpoints()).hasSizeLessThanOrEqualTo(10);
        on.advance(seconds(6));
        assertThat(pool.endpoints()).isEmpty();
        assertThat(pool.stats().granted()).isEqualTo(2_000);
    }

    @PoolTest
    void aConnectionIsCheckedAtHandOutUnlessItWasUsedJustBefore(PoolHarness on) {
        on.open(timeless().alivenessBypass(seconds(4)).maxSize(1));
        on.fill("a", 1);
        on.fill("a", 1);
        on.advance(seconds(2));
        on.fill("a", 1);
        assertThat(on.manager().calls(Operation.CHECK)).isZero();
        on.advance(seconds(6));
        on.fill("a", 1);
        assertThat(on.manager().calls(Operation.CHECK)).isEqualTo(1);
        assertThat(on.server().created()).isEqualTo(1);
    }

    @PoolTest
    void theKeepaliveFindsADeadConnectionBeforeAnybodyAsksForIt(PoolHarness on) {
        on.open(timeless().minIdle(1).keepaliveInterval(seconds(5)));
        var dead = on.fill("a", 1).get(0);
        on.advance(seconds(12));
        assertThat(on.manager().calls(Operation.CHECK)).isBetween(1L, 3L);
        dead.stopAnswering();
        on.advance(seconds(8));
        assertDisposed(on, DisposeReason.DEAD, 1);
        assertThat(dead.history()).endsWith(Operation.CHECK, Operation.ON_DEAD, Operation.DISPOSE);
        assertThat(on.stats("a").idle()).as("refilled").isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void everyLeaseHeldTooLongIsCountedOnce(PoolHarness on) {
        on.open(timeless().leakDetectionThreshold(seconds(5)).maxSize(1));
        on.fill("a", 1);
        on.advance(seconds(10));
        for (int leaks = 1; leaks <= 2; leaks++) {
            var leaked = on.lease("a");
            on.advance(seconds(3));
            assertThat(on.stats("a").leaks()).isEqualTo(leaks - 1);
            on.advance(seconds(20));
            assertThat(on.stats("a").leaks()).isEqualTo(leaks);
            assertThat(on.stats("a").longestHeld()).isBetween(seconds(20), seconds(25));
            leaked.release();
        }
        assertThat(on.stats("a").longestHeld()).isZero();
    }

    @PoolTest
    void aLeaseHeldTooLongIsReportedOnce(PoolHarness on) {
        on.open(timeless().leakDetectionThreshold(seconds(5)));
        var leaked = on.lease("a");
        on.advance(seconds(3));
        assertThat(on.stats("a").leaks()).isZero();
        on.advance(seconds(20));
        assertThat(on.stats("a").leaks()).isEqualTo(1);
        assertThat(on.events.count(CountingListener.Kind.LEAK)).isEqualTo(1);
        var event = on.events.lastLease(CountingListener.Kind.LEAK);
        assertThat(event.endpoint()).isEqualTo("a");
        assertThat(event.duration()).isGreaterThanOrEqualTo(seconds(4));
        assertThat(on.stats("a").longestHeld()).isBetween(seconds(20), seconds(25));
        leaked.release();
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void warmUpOpensWhatIsMissing(PoolHarness on) {
        var pool = on.open(timeless().maxSize(5));
        on.lease("a");
        assertThat(on.track(() -> pool.warmUp("a", 3)).value()).isEqualTo(2);
        assertThat(on.stats("a").idle()).isEqualTo(2);
        assertThat(on.track(() -> pool.warmUp("a", 3)).value()).isZero();
        assertThat(on.track(() -> pool.warmUp("a", 50)).value()).isEqualTo(2);
        assertThat(on.stats("a").total()).isEqualTo(5);
        assertThatThrownBy(() -> pool.warmUp("a", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void aFailedConnectDoesNotStopAWarmUp(PoolHarness on) {
        var pool = on.open(timeless().maxSize(5));
        on.script(Operation.CREATE).next(Behaviour.succeed(), Behaviour.fail(new IOException("refused")));
        assertThat(on.track(() -> pool.warmUp("a", 4)).value()).isEqualTo(3);
        assertThat(on.stats("a").connectFailures()).isEqualTo(1);
    }

    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void aWarmUpTakesFreePermitsOnly(PoolHarness on) {
        var pool = on.open(timeless().maxSize(3).totalMaxSize(3));
        on.fill("a", 2);
        assertThat(on.track(() -> pool.warmUp("b", 3)).value()).isEqualTo(1);
        assertThat(on.server().disposed()).isZero();
    }

    @Test
    void whatNeedsACollectorIsRefusedWithoutOne() {
        for (var settings : Set.of(
                timeless().backgroundCollector(false).keepaliveInterval(seconds(5)),
                timeless().backgroundCollector(false).leakDetectionThreshold(seconds(5)),
                timeless().minIdle(3).maxSize(2),
                timeless().maxSize(5).totalMaxSize(4))) {
            assertThatThrownBy(() -> new PoolHarness(FrontEnd.ASYNC, factory()).open(settings))
                    .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
        }
    }

    @PoolTest(alsoWithoutHooks = true)
    void timesThatAreOffNeverTakeAConnection(PoolHarness on) {
        on.open(new PoolSettings()
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .endpointRetention(PoolConfig.NO_LIMIT));
        var ids = new HashSet<Long>();
        on.fill("a", 2).forEach(connection -> ids.add(connection.id()));
        on.advance(Duration.ofHours(2));
        assertThat(ids).contains(on.lease("a").connection().id());
        assertThat(on.stats("a").total()).isEqualTo(2);
        assertThat(on.manager().calls(Operation.CHECK)).isZero();
    }
}
