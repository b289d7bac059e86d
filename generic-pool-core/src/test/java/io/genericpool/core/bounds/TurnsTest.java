package io.genericpool.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.PoolExhaustedException;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Behaviour;
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
 * Whose turn it is: new connections when the pool is full, who counts as waiting, and how long a window is. Shows I16
 * for requests for new connections.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the books tell what comes of them
class TurnsTest {
    private static final Duration WINDOW = Duration.ofMillis(50);

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    // ---- new connections

    /** Its endpoints have room for more connections than the pool. */
    private static PoolWorld full(int total, Duration window) {
        var world = PoolWorld.with(knobs -> knobs.maxSize(4).totalMaxSize(4).overtakeWindow(window));
        world.pool.resizeTotal(total);
        return world;
    }

    /** Others ask for the connection all the time, each with a request queued before it comes back. */
    private static int servedUntilDone(PoolWorld world, CompletableFuture<?> wanted, Lease<String, ?> first) {
        Lease<String, ?> held = first;
        for (int served = 0; served < 200; served++) {
            var next = world.ask("a");
            world.advance(ms(5));
            world.release(held);
            if (wanted.isDone()) {
                return served;
            }
            held = next.join();
        }
        throw new AssertionError("200 later requests were served before it");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestForANewConnectionHasItsTurnAfterTheWindowWhereThePoolIsFull(boolean isFullElsewhere) {
        int total = isFullElsewhere ? 2 : 1;
        var world = full(total, WINDOW);
        var elsewhere = isFullElsewhere ? world.lease("b") : null;
        var first = world.lease("a");
        world.advance(ms(1));
        var wanted = world.pool.newConnectionAsync("a");
        world.settle();

        int served = servedUntilDone(world, wanted, first);

        assertThat(served).isBetween(8, 10);
        assertThat(wanted.join().connection()).isNotSameAs(first);
        world.release(wanted.join());
        if (elsewhere != null) {
            world.release(elsewhere);
        }
        world.verify(4, total);
    }

    @Test
    void itGetsTheVeryNextConnectionWhereTheWindowIsZero() {
        var world = full(1, Duration.ZERO);
        var first = world.lease("a");
        var wanted = world.pool.newConnectionAsync("a");

        assertThat(servedUntilDone(world, wanted, first)).isZero();
    }

    @Test
    void anOlderStarvingEndpointComesFirstAndTheNewConnectionIsNotForgotten() {
        var world = full(2, WINDOW);
        var leases = world.leases("a", 2);
        var other = world.ask("b");
        world.advance(ms(1));
        var wanted = world.pool.newConnectionAsync("a");
        var more = world.ask("a");
        world.advance(ms(60));

        world.release(leases.get(0));
        assertThat(other).isCompleted();
        assertThat(wanted).isNotDone();
        world.release(leases.get(1));

        assertThat(wanted).isCompleted();
        assertThat(more).isNotDone();
        world.release(other.join());
        world.advance(WINDOW);
        assertThat(more).isCompleted();
        world.release(more.join());
        world.release(wanted.join());
        world.verify(4, 2);
    }

    // ---- who counts as waiting

    @Test
    void aColdEndpointServesAsManyAsItHasRoomForThoughNobodyMayWait() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(10).maxWaiters(0)); // 4 connects at once

        List<CompletableFuture<?>> asked = new ArrayList<>();
        world.holdConnects(true);
        for (int i = 0; i < 11; i++) {
            asked.add(world.ask("a"));
        }
        world.holdConnects(false);

        assertThat(asked.subList(0, 10)).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertExhausted(asked.get(10));
        assertThat(world.stats("a").rejected()).isOne();
    }

    private static void assertExhausted(CompletableFuture<?> future) {
        assertThat(future)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(PoolExhaustedException.class);
    }

    /** Shows I24. */
    @Test
    void eightCallersOfAColdPoolOfTenAreServedThoughOneMayWait() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(10).maxWaiters(1));
        world.holdConnects(true);
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            asked.add(world.ask("a"));
        }
        world.holdConnects(false);

        assertThat(asked).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
    }

    /** Shows I24. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void exactlySoManyWaitForABusyEndpoint(int maxWaiters) {
        var world = PoolWorld.with(knobs -> knobs.maxSize(2).maxWaiters(maxWaiters));
        var leases = world.leases("a", 2);

        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < maxWaiters; i++) {
            asked.add(world.ask("a"));
        }
        assertExhausted(world.ask("a"));
        assertThat(asked).noneMatch(CompletableFuture::isDone);
        assertThat(world.stats("a").waiters()).isEqualTo(maxWaiters);
        leases.forEach(world::release);
    }

    @Test
    void anIdleConnectionOfAnotherEndpointIsRoomForOne() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).totalMaxSize(2).maxWaiters(0));
        world.fill("b", 1);
        var busy = world.lease("c");

        assertThat(world.ask("a")).isCompleted();
        assertExhausted(world.ask("d"));
        assertThat(world.pool.stats().starving()).isZero();
        assertThat(busy.connection().isOpen()).isTrue();
    }

    @Test
    void aCheckOnItsWayForItIsNoWaiting() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).maxWaiters(0).alivenessBypass(Duration.ZERO));
        world.fill("a", 1);

        assertThat(world.ask("a")).isCompleted();
        assertThat(world.manager.calls(Operation.CHECK)).isOne();
    }

    @Test
    void aNewConnectionAtTheCapIsNoWaitingWhereAnIdleOneGoesForIt() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).maxWaiters(0));
        world.fill("a", 1);

        var wanted = world.pool.newConnectionAsync("a");
        world.settle();

        assertThat(wanted).isCompleted();
    }

    @Test
    void nobodyWaitsBehindAPauseWhereNobodyMayWait() {
        var governor = CircuitGovernor.builder()
                .failFastAfter(100)
                .retryAfter(cause -> ms(500))
                .build();
        var world = PoolWorld.with(knobs -> knobs.maxWaiters(0).connectGovernor(governor))
                .script(Operation.CREATE, Behaviour.fail(() -> new java.io.IOException("down")));
        world.ask("a");
        var first = world.ask("a"); // a connect was begun for it before the pause was known
        assertThat(first).isNotDone();

        assertExhausted(world.ask("a"));
        world.advance(ms(500));
        assertThat(first).isCompleted();
    }

    // ---- the window

    @Test
    void slowConnectsOfOneEndpointDoNotLengthenTheWindowOfOthers() {
        assertThat(windowAfter("slow")).isEqualTo(ms(10));
    }

    @Test
    void theWindowOfASlowEndpointIsCapped() {
        assertThat(windowAfter("a")).isEqualTo(Duration.ofSeconds(1));
    }

    /** How long "a" keeps its one connection beside "b", which starves, after connects to an endpoint have taken 3 s. */
    private static Duration windowAfter(String slow) {
        var world = PoolWorld.with(knobs -> knobs.maxSize(4).totalMaxSize(4));
        world.script(
                Operation.CREATE,
                Behaviour.take(world.clock, Duration.ofSeconds(3)),
                Behaviour.take(world.clock, Duration.ofSeconds(3)));
        var slowOnes = world.leases(slow, 2);
        Lease<String, FakeConnection<String>> held = slow.equals("a") ? slowOnes.get(1) : world.lease("a");
        slowOnes.stream()
                .filter(lease -> lease != slowOnes.get(1) || !slow.equals("a"))
                .forEach(Lease::invalidate);
        world.settle();
        world.pool.resizeTotal(1);
        var starving = world.ask("b");
        Duration waited = Duration.ZERO;
        while (!starving.isDone()) {
            var next = world.ask("a");
            world.advance(ms(2));
            waited = waited.plusMillis(2);
            world.release(held);
            if (!starving.isDone()) {
                held = next.join();
            }
        }
        return waited;
    }

    // ---- limits that were set

    @Test
    void limitsThatWereSetAreUndoneAndTheEndpointLeaves() {
        var world = PoolWorld.with(knobs ->
                knobs.maxSize(2).endpointLimits(endpoint -> "own".equals(endpoint) ? EndpointLimits.of(0, 3) : null));
        for (int i = 0; i < 1_000; i++) {
            world.pool.resize("e" + i, EndpointLimits.of(0, 1));
        }
        world.pool.resize("own", EndpointLimits.of(0, 1));
        var lease = world.lease("own");
        world.pool.resetLimits("unknown");
        assertThat(world.pool.endpoints()).hasSize(1_001);

        for (int i = 0; i < 1_000; i++) {
            world.pool.resetLimits("e" + i);
        }
        world.pool.resetLimits("own");
        world.settle();

        assertThat(world.pool.endpoints()).containsExactly("own");
        assertThat(world.stats("own").limits()).isEqualTo(EndpointLimits.of(0, 3));
        lease.invalidate();
        world.settle();
        assertThat(world.pool.endpoints()).isEmpty();
    }

    @Test
    void limitsThatAreUndoneHoldAtOnce() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1));
        world.pool.resize("a", EndpointLimits.of(0, 3));
        world.fill("a", 3);

        world.pool.resetLimits("a");
        world.settle();

        assertThat(world.stats("a").total()).isOne();
    }

    @Test
    void limitsThatAreRaisedByTheUndoServeThoseWhoWait() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(2));
        world.pool.resize("a", EndpointLimits.of(0, 1));
        world.lease("a");
        var waiting = world.ask("a");

        world.pool.resetLimits("a");
        world.settle();

        assertThat(waiting).isCompleted();
    }
}
