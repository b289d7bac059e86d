package io.genericpool.core.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Giving;
import io.genericpool.spi.SharedLimits.Share;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A pool keeps to its share of a limit that other processes share. Shows I60, I61 and I62. */
class SharedLimitsTest {
    private static final String A = "a";
    private static final String B = "b";
    private static final Duration LONG = Duration.ofMinutes(10);

    private final ScriptedLimits limits = new ScriptedLimits();
    private final PoolWorld world = new PoolWorld();

    private void open() {
        open(knobs -> {});
    }

    private void open(Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> more) {
        world.open(knobs -> more.accept(
                knobs.sharedLimits(limits).alivenessBypass(PoolConfig.NO_LIMIT).idleTimeout(Duration.ofHours(1))));
    }

    private List<CompletableFuture<Lease<String, FakeConnection<String>>>> ask(String endpoint, int times) {
        var requests = new ArrayList<CompletableFuture<Lease<String, FakeConnection<String>>>>();
        for (int i = 0; i < times; i++) {
            requests.add(world.ask(endpoint, LONG));
        }
        return requests;
    }

    private void give(String endpoint, int connections, Giving giving) {
        limits.give(endpoint, connections, giving);
        world.settle();
    }

    private void give(String endpoint, int connections) {
        give(endpoint, connections, Giving.ALL);
    }

    private static List<Lease<String, FakeConnection<String>>> granted(
            List<CompletableFuture<Lease<String, FakeConnection<String>>>> requests) {
        return requests.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .toList();
    }

    @Test
    void withoutAShareItOpensNothingAndAsks() {
        open();
        var requests = ask(A, 3);
        assertThat(world.server.createsStarted(A)).isZero();
        assertThat(world.stats(A).waiters()).isEqualTo(3);
        assertThat(limits.demand(A)).isEqualTo(new Demand(0, 0, 0, 3, 0));
        assertThat(world.stats(A).share()).hasValue(0);

        give(A, 2);

        assertThat(granted(requests)).hasSize(2);
        assertThat(world.server.open(A)).isEqualTo(2);
        assertThat(limits.demand(A)).isEqualTo(new Demand(1, 2, 2, 3, 0));
        granted(requests).forEach(world::release);
        assertThat(requests).allMatch(CompletableFuture::isDone);
        world.release(requests.get(2).join());
        assertThat(world.server.createsStarted(A))
                .as("never more than the share")
                .isEqualTo(2);
        world.verify(10, 100);
    }

    @Test
    void theStatisticsTellWhatIsSharedAndWhyTheOthersCannotBeReached() {
        open();
        assertThat(world.pool.stats().hasSharedLimits()).isTrue();
        assertThat(world.pool.stats().share()).as("nothing was told yet").isEmpty();
        limits.give(null, 7);
        world.settle();
        assertThat(world.pool.stats().share()).hasValue(7);
        limits.pool().reachable(false, new IOException("cut\noff"));
        assertThat(world.pool.stats().sharedLimitsReachable()).isFalse();
        assertThat(world.pool.stats().sharedLimitsFailure()).hasValue("java.io.IOException: cut?off");
        limits.pool().reachable(false, null);
        assertThat(world.pool.stats().sharedLimitsFailure()).isEmpty();
        limits.pool().reachable(true, null);
        assertThat(world.pool.stats().sharedLimitsReachable()).isTrue();
        world.verify(10, 100);
    }

    @Test
    void aPoolThatSharesNothingHasNoShare() {
        world.open(knobs -> {});
        assertThat(world.pool.stats().hasSharedLimits()).isFalse();
        assertThat(world.pool.stats().share()).isEmpty();
        assertThat(world.pool.stats().sharedLimitsReachable()).isTrue();
        world.verify(10, 100);
    }

    @Test
    void anAcquireOfAnIdleConnectionAsksNothing() {
        open();
        limits.whenTold = () -> {};
        var first = ask(A, 1);
        give(A, 1);
        world.release(first.get(0).join());
        var told = new ArrayList<Demand>();
        limits.whenTold = () -> told.add(limits.demand(A));
        for (int i = 0; i < 100; i++) {
            world.pool.connection(A).release();
        }
        world.settle();
        assertThat(told).isEmpty();
        world.verify(10, 100);
    }

    @Test
    void itsOwnMaximumHoldsBelowTheShare() {
        open(knobs -> knobs.maxSize(2));
        var requests = ask(A, 5);
        give(A, 100);
        assertThat(granted(requests)).hasSize(2);
        assertThat(limits.demand(A).wanted()).as("no more than it may have").isEqualTo(2);
        granted(requests).forEach(world::release);
        granted(requests).forEach(world::release);
        requests.forEach(request -> request.join().release());
        world.verify(2, 100);
    }

    @Test
    void aSmallerShareClosesIdleConnectionsAtOnceAndLeasedOnesAtTheirRelease() {
        open();
        var requests = ask(A, 5);
        give(A, 5);
        world.release(requests.get(0).join());
        world.release(requests.get(1).join());
        give(A, 2);
        assertThat(world.server.open(A)).isEqualTo(3);
        assertThat(limits.demand(A)).isEqualTo(new Demand(2, 2, 3, 3, 0));
        world.release(requests.get(2).join());
        assertThat(world.server.open(A)).isEqualTo(2);
        assertThat(limits.demand(A).held()).isEqualTo(2);
        assertThat(world.stats(A).disposed(DisposeReason.PRESSURE)).isEqualTo(3);
        world.release(requests.get(3).join());
        world.release(requests.get(4).join());
        assertThat(world.server.open(A)).isEqualTo(2);
        world.verify(10, 100);
    }

    @Test
    void whatIsBeingDisposedCountsUntilThatHasEnded() {
        open();
        var requests = ask(A, 2);
        give(A, 2);
        world.holdConnects(true);
        requests.forEach(request -> request.join().release());
        give(A, 0);
        assertThat(limits.demand(A)).as("both disposals wait for a thread").isEqualTo(new Demand(2, 0, 2, 2, 0));
        world.holdConnects(false);
        world.settle();
        assertThat(world.server.open(A)).isZero();
        assertThat(limits.demands)
                .as("nothing is left, so the endpoint has gone")
                .doesNotContainKey(A);
        assertThat(limits.gone).containsExactly("a@2");
        world.verify(10, 100);
    }

    @Test
    void idleIsGivenUpButNotWhatIsLeased() {
        open();
        var requests = ask(A, 5);
        give(A, 5);
        world.release(requests.get(0).join());
        world.release(requests.get(1).join());
        give(A, 1, Giving.IDLE);
        assertThat(limits.demand(A)).isEqualTo(new Demand(2, 3, 3, 3, 0));
        world.release(requests.get(2).join());
        assertThat(world.server.open(A)).as("it was leased then").isEqualTo(3);
        world.release(requests.get(3).join());
        world.release(requests.get(4).join());
        world.verify(10, 100);
    }

    @Test
    void onlyWhatIsUnusedIsGivenUp() {
        open();
        var requests = ask(A, 2);
        give(A, 5);
        world.release(requests.get(0).join());
        give(A, 0, Giving.UNUSED);
        assertThat(limits.demand(A)).isEqualTo(new Demand(2, 2, 2, 2, 0));
        assertThat(world.server.open(A)).isEqualTo(2);
        world.release(requests.get(1).join());
        world.verify(10, 100);
    }

    @Test
    void aNewConnectionTakesThePlaceOfAnIdleOneWithinTheShare() {
        open();
        var request = world.ask(A, LONG);
        give(A, 1);
        FakeConnection<String> used = request.join().connection();
        world.release(request.join());
        var fresh = world.pool.newConnectionAsync(A, LONG);
        world.settle();
        assertThat(fresh).isDone();
        assertThat(fresh.join().connection()).isNotSameAs(used);
        assertThat(world.server.maxOpen(A)).isOne();
        world.release(fresh.join());
        world.verify(1, 100);
    }

    @Test
    void aRequestThatWaitsForAShareHoldsNoPermit() {
        open(knobs -> knobs.maxSize(1).totalMaxSize(1));
        var a = world.ask(A, LONG);
        var b = world.ask(B, LONG);
        give(B, 1);
        assertThat(b).as("the one permit of the pool was not taken").isDone();
        assertThat(a).isNotDone();
        world.release(b.join());
        give(A, 1);
        assertThat(a).isDone();
        world.release(a.join());
        world.verify(1, 1);
    }

    @Test
    void whatWasIdleForAWholeSweepIsNotWantedAnyMore() {
        open();
        var requests = ask(A, 3);
        give(A, 3);
        world.release(requests.get(0).join());
        world.release(requests.get(1).join());
        assertThat(limits.demand(A).wanted()).isEqualTo(3);
        world.advance(Duration.ofSeconds(3));
        assertThat(limits.demand(A)).isEqualTo(new Demand(1, 3, 3, 1, 2));
        var again = ask(A, 3);
        assertThat(limits.demand(A).wanted()).as("requests wait").isEqualTo(4);
        world.release(requests.get(2).join());
        again.forEach(request -> world.release(request.join()));
        world.verify(10, 100);
    }

    @Test
    void aRevokedShareIsTakenFromLongestIdleFirst() {
        open();
        var requests = ask(A, 3);
        give(A, 3);
        List<FakeConnection<String>> inOrder = new ArrayList<>();
        for (var request : requests) {
            inOrder.add(request.join().connection());
            world.release(request.join());
            world.advance(Duration.ofSeconds(2));
        }
        give(A, 1);
        assertThat(world.server.connections(A).stream().filter(c -> c.isOpen())).containsExactly(inOrder.get(2));
        world.verify(10, 100);
    }

    @Test
    void anOlderShareIsIgnored() {
        open();
        ask(A, 2);
        give(A, 1);
        limits.pool().share(A, new Share(1, 5, Giving.ALL, 200, 0, null));
        world.settle();
        assertThat(world.server.open(A)).isEqualTo(1);
        assertThat(limits.demand(A).version()).isEqualTo(1);
        world.pool.close(Duration.ofSeconds(1));
    }

    @Test
    void aShareForAnEndpointThatIsNotThereIsAnsweredWithGone() {
        open();
        give(B, 3);
        assertThat(limits.gone).containsExactly("b@1");
        assertThat(world.pool.endpoints()).isEmpty();
        world.verify(10, 100);
    }

    @Test
    void anAbandonedDisposalCountsUntilItComesBack() {
        var gate = new Gate();
        open(knobs -> knobs.disposeTimeout(Duration.ofSeconds(1)));
        var thread = new Object() {
            int held;
        };
        world.manager.script(Operation.DISPOSE, A).next(Behaviour.hangIgnoringInterrupts(gate));
        var hanging = new ArrayList<Thread>();
        var requests = ask(A, 1);
        give(A, 1);
        world.holdConnects(true);
        requests.get(0).join().invalidate();
        var runner = new Thread(world.connects::runAll);
        hanging.add(runner);
        runner.setDaemon(true);
        runner.start();
        gate.awaitEntered(1);
        world.advance(Duration.ofSeconds(3));
        assertThat(world.stats(A).abandoned()).isOne();
        thread.held = limits.demand(A).held();
        assertThat(thread.held).as("its connection may still be open").isOne();
        var next = world.ask(A, LONG);
        world.holdConnects(false);
        assertThat(next).as("the share is used up").isNotDone();
        gate.open();
        join(runner);
        world.settle();
        assertThat(next).isDone();
        assertThat(limits.demand(A).held()).isOne();
        world.release(next.join());
        world.verify(10, 100);
    }

    @Test
    void anAbandonedConnectKeepsItsPartOfTheTotal() {
        var gate = new Gate();
        open(knobs -> knobs.connectTimeout(Duration.ofSeconds(1)));
        limits.give(null, 1);
        world.settle();
        world.manager.script(Operation.CREATE, A).next(Behaviour.hangIgnoringInterrupts(gate));
        world.holdConnects(true);
        ask(A, 2);
        give(A, 2);
        var runner = new Thread(world.connects::runAll);
        runner.setDaemon(true);
        runner.start();
        gate.awaitEntered(1);
        world.ask(B, LONG); // starves for the one permit
        give(B, 1);
        world.advance(Duration.ofSeconds(3));
        assertThat(world.stats(A).abandoned()).isOne();
        assertThat(world.stats(A).connectFailures())
                .as("no other connect began beside it")
                .isOne();
        assertThat(world.pool.stats().total()).as("no permit is free beside it").isZero();
        assertThat(limits.total().held()).isOne();
        gate.open();
        join(runner);
        world.holdConnects(false);
        world.settle();
        assertThat(world.pool.stats().total()).as("it has come back").isOne();
        assertThat(limits.total().held()).isOne();
        world.pool.close(Duration.ofSeconds(1));
    }

    private static void join(Thread thread) {
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void minIdleAndWarmUpAreAskedForAsNice() {
        open(knobs -> knobs.minIdle(2));
        var request = world.ask(A, LONG);
        give(A, 1);
        world.release(request.join());
        world.advance(Duration.ofSeconds(1));
        assertThat(limits.demand(A)).isEqualTo(new Demand(1, 1, 1, 0, 2));
        give(A, 2);
        assertThat(world.server.open(A)).isEqualTo(2);

        var warm = world.pool.warmUp(B, 3);
        world.settle();
        assertThat(warm).isNotDone();
        assertThat(limits.demand(B)).isEqualTo(new Demand(0, 0, 0, 0, 3));
        give(B, 3);
        assertThat(warm).isCompletedWithValue(3);
        world.verify(10, 100);
    }

    @Test
    void aWarmUpThatGetsNoShareEnds() {
        open(knobs -> knobs.connectTimeout(Duration.ofSeconds(4)));
        var warm = world.pool.warmUp(A, 3);
        world.advance(Duration.ofSeconds(3));
        assertThat(warm).isNotDone();
        world.advance(Duration.ofSeconds(3));
        assertThat(warm).isCompletedWithValue(0);
        world.verify(10, 100);
    }

    @Test
    void theTimeoutNamesTheFleet() {
        open();
        var requests = ask(A, 3);
        limits.pool().share(A, new Share(++limits.versions, 3, Giving.ALL, 200, 41, null));
        world.settle();
        assertThatThrownBy(() -> world.pool.connection(A, Duration.ofMillis(10)))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("limit of the fleet: this process may have 3 of 200, 41 processes wait");
        var down = new IOException("connection refused");
        limits.pool().reachable(false, down);
        assertThat(world.pool.stats().sharedLimitsReachable()).isFalse();
        assertThatThrownBy(() -> world.pool.connection(A, Duration.ofMillis(10)))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("the fleet cannot be reached")
                .hasCause(down);
        limits.pool().reachable(true, null);
        assertThat(world.pool.stats().sharedLimitsReachable()).isTrue();
        var problem = new IllegalStateException("caps differ");
        limits.pool().share(A, new Share(++limits.versions, 3, Giving.ALL, 200, 0, problem));
        world.settle();
        assertThatThrownBy(() -> world.pool.connection(A, Duration.ofMillis(10)))
                .hasMessageContaining("may have 3 of 200; caps differ")
                .hasCause(problem);
        granted(requests).forEach(world::release);
        world.verify(10, 100);
    }

    @Test
    void aRequestOnACleanEndpointIsNotOneTooMany() throws Exception {
        open(knobs -> knobs.maxWaiters(0));
        var request = world.ask(A, LONG);
        assertThat(request).as("a share may be had").isNotDone();
        limits.pool().share(A, new Share(++limits.versions, 1, Giving.ALL, 200, 7, null));
        world.settle();
        assertThat(request).isDone();
        var second = world.ask(A, LONG);
        assertThatThrownBy(second::get).isInstanceOf(ExecutionException.class).hasMessageContaining("maxWaiters");
        world.release(request.get());
        world.verify(10, 100);
    }

    @Test
    void theTotalIsSharedToo() {
        open();
        var a = ask(A, 3);
        give(A, 3);
        granted(a).forEach(world::release);
        assertThat(limits.demands).as("not before it is told a share").hasSize(1);
        limits.give(null, 4);
        world.settle();
        assertThat(limits.total()).isEqualTo(new Demand(2, 4, 3, 3, 0));
        var b = ask(B, 3);
        give(B, 3);
        assertThat(world.server.open())
                .as("one free, and idle ones of the other make room")
                .isEqualTo(4);
        assertThat(granted(b)).hasSize(3);
        granted(b).forEach(world::release);
        limits.give(null, 1);
        world.settle();
        assertThat(world.server.open()).isOne();
        assertThat(world.pool.stats().totalMaxSize()).isOne();
        assertThat(limits.total().held()).isOne();
        limits.give(null, 50);
        world.settle();
        world.verify(10, 100);
    }

    @Test
    void whatIsIdleIsNotWantedForThePoolAsAWhole() {
        open();
        limits.give(null, 4);
        var a = ask(A, 3);
        give(A, 3);
        world.release(a.get(0).join());
        world.release(a.get(1).join());
        world.advance(Duration.ofMinutes(1)); // two are idle for a whole sweep
        assertThat(limits.total().wanted()).isOne();
        assertThat(limits.total().nice()).isEqualTo(2);
        limits.give(null, 0, Giving.IDLE);
        world.settle();
        assertThat(world.server.open()).as("the idle ones go").isOne();
        assertThat(limits.total().share()).as("the leased one stays within").isOne();
        world.release(a.get(2).join());
        assertThat(world.server.open()).isOne();
        world.pool.close(Duration.ofSeconds(1));
    }

    @Test
    void theTimeoutNamesTheSharedTotal() {
        open();
        limits.give(null, 1);
        var a = ask(A, 1);
        give(A, 1);
        world.ask(B, LONG);
        give(B, 1);
        assertThatThrownBy(() -> world.pool.connection(B, Duration.ofMillis(10)))
                .hasMessageContaining("limit of the fleet for the pool as a whole: this process may have 1 of 200");
        assertThat(limits.total().wanted()).as("it starves for two").isEqualTo(2);
        world.release(a.get(0).join());
        world.pool.close(Duration.ofSeconds(1));
    }

    @Test
    void aCloseGivesBackAsDisposalsEnd() {
        open();
        var requests = ask(A, 3);
        give(A, 5);
        world.release(requests.get(0).join());
        world.release(requests.get(1).join());
        var seen = new ArrayList<Integer>();
        limits.whenTold = () -> seen.add(limits.demand(A).held());
        requests.get(2).join().release();
        world.pool.close(Duration.ofSeconds(5));
        world.settle();
        assertThat(limits.closing).isTrue();
        assertThat(seen).isSortedAccordingTo((one, other) -> other - one);
        assertThat(limits.gone).containsExactly("a@1");
    }

    @Test
    void aDemandThatWasNotTakenIsToldAgain() {
        open();
        limits.whenTold = () -> {
            limits.demands.clear();
            limits.whenTold = () -> {};
            throw new IllegalStateException("not now");
        };
        ask(A, 1);
        assertThat(limits.demands).isEmpty();
        world.advance(Duration.ofMinutes(1));
        assertThat(limits.demand(A).wanted()).isOne();
        world.pool.close(Duration.ofSeconds(1));
    }

    @Test
    void aSessionThatClosesWithoutAStageDoesNotEndTheClose() {
        open();
        limits.closesWithoutStage = true;
        assertThat(world.pool.close(Duration.ofSeconds(1)).isClean()).isTrue();
    }

    @Test
    void afterTheCloseItKeepsToNoShare() {
        open();
        var request = ask(A, 1);
        give(A, 5);
        world.holdConnects(true);
        world.pool.close(Duration.ofMillis(1));
        assertThat(limits.demand(A))
                .as("one is open until its disposal has ended")
                .isEqualTo(new Demand(1, 0, 1, 0, 0));
        world.holdConnects(false);
        world.settle();
        assertThat(limits.gone).containsExactly("a@1");
        assertThat(request.get(0)).isDone();
    }

    @Test
    void aSessionThatThrowsHarmsNoOtherEndpoint() {
        open();
        limits.whenTold = () -> {
            if (limits.demands.containsKey(A)) {
                throw new IllegalArgumentException("no cap");
            }
        };
        world.ask(A, Duration.ofMillis(5));
        limits.demands.clear();
        var b = world.ask(B, LONG);
        give(B, 1);
        assertThat(b).isDone();
        world.release(b.join());
        world.advance(Duration.ofSeconds(1));
        world.verify(10, 100);
    }

    @Test
    void whenItComesBackAfterItHasLeftItAsksAnew() {
        open(knobs -> knobs.idleTimeout(Duration.ofSeconds(5)).endpointRetention(Duration.ofSeconds(10)));
        var request = world.ask(A, LONG);
        give(A, 3);
        world.release(request.join());
        world.advance(Duration.ofSeconds(30));
        assertThat(world.pool.endpoints()).isEmpty();
        assertThat(limits.gone).containsExactly("a@1");
        var again = world.ask(A, LONG);
        assertThat(again).isNotDone();
        assertThat(limits.demand(A)).isEqualTo(new Demand(0, 0, 0, 1, 0));
        give(A, 1);
        assertThat(again).isDone();
        world.release(again.join());
        world.verify(10, 100);
    }
}
