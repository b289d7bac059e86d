package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Who acquires gets an idle connection, or a new one. */
abstract class AcquireBehaviour extends PoolBehaviour {
    AcquireBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest(FrontEnd.ASYNC)
    void theConfigEchoesTheParameters(PoolHarness on) {
        var config = on.open(new PoolSettings()
                        .name("echo")
                        .acquireTimeout(seconds(1))
                        .connectTimeout(seconds(2))
                        .checkTimeout(seconds(3))
                        .resetTimeout(seconds(4))
                        .disposeTimeout(seconds(5))
                        .closeTimeout(seconds(6))
                        .idleTimeout(seconds(7))
                        .maxLifetime(seconds(8))
                        .maxLifetimeJitter(0.25)
                        .idleTimeoutJitter(0.75)
                        .keepaliveInterval(seconds(9))
                        .alivenessBypass(seconds(10))
                        .endpointRetention(seconds(11))
                        .leakDetectionThreshold(seconds(12))
                        .overtakeWindow(seconds(13))
                        .minIdle(1)
                        .maxSize(2)
                        .totalMaxSize(3)
                        .maxWaiters(4)
                        .maxEndpoints(5)
                        .maxConnectsPerEndpoint(6)
                        .maxLeases(7)
                        .disposeBatchSize(8)
                        .idleOrder(IdleOrder.FIFO)
                        .backgroundCollector(true))
                .config();

        assertThat(config.name()).isEqualTo("echo");
        assertThat(List.of(
                        config.acquireTimeout(),
                        config.connectTimeout(),
                        config.checkTimeout(),
                        config.resetTimeout(),
                        config.disposeTimeout(),
                        config.closeTimeout(),
                        config.idleTimeout(),
                        config.maxLifetime(),
                        config.keepaliveInterval(),
                        config.alivenessBypass(),
                        config.endpointRetention(),
                        config.leakDetectionThreshold(),
                        config.overtakeWindow().orElseThrow()))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L);
        assertThat(config.maxLifetimeJitter()).isEqualTo(0.25);
        assertThat(config.idleTimeoutJitter()).isEqualTo(0.75);
        assertThat(config.defaultLimits())
                .isEqualTo(EndpointLimits.of(1, 2).withMaxWaiters(4).withMaxConnects(6));
        assertThat(List.of(config.totalMaxSize(), config.maxEndpoints(), config.maxLeases(), config.disposeBatchSize()))
                .containsExactly(3, 5, 7, 8);
        assertThat(config.idleOrder()).isEqualTo(IdleOrder.FIFO);
        assertThat(config.backgroundCollector()).isTrue();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aReleasedConnectionIsUsedAgain(PoolHarness on) {
        on.open(timeless());
        var first = on.lease("a");
        var connection = first.connection();
        first.release();

        assertThat(on.lease("a").connection().id()).isEqualTo(connection.id());
        assertThat(on.server().created()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void tenUsersInTurnShareOneConnection(PoolHarness on) {
        on.open(timeless().maxSize(1));
        for (int i = 0; i < 10; i++) {
            var lease = on.lease("a");
            try (var use = lease.connection().use()) {
                assertThat(use).isNotNull();
                assertThat(on.stats("a").leased()).isEqualTo(1);
            }
            lease.release();
        }
        assertThat(on.server().createsStarted()).isEqualTo(1);
        assertThat(on.stats("a").granted()).isEqualTo(10);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aTryBlockReturnsTheConnectionAndTheSizesFollow(PoolHarness on) {
        var pool = on.open(timeless());
        try (var one = on.lease("a");
                var other = on.lease("a")) {
            assertThat(one.connection()).isNotSameAs(other.connection());
            assertThat(on.stats("a").leased()).isEqualTo(2);
            assertThat(on.stats("a").idle()).isZero();
            assertThat(pool.stats().total()).isEqualTo(2);
        }
        on.settle();
        assertThat(on.stats("a").leased()).isZero();
        assertThat(on.stats("a").idle()).isEqualTo(2);
        assertThat(pool.stats().total()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void leasesHeldAtOnceAreOfDifferentConnections(PoolHarness on) {
        on.open(timeless());
        var ids = new HashSet<Long>();
        on.leases("a", 10).forEach(lease -> ids.add(lease.connection().id()));
        assertThat(ids).hasSize(10);
    }

    @PoolTest(alsoWithoutHooks = true)
    void endpointsDoNotShareConnections(PoolHarness on) {
        var pool = on.open(timeless());
        on.fill("a", 1);
        assertThat(on.lease("b").connection().endpoint()).isEqualTo("b");
        assertThat(on.server().created()).isEqualTo(2);
        assertThat(pool.endpoints()).containsExactlyInAnyOrder("a", "b");
        assertThat(pool.stats().endpoints()).isEqualTo(2);
    }

    @PoolTest(alsoWithoutHooks = true)
    void fifoOrderUsesEveryIdleConnectionInTurn(PoolHarness on) {
        on.open(timeless().minIdle(3).maxSize(3).idleOrder(IdleOrder.FIFO));
        List<Long> ids = new ArrayList<>();
        on.fill("a", 3).forEach(connection -> ids.add(connection.id()));
        List<Long> used = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            var lease = on.lease("a");
            used.add(lease.connection().id());
            lease.release();
        }
        assertThat(used.subList(0, 3)).containsExactlyElementsOf(ids);
        assertThat(used.subList(3, 6)).containsExactlyElementsOf(ids);
    }

    /** Only on one thread: the order is approximate, and may prefer another connection for each new thread. */
    @PoolTest(value = FrontEnd.ASYNC, alsoWithoutHooks = true)
    void lifoOrderLetsExtraConnectionsAgeOut(PoolHarness on) {
        on.open(timeless().idleTimeout(seconds(60)).idleOrder(IdleOrder.LIFO));
        on.fill("a", 3);
        for (int i = 0; i < 12; i++) {
            on.advance(seconds(10));
            on.lease("a").release();
        }
        assertThat(on.stats("a").total()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void tryConnectionTakesAnIdleConnectionOrNothing(PoolHarness on) {
        var pool = on.open(timeless());
        assertThat(pool.tryConnection("a")).isEmpty();
        on.settle();
        assertThat(on.server().createsStarted()).isZero();
        assertThat(pool.stats().acquires()).isZero();

        on.fill("a", 1);
        var lease = pool.tryConnection("a").orElseThrow();
        assertThat(pool.tryConnection("a")).isEmpty();
        lease.release();
        assertThat(on.stats("a").granted()).isEqualTo(2);
    }

    @PoolTest
    void tryConnectionPassesOverAConnectionThatNeedsACheck(PoolHarness on) {
        var pool = on.open(timeless().alivenessBypass(Duration.ZERO));
        on.fill("a", 1);
        on.advance(seconds(5));
        assertThat(pool.tryConnection("a")).isEmpty();
        on.settle();
        assertThat(on.stats("a").idle()).isEqualTo(1);
    }

    @PoolTest
    void anInstantCheckServesTryConnection(PoolHarness on) {
        on.manager(ScriptedManager.<String>full().checkInstantly());
        var pool = on.open(timeless().alivenessBypass(Duration.ZERO));
        var connections = on.fill("a", 2);
        on.advance(seconds(5));
        connections.get(0).stopAnswering();
        connections.get(1).stopAnswering();
        assertThat(pool.tryConnection("a")).isEmpty();

        var fresh = on.lease("a");
        fresh.release();
        on.advance(seconds(5));
        var lease = pool.tryConnection("a").orElseThrow();
        assertThat(lease.connection().history()).contains(Operation.CHECK);
        lease.release();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aZeroTimeoutTakesAnIdleConnectionOrFailsAtOnce(PoolHarness on) {
        on.open(timeless());
        on.request("a", Duration.ZERO).failsWith(AcquireTimeoutException.class);
        on.fill("a", 1);
        on.request("a", Duration.ZERO).value().release();
        assertThat(on.pool().stats().timedOut()).isEqualTo(1);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aLeaseTellsItsEndpointAndRefusesItsConnectionOnceReleased(PoolHarness on) {
        on.open(timeless());
        var lease = on.lease("a");
        assertThat(lease.endpoint()).isEqualTo("a");
        assertThat(lease.connection()).isSameAs(lease.connection());
        lease.release();
        assertThatThrownBy(lease::connection).isInstanceOf(IllegalStateException.class);
        assertThat(lease.endpoint()).isEqualTo("a");
    }

    @PoolTest
    void aNullEndpointIsRefused(PoolHarness on) {
        var pool = on.open(timeless());
        String nothing = nothing();
        on.request(nothing).failsWith(NullPointerException.class);
        on.requestNew(nothing).failsWith(NullPointerException.class);
        assertThatThrownBy(() -> pool.tryConnection(nothing)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> pool.connectionAsync(nothing)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> pool.evict(nothing)).isInstanceOf(NullPointerException.class);
        assertThat(pool.endpoints()).isEmpty();
    }

    @PoolTest
    void aNegativeTimeoutIsRefused(PoolHarness on) {
        var pool = on.open(timeless());
        on.request("a", millis(-1)).failsWith(IllegalArgumentException.class);
        on.requestNew("a", millis(-1)).failsWith(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool.close(millis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(pool.isClosed()).isFalse();
    }

    @PoolTest
    void hooksAreCalledOnceALeaseInTheDocumentedOrder(PoolHarness on) {
        on.open(timeless().alivenessBypass(Duration.ZERO).maxSize(1));
        var connection = on.fill("a", 1).get(0);
        on.advance(seconds(5));
        on.lease("a").release();
        on.settle();
        assertThat(connection.history())
                .containsExactly(
                        Operation.CREATE,
                        Operation.BIND,
                        Operation.ON_ACQUIRE,
                        Operation.LEND,
                        Operation.ON_RELEASE,
                        Operation.RESET,
                        Operation.CHECK,
                        Operation.ON_ACQUIRE,
                        Operation.LEND,
                        Operation.ON_RELEASE,
                        Operation.RESET);

        on.pool().evictAll();
        on.settle();
        assertThat(connection.history()).endsWith(Operation.RESET, Operation.DISPOSE);
    }

    @PoolTest
    void aManagerThatOverridesNothingButCreateAndDisposeWillDo(PoolHarness on) {
        on.manager(ScriptedManager.plain());
        on.open(timeless().alivenessBypass(Duration.ZERO).maxSize(2));
        var connections = on.fill("a", 2);
        on.advance(seconds(5));
        var lease = on.lease("a");
        assertThat(connections).contains(lease.connection());
        lease.invalidate();
        on.lease("a").release();
        assertThat(on.server().created()).isEqualTo(2);
    }
}
