package io.genericpool.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each tenant has a share of the total limit that no other tenant takes. An endpoint's tenant is its first letter.
 * Shows I28.
 */
class TenantsTest {
    private static final Duration WINDOW = Duration.ofMillis(50);

    private static PoolWorld world(int total, boolean tenants) {
        return PoolWorld.with(knobs -> {
            knobs.maxSize(total).totalMaxSize(total).overtakeWindow(WINDOW).alivenessBypass(PoolConfig.NO_LIMIT);
            if (tenants) {
                knobs.tenant(endpoint -> endpoint.substring(0, 1));
            }
        });
    }

    private static PoolWorld world(int total) {
        return world(total, true);
    }

    private static long victims(PoolWorld world) {
        return world.pool.stats().disposed(DisposeReason.PRESSURE);
    }

    private static List<CompletableFuture<Lease<String, FakeConnection<String>>>> ask(
            PoolWorld world, String endpoint, int count) {
        List<CompletableFuture<Lease<String, FakeConnection<String>>>> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            asked.add(world.ask(endpoint));
        }
        return asked;
    }

    private static long done(List<? extends CompletableFuture<?>> futures) {
        return futures.stream().filter(CompletableFuture::isDone).count();
    }

    // ---- the drill: a tenant asks for 400 endpoints that do not answer

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFloodOfRequestsForDeadEndpointsTakesNoMoreThanItsShare(boolean tenants) {
        var world = world(60, tenants);
        List<String> warm = List.of("a", "b", "c", "d", "e");
        warm.forEach(endpoint -> world.fill(endpoint, 12));
        world.holdConnects(true); // neither connects to dead endpoints nor disposals come back
        for (int i = 0; i < 400; i++) {
            world.pool.connectionAsync("f" + i);
        }
        world.advance(Duration.ofSeconds(1));

        long connects = world.manager.calls(Operation.CREATE);
        int served = 0;
        for (int round = 0; round < 10; round++) {
            for (String endpoint : warm) {
                var lease = world.pool.tryConnection(endpoint);
                if (lease.isPresent()) {
                    served++;
                    lease.get().release();
                }
            }
        }

        assertThat(world.manager.calls(Operation.CREATE)).isEqualTo(connects);
        if (tenants) {
            assertThat(world.pool.stats().disposing()).as("victims").isEqualTo(10);
            assertThat(served).isEqualTo(50);
            assertThat(warm)
                    .allSatisfy(
                            endpoint -> assertThat(world.stats(endpoint).idle()).isBetween(10, 12));
        } else {
            assertThat(world.pool.stats().disposing()).as("victims").isEqualTo(60);
            assertThat(served).isZero();
        }
    }

    // ---- shares

    @Test
    void aLoweredTotalTakesReservedConnectionsLastWhoseverTenantTheyAre() {
        var world = PoolWorld.with(knobs -> knobs.totalMaxSize(2)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .tenant(endpoint -> endpoint.substring(0, 1))
                .endpointLimits(endpoint -> EndpointLimits.of(0, 2).withReserved(endpoint.equals("a") ? 1 : 0)));
        world.fill("a", 1);
        world.advance(Duration.ofMillis(5));
        world.fill("b", 1);

        world.pool.resizeTotal(1);
        world.settle();

        assertThat(world.stats("a").idle()).isOne();
        assertThat(world.pool.stats().total()).isOne();
    }

    @Test
    void aTenantThatUsesNothingLeavesItsPartToTheOthers() {
        var world = world(6);
        assertThat(done(ask(world, "a", 6))).isEqualTo(6);
    }

    @Test
    void aTenantGetsItsShareOfIdleConnectionsAndNoMore() {
        var world = world(6);
        world.fill("a", 6);

        assertThat(done(ask(world, "b", 5))).isEqualTo(3);

        assertThat(world.stats("a").idle()).isEqualTo(3);
        assertThat(victims(world)).isEqualTo(3);
    }

    @Test
    void theTenantAboveItsShareGivesWayFirst() {
        var world = world(6);
        world.fill("b", 2); // idle for longest
        world.advance(Duration.ofMillis(5));
        world.fill("a", 4);

        assertThat(done(ask(world, "c", 2))).isEqualTo(2);

        assertThat(world.stats("a").idle()).isEqualTo(2);
        assertThat(world.stats("b").idle()).isEqualTo(2);
    }

    @Test
    void endpointsOfOneTenantTakeFromEachOther() {
        var world = world(4);
        world.fill("b", 2);
        world.fill("a1", 2);

        assertThat(done(ask(world, "a2", 3))).isEqualTo(2);

        assertThat(world.stats("b").idle()).isEqualTo(2);
    }

    @Test
    void releasesOfATenantAtItsShareDoNotGiveWay() {
        var world = world(4);
        var b = world.leases("b", 2);
        var a = world.leases("a", 2);
        var asked = world.ask("a2");
        world.advance(WINDOW.multipliedBy(2));

        b.forEach(world::release);
        assertThat(asked).isNotDone();
        world.release(a.get(0));

        assertThat(asked).isCompleted();
        assertThat(world.stats("b").idle()).isEqualTo(2);
    }

    @Test
    void starvingTenantsTakeTurnsHoweverManyEndpointsTheyAskFor() {
        var world = world(4);
        var held = world.leases("a", 4);
        var first = world.ask("b1");
        var second = world.ask("b2");
        var other = world.ask("c");
        world.release(held.get(0));
        assertThat(first).isCompleted();

        world.release(held.get(1));

        assertThat(other).isCompleted();
        assertThat(second).isNotDone();
    }

    @Test
    void moreTenantsThanConnectionsAreAllServed() {
        var world = world(1);
        for (String endpoint : List.of("a", "b", "c", "a", "b", "c")) {
            var asked = world.ask(endpoint);
            assertThat(asked).as(endpoint).isCompleted();
            world.release(asked.join());
        }
        world.verify(1, 1);
    }

    // ---- the function

    @Test
    void theFunctionIsCalledOncePerEndpointThatJoins() {
        var asked = new ArrayList<String>();
        var world = PoolWorld.with(knobs -> knobs.tenant(endpoint -> {
            asked.add(endpoint);
            return "t";
        }));
        world.fill("a", 3);
        world.fill("b", 1);
        world.fill("a", 2);

        assertThat(asked).containsExactly("a", "b");
    }

    @Test
    void anEndpointWithoutATenantIsRefusedByName() {
        var world = PoolWorld.with(knobs -> knobs.tenant(endpoint -> "a".equals(endpoint) ? null : endpoint));

        assertThatThrownBy(() -> world.pool.connection("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tenant must not be null, but is null for the endpoint a");
        world.fill("b", 1);
        world.verify(10, 100);
    }
}
