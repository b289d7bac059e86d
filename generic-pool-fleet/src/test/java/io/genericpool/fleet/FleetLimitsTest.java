package io.genericpool.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.PoolConfig;
import io.genericpool.fleet.FleetWorld.Member;
import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Pools of several processes, real keepers and the engine inside the process, in virtual time. */
class FleetLimitsTest {
    private static final String A = "a";
    private static final String B = "b";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FleetWorld world = new FleetWorld();

    @Test
    void aProcessGetsWhatItWantsWithinAGather() {
        Member one = world.join(world.limits(10));
        var requests = one.ask(A, 4);
        assertThat(FleetWorld.granted(requests)).isZero();
        world.gather();
        assertThat(FleetWorld.granted(requests)).isEqualTo(4);
        assertThat(one.share(A)).isEqualTo(4);
        assertThat(world.engine.granted("fleet", "e:a")).isEqualTo(4);
        FleetWorld.release(requests);
    }

    @Test
    void allTogetherNeverExceedTheCapAndComeToTheirLevels() {
        Member one = world.join(world.limits(10));
        Member two = world.join(world.limits(10));
        var first = one.ask(A, 20);
        world.gather();
        assertThat(one.open(A)).isEqualTo(10);
        var second = two.ask(A, 20);
        world.gather();
        assertThat(two.open(A)).isZero();
        for (int i = 0; i < 600; i++) { // each holds its leases for 100 ms
            world.advance(Duration.ofMillis(100));
            assertThat(world.open(A)).isLessThanOrEqualTo(10);
            FleetWorld.release(first);
            FleetWorld.release(second);
            first = new ArrayList<>(first.stream().filter(r -> !r.isDone()).toList());
            second = new ArrayList<>(second.stream().filter(r -> !r.isDone()).toList());
            first.addAll(one.ask(A, 20 - first.size()));
            second.addAll(two.ask(A, 20 - second.size()));
        }
        assertThat(one.open(A)).isEqualTo(5);
        assertThat(two.open(A)).isEqualTo(5);
    }

    @Test
    void idleConnectionsOfOneProcessGoAtOnceForAnotherThatStarves() {
        Member one = world.join(world.limits(10));
        Member two = world.join(world.limits(10));
        var first = one.ask(A, 10);
        world.gather();
        FleetWorld.release(first);
        world.settle();
        assertThat(one.pool.stats(A).orElseThrow().idle()).isEqualTo(10);
        var second = two.ask(A, 5);
        world.advance(Duration.ofMillis(200));
        assertThat(FleetWorld.granted(second)).isEqualTo(5);
        assertThat(one.open(A)).isEqualTo(5);
        FleetWorld.release(second);
    }

    @Test
    void whatIsNotUsedGoesBack() {
        Member one = world.join(world.limits(10), knobs -> knobs.idleTimeout(Duration.ofSeconds(20)));
        var requests = one.ask(A, 8);
        world.gather();
        FleetWorld.release(requests);
        world.advance(Duration.ofSeconds(30));
        assertThat(world.engine.granted("fleet", "e:a")).isZero();
        assertThat(one.open(A)).isZero();
    }

    @Test
    void atRestAProcessMakesOneCallPerHeartbeat() {
        var calls = new Counting(world.engine);
        Member one = world.join(FleetWorld.limits(calls, 10));
        var requests = one.ask(A, 8);
        world.advance(Duration.ofSeconds(10));
        int before = calls.batches.size();
        for (int i = 0; i < 100; i++) {
            one.pool.connection(A, Duration.ofHours(1)).release();
            FleetWorld.release(requests);
        }
        world.advance(Duration.ofSeconds(50));
        assertThat(calls.batches.size() - before).isBetween(9, 14);
        assertThat(calls.batches.get(calls.batches.size() - 1).claims()).isEmpty();
    }

    @Test
    void aClosedPoolGivesEverythingBackAtOnce() {
        Member one = world.join(world.limits(10));
        Member two = world.join(world.limits(10));
        var first = one.ask(A, 10);
        world.gather();
        FleetWorld.release(first);
        one.pool.close(Duration.ofSeconds(10));
        world.settle();
        assertThat(world.engine.granted("fleet", "e:a")).isZero();
        var second = two.ask(A, 10);
        world.gather();
        assertThat(FleetWorld.granted(second)).isEqualTo(10);
        FleetWorld.release(second);
        long before = world.clock.nanoTime();
        two.pool.close(Duration.ofSeconds(10));
        assertThat(world.clock.nanoTime() - before).as("no wait for a timeout").isLessThan(SECOND.toNanos());
    }

    @Test
    void whenTheEngineIsAwaySharesStayAndDoNotGrow() {
        Member one = world.join(world.limits(10));
        var first = one.ask(A, 4);
        world.gather();
        world.engine.stop();
        world.advance(Duration.ofSeconds(60));
        assertThat(one.pool.stats().sharedLimitsReachable()).isFalse();
        assertThat(one.open(A)).isEqualTo(4);
        assertThat(one.share(A)).isEqualTo(4);
        FleetWorld.release(first);
        world.settle();
        one.pool.connection(A, SECOND).release(); // idle hand-outs go on
        first.clear();
        first.addAll(one.ask(A, 4));
        assertThatThrownBy(() -> one.pool.connection(A, SECOND))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("limit of the fleet: this process may have 4 of 10")
                .hasMessageContaining("the fleet cannot be reached")
                .hasCauseInstanceOf(IOException.class);
        var more = one.ask(A, 2);
        world.engine.start(true);
        world.advance(Duration.ofSeconds(2));
        assertThat(one.pool.stats().sharedLimitsReachable()).isTrue();
        world.advance(Duration.ofSeconds(20));
        assertThat(FleetWorld.granted(more)).as("it grows again").isEqualTo(2);
        FleetWorld.release(first);
        FleetWorld.release(more);
    }

    @Test
    void whileTheEngineIsAwayIdleConnectionsMayCloseAndTheRightStays() { // F8
        Member one = world.join(world.limits(10), knobs -> knobs.idleTimeout(Duration.ofSeconds(20)));
        var first = one.ask(A, 4);
        var kept = one.ask(A, 1);
        world.gather();
        world.engine.stop();
        world.advance(Duration.ofSeconds(10));
        FleetWorld.release(first);
        world.advance(Duration.ofSeconds(60));
        assertThat(one.open(A)).isOne();
        assertThat(one.share(A)).isEqualTo(5);
        var again = one.ask(A, 5);
        assertThat(FleetWorld.granted(again)).isEqualTo(4);
        FleetWorld.release(again);
        FleetWorld.release(kept);
    }

    @Test
    void afterAnOutageWithoutDataEverybodyKeepsAndNobodyExceeds() { // F5
        Member one = world.join(world.limits(10));
        Member two = world.join(world.limits(10));
        var first = one.ask(A, 6);
        world.gather();
        var second = two.ask(A, 4);
        world.gather();
        world.engine.stop();
        world.advance(Duration.ofSeconds(30));
        world.engine.start(false);
        Member newcomer = world.join(world.limits(10));
        var third = newcomer.ask(A, 3);
        for (int i = 0; i < 100; i++) {
            world.advance(Duration.ofMillis(100));
            assertThat(world.open(A)).isLessThanOrEqualTo(10);
        }
        assertThat(one.open(A)).isEqualTo(6);
        assertThat(two.open(A)).isEqualTo(4);
        assertThat(newcomer.open(A)).isZero();
        assertThat(world.engine.granted("fleet", "e:a")).isEqualTo(10);
        world.advance(Duration.ofSeconds(10));
        FleetWorld.release(first);
        world.advance(Duration.ofSeconds(10));
        assertThat(FleetWorld.granted(third)).as("once it has learnt").isEqualTo(3);
        assertThat(world.open(A)).isLessThanOrEqualTo(10);
        FleetWorld.release(second);
        FleetWorld.release(third);
    }

    @Test
    void whileTheLedgerLearnsANewProcessGetsWhatAnotherOneGivesBack() { // F8
        Member one = world.join(world.limits(10));
        var first = one.ask(A, 10);
        world.gather();
        world.engine.stop();
        world.advance(Duration.ofSeconds(30));
        world.engine.start(false);
        Member newcomer = world.join(world.limits(10));
        var third = newcomer.ask(A, 3);
        world.advance(Duration.ofSeconds(3));
        assertThat(FleetWorld.granted(third)).isZero();
        FleetWorld.release(first);
        for (int i = 0; i < 80; i++) {
            world.advance(Duration.ofMillis(100));
            assertThat(world.open(A)).isLessThanOrEqualTo(10);
        }
        assertThat(FleetWorld.granted(third)).as("it learns for 15 s").isEqualTo(3);
        FleetWorld.release(third);
    }

    @Test
    void withNoneAPoolClosesEverythingAtTheEndOfItsLease() {
        Member one = world.join(world.limits(10).whenUnreachable(WhenUnreachable.NONE));
        var first = one.ask(A, 4);
        world.gather();
        FleetWorld.release(List.of(first.get(0)));
        world.engine.stop();
        world.advance(Duration.ofSeconds(11));
        assertThat(one.open(A)).as("its lease is not over").isEqualTo(4);
        world.advance(Duration.ofSeconds(9));
        assertThat(one.open(A)).as("the idle one is closed").isEqualTo(3);
        FleetWorld.release(first);
        world.settle();
        assertThat(one.open(A)).isZero();
    }

    @Test
    void withSafeAPoolHasAFixedNumberWithoutTheEngine() {
        world.engine.stop();
        Member one = world.join(world.limits(10).whenUnreachable(WhenUnreachable.safe(2)));
        var first = one.ask(A, 5);
        world.advance(SECOND);
        assertThat(FleetWorld.granted(first)).as("it starts by its rule").isEqualTo(2);
        assertThat(one.pool.stats().sharedLimitsReachable()).isFalse();
        world.engine.start(true);
        world.advance(Duration.ofSeconds(20));
        assertThat(FleetWorld.granted(first)).isEqualTo(5);
        FleetWorld.release(first);
    }

    @Test
    void withKeepAPoolThatNeverReachedTheEngineWaits() {
        world.engine.stop();
        Member one = world.join(world.limits(10));
        var first = one.ask(A, 2);
        world.advance(Duration.ofSeconds(30));
        assertThat(FleetWorld.granted(first)).isZero();
        world.engine.start(true);
        world.advance(Duration.ofSeconds(20));
        assertThat(FleetWorld.granted(first)).isEqualTo(2);
        FleetWorld.release(first);
    }

    @Test
    void lostAndRepeatedCallsDoNoHarm() { // F3
        var lossy = new Lossy(world.engine);
        Member one = world.join(FleetWorld.limits(lossy, 10));
        Member two = world.join(FleetWorld.limits(lossy, 10));
        var first = new ArrayList<>(one.ask(A, 10));
        var second = new ArrayList<>(two.ask(A, 10));
        for (int i = 0; i < 400; i++) {
            world.advance(Duration.ofMillis(250));
            assertThat(world.open(A)).isLessThanOrEqualTo(10);
            assertThat(world.engine.granted("fleet", "e:a")).isLessThanOrEqualTo(10);
            FleetWorld.release(first);
            FleetWorld.release(second);
            first.removeIf(CompletableFuture::isDone);
            second.removeIf(CompletableFuture::isDone);
            first.addAll(one.ask(A, (i % 40 < 20 ? 10 : 2) - Math.min(2, first.size())));
            second.addAll(two.ask(A, (i % 60 < 30 ? 2 : 10) - Math.min(2, second.size())));
        }
        assertThat(lossy.lost).isGreaterThan(20);
        assertThat(one.open(A) + two.open(A)).isGreaterThan(5);
    }

    @Test
    void anEndpointWithoutACapIsNotAskedFor() {
        var calls = new Counting(world.engine);
        Member one = world.join(FleetWorld.limits(calls, PoolConfig.UNLIMITED));
        var requests = one.ask(A, 7);
        assertThat(FleetWorld.granted(requests)).isEqualTo(7);
        world.gather();
        assertThat(calls.batches).allSatisfy(batch -> assertThat(batch.claims()).isEmpty());
        FleetWorld.release(requests);
    }

    @Test
    void severalPoolsMayShareOneObject() {
        FleetLimits<String> shared = world.limits(4).build();
        Member one = world.new Member(ScriptedManager.full(), shared, knobs -> {});
        Member two = world.new Member(ScriptedManager.full(), shared, knobs -> {});
        var first = one.ask(A, 4);
        world.gather();
        var second = two.ask(A, 4);
        world.advance(SECOND);
        assertThat(one.open(A) + two.open(A)).isEqualTo(4);
        FleetWorld.release(first);
        world.advance(Duration.ofSeconds(5));
        assertThat(FleetWorld.granted(second)).isGreaterThanOrEqualTo(2);
        FleetWorld.release(second);
    }

    @Test
    void aDisposalThatHangsCountsAfterTheCloseUntilItComesBack() {
        var gate = new Gate();
        var manager = new ScriptedAsyncManager<String>();
        Member one = world.new Member(manager, world.limits(10).build(), knobs -> {});
        manager.script(Operation.DISPOSE, A).next(Behaviour.hangIgnoringInterrupts(gate));
        var first = one.ask(A, 3);
        world.gather();
        FleetWorld.release(first);
        assertThat(one.pool.close(Duration.ofSeconds(30)).abandoned()).isOne();
        world.advance(Duration.ofSeconds(60));
        assertThat(world.engine.granted("fleet", "e:a"))
                .as("it may still be open")
                .isOne();
        gate.open();
        world.settle();
        assertThat(world.engine.granted("fleet", "e:a")).isZero();
        world.advance(SECOND);
        assertThat(world.clock.pendingTimers()).as("nothing goes on").isZero();
    }

    @Test
    void theTotalIsSharedAcrossEndpoints() {
        FleetLimitsBuilder<String> total =
                FleetLimits.<String>builder(world.engine).name("total").totalCap(5);
        Member one = world.join(total);
        Member two = world.join(total);
        var first = one.ask(A, 3);
        first.addAll(one.ask(B, 2));
        world.gather();
        assertThat(FleetWorld.granted(first)).isEqualTo(5);
        var second = two.ask(B, 2);
        world.gather();
        assertThat(FleetWorld.granted(second)).isZero();
        FleetWorld.release(first);
        world.advance(Duration.ofSeconds(20));
        assertThat(FleetWorld.granted(second)).isEqualTo(2);
        assertThat(one.open(A) + one.open(B) + two.open(B)).isLessThanOrEqualTo(5);
        FleetWorld.release(second);
    }

    @Test
    void twoCapsUnderOneNameAreNamed() {
        Member one = world.join(world.limits(10));
        Member two = world.join(world.limits(20));
        var first = one.ask(A, 1);
        world.gather();
        var second = two.ask(A, 1);
        world.gather();
        assertThat(second.get(0)).isNotDone();
        assertThatThrownBy(() -> two.pool.connection(A, SECOND))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("fleet 'fleet' has a cap of 10")
                .hasMessageContaining("built with 20")
                .hasMessageContaining("capVersion");
        FleetWorld.release(first);
    }

    @Test
    void aCapOfAHigherVersionReplacesTheLowerOne() {
        Member old = world.join(world.limits(10));
        var first = old.ask(A, 8);
        world.gather();
        Member recent = world.join(world.limits(4).capVersion(1));
        var second = recent.ask(A, 2);
        for (int i = 0; i < 150; i++) {
            world.advance(Duration.ofMillis(100));
            FleetWorld.release(first);
            first = new ArrayList<>(first.stream().filter(r -> !r.isDone()).toList());
            first.addAll(old.ask(A, 8 - first.size()));
        }
        assertThat(world.open(A)).isLessThanOrEqualTo(4);
        assertThat(FleetWorld.granted(second)).isEqualTo(2);
        FleetWorld.release(second);
    }

    @Test
    void aPausedProcessIsToldWhatIsStillFreeAndClosesTheRest() {
        var slow = new Pausing(world.engine);
        Member sleeper = world.join(FleetWorld.limits(slow, 10));
        Member two = world.join(world.limits(10));
        var first = sleeper.ask(A, 8);
        world.gather();
        slow.paused = true; // it hears nothing for longer than its lease
        var second = two.ask(A, 6);
        world.advance(Duration.ofSeconds(25));
        assertThat(FleetWorld.granted(second)).isEqualTo(6);
        slow.paused = false;
        world.advance(Duration.ofSeconds(10));
        assertThat(world.engine.granted("fleet", "e:a"))
                .as("the ledger's sum is the cap")
                .isEqualTo(10);
        FleetWorld.release(first);
        world.settle();
        assertThat(sleeper.open(A)).isLessThanOrEqualTo(4);
        assertThat(world.open(A)).isLessThanOrEqualTo(10);
        FleetWorld.release(second);
    }

    /** Counts and remembers. */
    private static class Counting implements FleetEngine {
        final FleetEngine engine;
        final List<Batch> batches = new ArrayList<>();

        Counting(FleetEngine engine) {
            this.engine = engine;
        }

        @Override
        public CompletionStage<Reply> sync(Batch batch) {
            batches.add(batch);
            return engine.sync(batch);
        }

        @Override
        public Subscription subscribe(String fleet, String session, HintListener listener) {
            return engine.subscribe(fleet, session, listener);
        }

        @Override
        public void close() {}
    }

    /** Each third call does not arrive, each fifth reply is lost, and each seventh batch arrives twice; no hints. */
    private static final class Lossy extends Counting {
        int lost;

        Lossy(FleetEngine engine) {
            super(engine);
        }

        @Override
        public CompletionStage<Reply> sync(Batch batch) {
            int number = batches.size();
            if (number % 3 == 2) {
                batches.add(batch);
                lost++;
                return CompletableFuture.failedFuture(new IOException("the call was lost"));
            }
            CompletionStage<Reply> reply = super.sync(batch);
            if (number % 7 == 6) {
                engine.sync(batch);
            }
            if (number % 5 == 4) {
                lost++;
                return CompletableFuture.failedFuture(new IOException("the reply was lost"));
            }
            return reply;
        }

        @Override
        public Subscription subscribe(String fleet, String session, HintListener listener) {
            return () -> {};
        }
    }

    /** One whose calls hang while it is paused. */
    private static final class Pausing extends Counting {
        boolean paused;

        Pausing(FleetEngine engine) {
            super(engine);
        }

        @Override
        public CompletionStage<Reply> sync(Batch batch) {
            return paused ? new CompletableFuture<>() : super.sync(batch);
        }
    }
}
