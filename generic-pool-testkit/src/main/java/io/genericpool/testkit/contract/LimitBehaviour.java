package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.PoolExhaustedException;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.time.Duration;

/** Never more connections than an endpoint and the pool allow, and what they allow goes to those who wait. */
abstract class LimitBehaviour extends PoolBehaviour {
    LimitBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest(alsoWithoutHooks = true)
    void anEndpointNeverHasMoreThanMaxSizeConnections(PoolHarness on) {
        on.open(timeless().maxSize(2));
        on.leases("a", 2);
        var third = on.request("a");
        third.assertWaits();
        assertThat(on.stats("a").total()).isEqualTo(2);
        assertThat(on.server().createsStarted("a")).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void allEndpointsTogetherNeverHaveMoreThanTotalMaxSizeConnections(PoolHarness on) {
        var pool = on.open(timeless().maxSize(2).totalMaxSize(3));
        var held = on.leases("a", 2);
        on.lease("b");
        var waiting = on.request("c");
        waiting.assertWaits();
        assertThat(pool.stats().total()).isEqualTo(3);
        assertThat(pool.stats().starving()).isEqualTo(1);

        held.get(0).invalidate();
        assertThat(waiting.value().endpoint()).isEqualTo("c");
        assertThat(pool.stats().starving()).isZero();
    }

    @PoolTest(alsoWithoutHooks = true)
    void anIdleConnectionElsewhereIsDisposedForWhomTheTotalStarves(PoolHarness on) {
        on.open(timeless().maxSize(2).totalMaxSize(2));
        on.fill("a", 2);
        assertThat(on.lease("b").endpoint()).isEqualTo("b");
        assertDisposed(on, DisposeReason.PRESSURE, 1);
        assertThat(on.stats("a").idle()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void theVictimIsTheConnectionThatIsIdleForLongest(PoolHarness on) {
        on.open(timeless().maxSize(3).totalMaxSize(3));
        var a = on.lease("a");
        var b = on.lease("b");
        var c = on.lease("c");
        var longestIdle = b.connection();
        b.release();
        on.advance(seconds(5));
        a.release();
        c.release();
        on.advance(seconds(5));
        on.lease("d");
        on.settle();
        assertThat(longestIdle.isOpen()).isFalse();
        assertThat(on.server().disposed()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void minIdleElsewhereGivesWayToWhomTheTotalStarves(PoolHarness on) {
        on.open(timeless().minIdle(1).maxSize(1).totalMaxSize(1));
        on.fill("a", 1);
        assertThat(on.lease("b").endpoint()).isEqualTo("b");
        assertDisposed(on, DisposeReason.PRESSURE, 1);
        on.advance(seconds(10));
        assertThat(on.server().createsStarted())
                .as("no refill without a permit")
                .isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void starvingEndpointsAreServedOldestFirst(PoolHarness on) {
        on.open(timeless().maxSize(1).totalMaxSize(1).overtakeWindow(Duration.ZERO));
        var a = on.lease("a");
        var b = on.request("b");
        var c = on.request("c");
        a.release();
        var second = b.value();
        c.assertWaits();
        second.release();
        assertThat(c.value().endpoint()).isEqualTo("c");
    }

    @PoolTest(alsoWithoutHooks = true)
    void withoutAWindowAStarvingEndpointComesBeforeLaterWaitersOfTheReleasedOne(PoolHarness on) {
        on.open(timeless().maxSize(1).totalMaxSize(1).overtakeWindow(Duration.ZERO));
        var a = on.lease("a");
        var b = on.request("b");
        var later = on.request("a");
        a.release();
        b.value().release();
        assertThat(later.value().endpoint()).isEqualTo("a");
        assertThat(on.server().created()).isEqualTo(3);
    }

    @PoolTest(alsoWithoutHooks = true)
    void withinTheWindowAConnectionServesItsOwnEndpoint(PoolHarness on) {
        on.open(timeless().maxSize(1).totalMaxSize(1).overtakeWindow(seconds(10)));
        var held = on.lease("a");
        var connection = held.connection().id();
        var starving = on.request("b");
        var own = on.request("a");
        held.release();
        assertThat(own.value().connection().id()).isEqualTo(connection);
        starving.assertWaits();

        var late = on.request("a");
        on.advance(seconds(11));
        own.value().release();
        assertThat(starving.value().endpoint()).isEqualTo("b");
        late.assertWaits();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectionThatIsBeingMadeCounts(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).always(Behaviour.hang(gate));
        on.open(timeless().maxSize(2).totalMaxSize(3));
        for (int i = 0; i < 4; i++) {
            on.request("a");
            on.request("b");
        }
        assertThat(on.server().createsStarted()).isEqualTo(3);
        assertThat(on.pool().stats().connecting()).isEqualTo(3);
        assertThat(on.pool().stats().total()).isEqualTo(3);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aConnectionThatIsBeingDisposedCounts(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.DISPOSE).next(Behaviour.hang(gate));
        on.open(timeless().maxSize(1));
        on.lease("a").invalidate();
        var waiting = on.request("a");
        waiting.assertWaits();
        assertThat(on.stats("a").disposing()).isEqualTo(1);
        assertThat(on.stats("a").total()).isEqualTo(1);

        gate.open();
        waiting.value();
    }

    @PoolTest
    void aConnectionThatIsBeingResetCountsAndServesNobody(PoolHarness on) {
        var gate = on.gate();
        on.script(Operation.RESET).next(Behaviour.hang(gate));
        on.open(timeless().maxSize(1));
        var connection = on.fill("a", 1).get(0);
        var waiting = on.request("a");
        waiting.assertWaits();
        assertThat(on.pool().tryConnection("a")).isEmpty();
        assertThat(on.stats("a").pending()).isEqualTo(1);
        assertThat(on.stats("a").total()).isEqualTo(1);

        gate.open();
        assertThat(waiting.value().connection().id()).isEqualTo(connection.id());
    }

    @PoolTest(alsoWithoutHooks = true)
    void noMoreThanMaxConnectsAreInFlightToAnEndpoint(PoolHarness on) {
        var gate = on.gate();
        on.threaded().script(Operation.CREATE).always(Behaviour.hang(gate));
        on.open(timeless().maxConnectsPerEndpoint(2));
        for (int i = 0; i < 5; i++) {
            on.request("a");
        }
        on.settle();
        assertThat(on.server().createsStarted()).isEqualTo(2);
        gate.open();
        on.await("the rest to be made", () -> on.server().created() == 5);
        on.await("all to be served", () -> on.stats("a").granted() == 5);
    }

    @PoolTest(alsoWithoutHooks = true)
    void anEndpointCanHaveLimitsOfItsOwn(PoolHarness on) {
        on.open(timeless().maxSize(1).endpointLimits(endpoint -> EndpointLimits.of(0, endpoint.equals("big") ? 3 : 1)));
        on.allow(3, 100);
        on.leases("big", 3);
        on.lease("small");
        on.request("small").assertWaits();
        assertThat(on.stats("big").limits().maxSize()).isEqualTo(3);
        assertThat(on.stats("small").limits().maxSize()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void oneWaiterTooManyIsTurnedAway(PoolHarness on) {
        on.open(timeless().maxSize(1).maxWaiters(1));
        var held = on.lease("a");
        var waiting = on.request("a");
        var failure = on.request("a").failsWith(PoolExhaustedException.class);
        assertThat(failure.endpointLabel()).isEqualTo("a");
        assertThat(on.stats("a").rejected()).isEqualTo(1);
        held.release();
        waiting.value();
    }

    @PoolTest(alsoWithoutHooks = true)
    void oneEndpointTooManyIsTurnedAway(PoolHarness on) {
        var pool = on.open(timeless().maxEndpoints(1));
        var held = on.lease("a");
        on.request("b").failsWith(PoolExhaustedException.class);
        assertThat(pool.endpoints()).containsExactly("a");
        held.invalidate();
        on.settle();
        assertThat(on.lease("b").endpoint()).isEqualTo("b");
    }

    @PoolTest(alsoWithoutHooks = true)
    void raisingMaxSizeServesThoseWhoWait(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1));
        on.allow(3, 100);
        on.lease("a");
        var second = on.request("a");
        var third = on.request("a");
        pool.resize("a", EndpointLimits.of(0, 3));
        second.value();
        third.value();
        assertThat(on.stats("a").limits().maxSize()).isEqualTo(3);
    }

    @PoolTest(alsoWithoutHooks = true)
    void loweringMaxSizeDisposesIdleConnectionsNowAndLeasedOnesAtTheirRelease(PoolHarness on) {
        var pool = on.open(timeless().maxSize(4));
        var held = on.leases("a", 4);
        held.get(0).release();
        held.get(1).release();
        pool.resize("a", EndpointLimits.of(0, 1));
        assertDisposed(on, DisposeReason.RESIZED, 2);

        held.get(2).release();
        assertDisposed(on, DisposeReason.RESIZED, 3);
        held.get(3).release();
        on.settle();
        assertThat(on.stats("a").idle()).isEqualTo(1);
        on.lease("a");
        on.request("a").assertWaits();
    }

    @PoolTest(alsoWithoutHooks = true)
    void raisingTheTotalServesThoseWhoWait(PoolHarness on) {
        var pool = on.open(timeless().maxSize(1).totalMaxSize(1));
        on.allow(1, 2);
        on.lease("a");
        var waiting = on.request("b");
        waiting.assertWaits();
        pool.resizeTotal(2);
        assertThat(waiting.value().endpoint()).isEqualTo("b");
        assertThat(pool.stats().totalMaxSize()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void loweringTheTotalDisposesIdleConnectionsNowAndLeasedOnesAtTheirRelease(PoolHarness on) {
        var pool = on.open(timeless().maxSize(2).totalMaxSize(4));
        var held = on.leases("a", 2);
        on.fill("b", 2);
        pool.resizeTotal(2);
        assertDisposed(on, DisposeReason.RESIZED, 2);

        pool.resizeTotal(1);
        held.get(0).release();
        assertDisposed(on, DisposeReason.RESIZED, 3);
        held.get(1).release();
        on.settle();
        assertThat(pool.stats().total()).isEqualTo(1);
    }

    @PoolTest(FrontEnd.ASYNC)
    void limitsThatContradictEachOtherAreRefused(PoolHarness on) {
        var pool = on.open(timeless().maxSize(2).totalMaxSize(4));
        assertThatThrownBy(() -> pool.resizeTotal(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool.resize("a", EndpointLimits.of(0, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5");
        assertThatThrownBy(() -> pool.resize("a", EndpointLimits.of(0, 2).withMinIdle(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3");
    }
}
