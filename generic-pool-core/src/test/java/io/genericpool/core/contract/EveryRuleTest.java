package io.genericpool.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.IdleOrder;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolConfig;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.ConnectGovernor.Verdict;
import io.genericpool.support.Nanos;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Numbers and corners of the rules that the contract of the testkit leaves open. */
@SuppressWarnings("FutureReturnValueIgnored") // what they do is seen at the pool
class EveryRuleTest {
    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    /** When the total binds, a starving endpoint gets what another one releases, after a window. */
    @Nested
    class OvertakeWindow {
        private PoolWorld full(Duration window) {
            return PoolWorld.with(knobs -> {
                knobs.maxSize(2).totalMaxSize(2);
                if (window != null) {
                    knobs.overtakeWindow(window);
                }
            });
        }

        @Test
        void itRunsFromTheConnectWhenThatIsLaterThanTheStarvation() {
            var world = full(ms(100));
            var leases = world.leases("a", 2);
            var first = world.ask("b");
            var second = world.ask("b");
            var third = world.ask("b");
            var starving = world.ask("c");
            world.advance(ms(60));
            world.release(leases.get(0));
            assertThat(first).as("connected at 60 ms").isDone();

            world.advance(ms(99));
            world.release(first.join());
            assertThat(second)
                    .as("159 ms after c began to starve, 99 ms after the connect")
                    .isDone();
            assertThat(starving).isNotDone();
            world.advance(ms(1));
            world.release(second.join());
            assertThat(starving).as("100 ms after the connect").isDone();
            assertThat(third).isNotDone();

            world.release(starving.join());
            world.release(third.join());
            world.release(leases.get(1));
            world.verify(2, 2);
        }

        @Test
        void untilItsEndReleasesServeTheirOwnEndpointAndThenTheOneThatStarves() {
            var world = full(ms(100));
            var leases = world.leases("a", 2);
            world.advance(ms(500));
            var starving = world.ask("b");
            var first = world.ask("a");
            var second = world.ask("a");

            world.advance(ms(99));
            world.release(leases.get(0));
            assertThat(first).as("a millisecond before its end").isDone();
            assertThat(starving).isNotDone();
            world.advance(ms(1));
            world.release(leases.get(1));
            assertThat(second).as("at its end").isNotDone();
            assertThat(starving).isDone();

            world.release(first.join());
            world.release(second.join());
            world.release(starving.join());
            world.verify(2, 2);
        }

        @Test
        void connectsUnderPressureAreAtMostPermitsByWindow() {
            var world = full(ms(50));
            List<String> endpoints = List.of("a", "b", "c", "d", "e");
            var asked = new ArrayList<CompletableFuture<Lease<String, FakeConnection<String>>>>();
            endpoints.forEach(endpoint -> {
                asked.add(world.ask(endpoint, Duration.ofMinutes(1)));
                asked.add(world.ask(endpoint, Duration.ofMinutes(1)));
            });
            int served = 0;
            for (int step = 0; step < 1_000; step++) { // a second, a lease of 1 ms each
                for (int i = 0; i < asked.size(); i++) {
                    if (asked.get(i).isDone()) {
                        world.release(asked.get(i).join());
                        served++;
                        asked.set(i, world.ask(endpoints.get(i / 2), Duration.ofMinutes(1)));
                    }
                }
                world.advance(ms(1));
            }

            assertThat(served).isGreaterThan(1_500);
            assertThat(world.server.createsStarted()).isLessThanOrEqualTo(2 + 2 * 1_000 / 50);
            for (String endpoint : endpoints) {
                assertThat(world.stats(endpoint).granted()).as(endpoint).isGreaterThan(50);
            }
            asked.forEach(future -> future.cancel(true));
            asked.forEach(future -> {
                if (!future.isCancelled()) {
                    future.join().release();
                }
            });
            world.settle();
            world.verify(2, 2);
        }

        @Test
        void byDefaultItIsTenMillisecondsOrTwiceTheMeasuredConnect() {
            var world = full(null);
            world.manager.script(Operation.CREATE).always(Behaviour.take(world.clock, ms(30)));
            var leases = world.leases("a", 2);
            world.advance(ms(500));
            var starving = world.ask("b");
            var own = world.ask("a");
            var next = world.ask("a");

            world.advance(ms(40));
            world.release(leases.get(0));
            assertThat(own).as("40 ms: within twice the connect of 30 ms").isDone();
            world.advance(ms(21));
            world.release(leases.get(1));
            assertThat(starving).as("61 ms").isDone();

            world.release(own.join());
            world.release(starving.join());
            world.release(next.join());
            assertThat(world.pool.config().overtakeWindow()).isEmpty();
            world.verify(2, 2);
        }

        @Test
        void theMeasuredConnectIsAMovingAverageOverEightOfThem() {
            var world = full(null);
            world.script(
                    Operation.CREATE,
                    Behaviour.take(world.clock, ms(30)),
                    Behaviour.take(world.clock, ms(110))); // 30 + (110 - 30) / 8 = 40
            var leases = world.leases("a", 2);
            world.advance(ms(500));
            var starving = world.ask("b");
            var own = world.ask("a");
            var next = world.ask("a");

            world.advance(ms(79));
            world.release(leases.get(0));
            assertThat(own).as("79 ms: within twice the 40 ms").isDone();
            world.advance(ms(1));
            world.release(leases.get(1));
            assertThat(starving).as("80 ms").isDone();

            world.release(own.join());
            world.release(starving.join());
            world.release(next.join());
            world.verify(2, 2);
        }

        @Test
        void whenNobodyOfItsOwnTakesTheConnectionItGoesAtOnce() {
            var world = full(PoolConfig.NO_LIMIT);
            var leases = world.leases("a", 2);
            var starving = world.ask("b");

            world.release(leases.get(0));

            assertThat(starving).isDone();
            world.release(starving.join());
            world.release(leases.get(1));
            world.verify(2, 2);
        }

        @Test
        void starvingShowsInTheStatistics() {
            var world = full(ms(100));
            var leases = world.leases("a", 2);
            world.ask("b").thenAccept(Lease::release);
            world.ask("c").thenAccept(Lease::release);
            assertThat(world.pool.stats().starving()).isEqualTo(2);

            leases.forEach(world::release);

            assertThat(world.pool.stats().starving()).isZero();
            world.verify(2, 2);
        }
    }

    /** The fast path compares with a tick, and whatever expires does so early rather than late. */
    @Nested
    class Precision {
        @Test
        void theTickIsHalfTheSmallestTimeAndExpiryErrsByAtMostThat() {
            var world = PoolWorld.with(knobs -> knobs.idleTimeout(ms(100)).maxLifetime(Duration.ofHours(1)));
            world.fill("a", 1);

            world.advance(ms(49));
            assertThat(world.pool.stats().idle()).isOne();
            world.advance(ms(51));

            assertThat(world.server.disposed(DisposeReason.IDLE_TIMEOUT)).isOne();
            world.verify(10, 100);
        }

        @Test
        void theTickIsNeverBelowTenMillisecondsNorAboveASecond() {
            var quick = PoolWorld.with(knobs -> knobs.idleTimeout(ms(3)));
            assertThat(quick.clock.nanosToNextEvent()).hasValue(ms(10).toNanos());
            quick.verify(0, 0);
            var slow = PoolWorld.with(
                    knobs -> knobs.idleTimeout(Duration.ofHours(1)).alivenessBypass(Duration.ZERO));
            assertThat(slow.clock.nanosToNextEvent())
                    .hasValue(Duration.ofSeconds(1).toNanos());
            slow.verify(0, 0);
        }

        /** Shows I4. */
        @Test
        void aConnectionIsNotHandedOutInTheTickBeforeTheEndOfItsLifetime() {
            var world = PoolWorld.with(
                    knobs -> knobs.maxLifetime(Duration.ofSeconds(10)).idleTimeout(Duration.ofSeconds(4)));
            var first = world.lease("a");
            var connection = first.connection();
            long connectedAt = world.clock.nanoTime();
            world.release(first);
            long lastSeen = 0;
            for (int i = 0; i < 110; i++) {
                world.advance(ms(100));
                var lease = world.lease("a");
                if (lease.connection() == connection) {
                    lastSeen = world.clock.nanoTime() - connectedAt;
                }
                world.release(lease);
            }

            assertThat(Duration.ofNanos(lastSeen)).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
            world.verify(10, 100);
        }

        @Test
        void withoutACollectorTimesAreExact() {
            var world = PoolWorld.with(knobs -> knobs.backgroundCollector(false).maxLifetime(Duration.ofSeconds(10)));
            var connection = world.fill("a", 1).get(0);

            world.advance(Duration.ofSeconds(10).minusNanos(1));
            var last = world.lease("a");
            assertThat(last.connection()).isSameAs(connection);
            world.release(last);
            world.advance(Duration.ofNanos(1));

            var next = world.lease("a");
            assertThat(next.connection()).isNotSameAs(connection);
            assertThat(world.clock.pendingTimers()).isZero();
            world.release(next);
            world.verify(10, 100);
        }
    }

    /** Connections are refilled and kept alive out of free permits alone, and an unused endpoint leaves. */
    @Nested
    class Life {
        @Test
        void cancellingAWarmUpStopsFurtherConnectsAndKeepsThoseInFlight() {
            var world = PoolWorld.with(knobs -> knobs.maxConnectsPerEndpoint(2));
            world.holdConnects(true);
            var warmUp = world.pool.warmUp("a", 6);

            warmUp.cancel(true);
            world.holdConnects(false);

            assertThat(world.server.createsStarted()).isEqualTo(2);
            assertThat(world.stats("a").idle()).isEqualTo(2);
            world.verify(10, 100);
        }

        @Test
        void aWarmUpCountsWhatIsThereAndEndsAtMaxSize() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(5));
            var lease = world.lease("a");
            world.fill("a", 1);

            var warmUp = world.pool.warmUp("a", 100);
            world.settle();

            assertThat(warmUp).isCompletedWithValue(3);
            assertThat(world.stats("a").total()).isEqualTo(5);
            var nothing = world.pool.warmUp("a", 0);
            world.settle();
            assertThat(nothing).isCompletedWithValue(0);
            world.release(lease);
            world.verify(5, 100);
        }

        @Test
        void aWarmUpOfASuspendedEndpointOpensNothing() {
            var world = PoolWorld.with(knobs -> {});
            world.pool.suspend("a", SuspendMode.WAIT);

            var warmUp = world.pool.warmUp("a", 3);
            world.settle();

            assertThat(warmUp).isCompletedWithValue(0);
            assertThat(world.server.createsStarted()).isZero();
            world.verify(10, 100);
        }

        @Test
        void closeEndsAWarmUp() {
            var world = PoolWorld.with(knobs -> knobs.maxConnectsPerEndpoint(1));
            world.holdConnects(true);
            var warmUp = world.pool.warmUp("a", 3);
            world.pool.close(Duration.ZERO);
            world.holdConnects(false);

            assertThat(warmUp).isDone();
            assertThat(world.server.createsStarted()).isLessThanOrEqualTo(1);
            world.verify(1, 100);
        }

        @Test
        void minIdleIsHeldUntilTheRetentionIsOverAndThenTheEndpointLeaves() {
            var world = PoolWorld.with(knobs ->
                    knobs.minIdle(2).idleTimeout(Duration.ofSeconds(10)).endpointRetention(Duration.ofMinutes(1)));
            world.fill("a", 1);
            world.advance(Duration.ofSeconds(58));
            assertThat(world.stats("a").idle()).isEqualTo(2);

            world.advance(Duration.ofSeconds(20));

            assertThat(world.pool.endpoints()).isEmpty();
            world.verify(2, 100);
        }

        @Test
        void suspendedAndResizedEndpointsArePinned() {
            var world = PoolWorld.with(knobs -> knobs.endpointRetention(Duration.ofSeconds(10)));
            world.pool.suspend("suspended", SuspendMode.FAIL);
            world.pool.resize("resized", EndpointLimits.of(0, 7));
            world.fill("used", 1);

            world.advance(Duration.ofMinutes(10));

            assertThat(world.pool.endpoints()).containsExactlyInAnyOrder("suspended", "resized");
            assertThat(world.stats("resized").limits().maxSize()).isEqualTo(7);
            assertThat(world.stats("suspended").isSuspended()).isTrue();
            world.pool.resume("suspended");
            assertThat(world.pool.endpoints()).containsExactly("resized");
            world.verify(1, 100);
        }

        @Test
        void refillsAreStaggeredOneConnectAfterTheOther() {
            var world = PoolWorld.with(knobs -> knobs.minIdle(5));
            world.release(world.lease("a"));
            assertThat(world.stats("a").idle()).isEqualTo(5);
            var most = new AtomicInteger();
            world.manager
                    .script(Operation.CREATE)
                    .always(Behaviour.perform(
                            () -> most.accumulateAndGet(world.stats("a").connecting(), Math::max)));

            world.server.crash("a");
            world.advance(Duration.ofSeconds(10));

            assertThat(most).hasValue(1);
            assertThat(world.stats("a").idle()).isEqualTo(5);
            assertThat(world.server.created()).isEqualTo(10);
            world.verify(5, 100);
        }

        @Test
        void aKeepaliveNeverTakesAConnectionAwayFromWhoAsks() {
            var world = PoolWorld.with(knobs -> knobs.keepaliveInterval(Duration.ofSeconds(4))
                    .checkTimeout(Duration.ofMinutes(1))
                    .maxSize(1));
            world.fill("a", 1);
            world.holdConnects(true);
            world.advance(Duration.ofSeconds(6));
            assertThat(world.stats("a").checking()).isOne();
            var waiting = world.ask("a");

            world.holdConnects(false);

            assertThat(world.server.createsStarted()).isOne();
            world.release(waiting.join());
            world.verify(1, 100);
        }
    }

    /** The order of idle connections: FIFO is exact, LIFO lets those that are not needed age out. */
    @Nested
    class Order {
        @Test
        void fifoIsExactWhateverTheOrderOfReleases() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(20).idleOrder(IdleOrder.FIFO));
            var leases = world.leases("a", 20);
            var expected = new ArrayList<FakeConnection<String>>();
            for (int i = 0; i < 20; i++) {
                var lease = leases.get((i * 7) % 20);
                expected.add(lease.connection());
                world.release(lease);
            }

            var seen = new ArrayList<FakeConnection<String>>();
            for (int i = 0; i < 40; i++) {
                try (var lease = world.pool.connection("a")) {
                    seen.add(lease.connection());
                }
            }

            assertThat(seen.subList(0, 20)).isEqualTo(expected);
            assertThat(seen.subList(20, 40)).isEqualTo(expected);
            world.verify(20, 100);
        }

        @Test
        void lifoKeepsToOneConnectionAndLetsTheOthersAgeOut() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(20).idleTimeout(Duration.ofSeconds(10)));
            world.fill("a", 20);

            for (int i = 0; i < 15; i++) {
                world.release(world.lease("a"));
                world.advance(Duration.ofSeconds(1));
            }

            assertThat(world.stats("a").idle()).isOne();
            world.verify(20, 100);
        }
    }

    /** A request has one deadline, and a request for a new connection takes none that was there before it. */
    @Nested
    class Requests {
        @Test
        void useWaitsWithADeadlineOfItsOwnAndLeavesTheWorkWithoutOne() throws Exception {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            String result = world.pool.use("a", ms(10), connection -> {
                world.advance(Duration.ofHours(1));
                return "done";
            });
            assertThat(result).isEqualTo("done");
            var lease = world.lease("a");

            assertThatThrownBy(() -> world.pool.use("a", ms(10), connection -> "never"))
                    .isInstanceOf(AcquireTimeoutException.class);
            var async = world.pool.useAsync("a", ms(10), connection -> CompletableFuture.completedFuture("never"));
            world.advance(ms(10));
            assertThatThrownBy(async::join).hasCauseInstanceOf(AcquireTimeoutException.class);

            world.release(lease);
            assertThat(world.pool.useAsync("a", ms(10), connection -> CompletableFuture.completedFuture("done")))
                    .isCompletedWithValue("done");
            world.verify(1, 100);
        }

        @Test
        void useAsyncEndsItsLeaseWhenItsResultIsCompletedFromOutside() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            var stage = new CompletableFuture<String>();
            var running = world.pool.useAsync("a", connection -> stage);
            world.settle();
            var queued = world.pool.useAsync("a", connection -> CompletableFuture.completedFuture("x"));

            queued.completeExceptionally(new IllegalStateException("given up"));
            running.complete("from outside");
            stage.complete("late");
            world.settle();

            assertThat(world.pool.stats().waiters()).isZero();
            assertThat(world.pool.stats().leased()).isZero();
            world.verify(1, 100);
        }

        @Test
        void useAsyncFailsWithWhatItsStageFailedWithAndNotWithAWrapping() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            var refused = new IOException("refused");
            var failed = world.pool.useAsync(
                    "a",
                    connection -> CompletableFuture.supplyAsync(
                            () -> {
                                throw new CompletionException(refused);
                            },
                            Runnable::run));
            world.settle();
            assertThat(failed)
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableOfType(ExecutionException.class)
                    .withCause(refused);

            var bare = new CompletionException("without a cause", null);
            var other = world.pool.useAsync("a", connection -> CompletableFuture.failedFuture(bare));
            world.settle();
            assertThat(other).failsWithin(Duration.ZERO).withThrowableThat().withCause(bare);
            world.verify(1, 100);
        }

        @Test
        void useAsyncThatIsGivenUpWhileItsWorkBeginsCancelsTheStage() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            var stage = new CompletableFuture<String>();
            var result = new AtomicReference<CompletableFuture<String>>();
            world.holdConnects(true);
            result.set(world.pool.useAsync("a", connection -> {
                result.get().complete("from outside");
                return stage;
            }));
            world.holdConnects(false);

            assertThat(stage).isCancelled();
            assertThat(world.pool.stats().leased()).isZero();
            world.verify(1, 100);
        }

        @Test
        void aNewConnectionIsHadAtTheTotalLimitFromAnIdleOneElsewhere() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(2).totalMaxSize(2));
            world.fill("a", 2);

            var lease = world.pool.newConnection("b", Duration.ZERO.plusMillis(1));

            assertThat(world.server.disposed(DisposeReason.PRESSURE)).isOne();
            world.release(lease);
            world.verify(2, 2);
        }

        @Test
        void aNewConnectionAtOnceIsNone() {
            var world = PoolWorld.with(knobs -> {});
            world.fill("a", 1);

            assertThatThrownBy(() -> world.pool.newConnection("a", Duration.ZERO))
                    .isInstanceOf(AcquireTimeoutException.class);

            assertThat(world.stats("a").idle()).isOne();
            world.verify(10, 100);
        }

        @Test
        void whoWaitsForANewConnectionMayCancelOrTimeOut() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            var lease = world.lease("a");
            var cancelled = world.pool.newConnectionAsync("a");
            var late = world.pool.newConnectionAsync("a", ms(10));
            cancelled.cancel(true);
            world.advance(ms(10));
            assertThatThrownBy(late::join).hasCauseInstanceOf(AcquireTimeoutException.class);
            var connection = lease.connection();

            world.release(lease);

            assertThat(world.stats("a").idle()).isOne();
            var again = world.lease("a");
            assertThat(again.connection()).isSameAs(connection);
            world.release(again);
            world.verify(1, 100);
        }

        @Test
        void aRefusedEndpointSaysWhenToComeAgainAndWhy() {
            var world = new PoolWorld();
            var why = new IOException("circuit open");
            world.open(
                    knobs -> knobs.connectGovernor((endpoint, now) -> Verdict.refuseFor(Duration.ofSeconds(30), why)));

            assertThatThrownBy(() -> world.pool.connection("a"))
                    .hasCause(why)
                    .isInstanceOfSatisfying(EndpointUnavailableException.class, e -> assertThat(e.retryAfter())
                            .contains(Duration.ofSeconds(30)));
            assertThat(world.server.createsStarted()).isZero();
            world.verify(10, 100);
        }

        @Test
        void aDelayedEndpointConnectsWhenItsDelayIsOver() {
            var world = new PoolWorld();
            var verdict = new AtomicReference<>(Verdict.waitFor(ms(200)));
            world.open(knobs -> knobs.connectGovernor((endpoint, now) -> verdict.getAndSet(Verdict.proceed())));
            var waiting = world.ask("a");

            world.advance(ms(199));
            assertThat(waiting).isNotDone();
            world.advance(ms(1));

            world.release(waiting.join());
            world.verify(10, 100);
        }
    }

    /** A close reports what came of each connection and request, to all that call it. */
    @Nested
    class Closing {
        @Test
        void theReportCountsWhatCameBackWhatWasRevokedWhoFailedAndWhatWasLeft() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(4).disposeTimeout(Duration.ofSeconds(1)));
            var leases = world.leases("a", 4);
            var waiting = List.of(world.ask("a"), world.ask("a"), world.ask("a"));
            world.clock.schedule(() -> leases.get(0).release(), ms(100).toNanos());
            world.clock.schedule(() -> leases.get(1).invalidate(), ms(200).toNanos());

            var report = world.pool.close(Duration.ofSeconds(5));

            assertThat(report.returned()).isEqualTo(2);
            assertThat(report.revoked()).isEqualTo(2);
            assertThat(report.failedWaiters()).isEqualTo(3);
            assertThat(report.abandoned()).isZero();
            assertThat(report.isClean()).isFalse();
            assertThat(report.duration()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
            waiting.forEach(future -> assertThatThrownBy(future::join).hasCauseInstanceOf(PoolClosedException.class));
            leases.get(2).release();
            leases.get(3).invalidate();
            assertThat(world.pool.stats().staleReleases()).isEqualTo(2);
            world.verify(4, 100);
        }

        @Test
        void disposalsThatDoNotEndAreReportedAsAbandoned() {
            var world = PoolWorld.with(knobs -> {});
            world.fill("a", 3);
            world.holdConnects(true);

            var report = world.pool.close(Duration.ofSeconds(1));

            assertThat(report.abandoned()).isEqualTo(3);
            assertThat(report.duration()).isEqualTo(Duration.ofSeconds(1));
            world.verify(3, 100);
        }

        @Test
        void aSecondCloserGetsTheSameReport() {
            var world = PoolWorld.with(knobs -> {});
            world.fill("a", 2);

            var first = world.pool.close(Duration.ofSeconds(1));
            var second = world.pool.close(Duration.ofHours(1));
            world.pool.close();

            assertThat(second).isSameAs(first);
            assertThat(first.isClean()).isTrue();
            assertThat(first)
                    .hasToString("returned=0, revoked=0, failedWaiters=0, abandoned=0, duration="
                            + Nanos.text(first.duration()));
            world.verify(2, 100);
        }

        @Test
        void aPoolWithoutACollectorClosesTheSame() {
            var world = new PoolWorld(ScriptedManager.plain()).open(knobs -> knobs.backgroundCollector(false));
            world.fill("a", 2);
            var lease = world.lease("a");

            var report = world.pool.close(Duration.ofSeconds(1));

            assertThat(report.revoked()).isOne();
            assertThatThrownBy(lease::connection).isInstanceOf(IllegalStateException.class);
            world.verify(2, 100);
        }

        @Test
        void aPoolOfItsOwnThreadsLeavesNoneBehind() throws Exception {
            ScriptedManager<String> manager = ScriptedManager.full();
            var pool = ConnectionPools.builder(manager)
                    .name("threads-of-this-test")
                    .build();
            var hanging = new Gate();
            manager.script(Operation.DISPOSE).next(Behaviour.hang(hanging));
            pool.connection("a").invalidate();
            hanging.awaitEntered(1);
            hanging.open();
            assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();

            Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(
                            Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().contains("threads-of-this-test")));
        }
    }
}
