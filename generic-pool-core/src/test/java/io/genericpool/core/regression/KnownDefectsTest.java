package io.genericpool.core.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.CloseReport;
import io.genericpool.ConnectionCreateException;
import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the pools this one starts from, and its peers, are known to get wrong; one test each. */
@SuppressWarnings("FutureReturnValueIgnored") // what they do is seen at the pool
class KnownDefectsTest {
    @Nested
    class OfGenericConnectionPool {
        // generic-connection-pool 0.8.1: only its background collector looks at max_lifetime
        @Test
        void aConnectionPastItsLifetimeIsNotHandedOut() {
            var world = PoolWorld.with(knobs -> knobs.backgroundCollector(false).maxLifetime(Duration.ofMinutes(1)));
            var old = world.fill("a", 1).get(0);

            world.advance(Duration.ofMinutes(1));
            var lease = world.lease("a");

            assertThat(lease.connection()).isNotSameAs(old);
            assertThat(world.server.disposed(DisposeReason.MAX_LIFETIME)).isOne();
            world.release(lease);
            world.verify(10, 100);
        }

        // generic-connection-pool 0.8.1: the waiter times out beside a connection that could be closed
        @Test
        void aWaiterOnTheTotalLimitTakesThePlaceOfAnIdleConnectionElsewhere() {
            var world = PoolWorld.with(knobs -> knobs.totalMaxSize(2).minIdle(1));
            world.fill("a", 2);

            var lease = world.pool.connection("b", Duration.ofMillis(1));

            assertThat(world.server.disposed(DisposeReason.PRESSURE)).isOne();
            world.release(lease);
            world.verify(2, 2);
        }

        // generic-connection-pool 0.8.1: forgets the dead connection without a dispose
        @Test
        void aDeadConnectionIsDisposedNotDropped() {
            var world = PoolWorld.with(knobs -> knobs.alivenessBypass(Duration.ZERO));
            world.fill("a", 1).get(0).stopAnswering();

            world.release(world.lease("a"));

            assertThat(world.server.disposed(DisposeReason.DEAD)).isOne();
            assertThat(world.server.open("a")).isOne();
            world.verify(10, 100);
        }

        // generic-connection-pool 0.8.1: close(timeout) spins past its timeout when a lease never comes back
        @Test
        void closeIsOverAtItsDeadlineWhenALeaseLeaks() {
            var world = PoolWorld.with(knobs -> {});
            world.lease("a");
            long before = world.clock.nanoTime();

            CloseReport report = world.pool.close(Duration.ofSeconds(3));

            assertThat(world.clock.nanoTime() - before)
                    .isLessThanOrEqualTo(Duration.ofSeconds(3).toNanos());
            assertThat(report.revoked()).isOne();
            assertThat(report.isClean()).isFalse();
            world.verify(10, 100);
        }

        // generic-connection-pool 0.8.1: an assertion error, after on_release has run a second time
        @Test
        void aSecondReleaseIsCountedAndRunsNoHook() {
            var world = PoolWorld.with(knobs -> {});
            var lease = world.lease("a");

            world.release(lease);
            world.release(lease);

            assertThat(world.manager.calls(Operation.ON_RELEASE)).isOne();
            assertThat(world.pool.stats().staleReleases()).isOne();
            world.verify(10, 100);
        }

        // generic-connection-pool 0.8.1: a broken connection can only be released
        @Test
        void aHolderCanDiscardABrokenConnection() {
            var world = PoolWorld.with(knobs -> {});
            var lease = world.lease("a");
            var broken = lease.connection();

            lease.invalidate(new IOException("broken pipe"));
            world.settle();

            assertThat(world.server.disposed(DisposeReason.INVALIDATED)).isOne();
            assertThat(world.lease("a").connection()).isNotSameAs(broken);
            world.verify(10, 100);
        }

        // generic-connection-pool 0.8.1: min_idle only keeps what happened to be opened
        @Test
        void minIdleIsFilledBeforeAnybodyNeedsIt() {
            var world = PoolWorld.with(knobs -> knobs.minIdle(3));

            world.release(world.lease("a"));

            assertThat(world.stats("a").idle()).isEqualTo(3);
            world.verify(10, 100);
        }

        // generic-connection-pool 0.8.1: disposes under the endpoint's lock
        @Test
        void aDisposalThatHangsHoldsUpNobodyAtTheSameEndpoint() {
            var world = PoolWorld.with(knobs -> knobs.disposeTimeout(Duration.ofMinutes(1)));
            var leases = world.leases("a", 2);
            world.holdConnects(true);
            leases.get(0).invalidate();
            world.release(leases.get(1));

            var lease = world.pool.connection("a", Duration.ZERO);

            assertThat(world.stats("a").disposing()).isOne();
            world.release(lease);
            world.verify(10, 100);
        }
    }

    @Nested
    class OfAioWebsocketPool {
        // aio-websocket-pool 0.1.0: closes a drained connection although the drain succeeded
        @Test
        void aConnectionWhoseDrainSucceededIsUsedAgain() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            var drained = new Gate();
            world.script(Operation.RESET, Behaviour.hang(drained));
            var first = world.lease("a");
            var connection = first.connection();
            world.release(first);
            var next = world.ask("a");
            assertThat(next).isNotDone();

            drained.open();
            world.settle();

            assertThat(next.join().connection()).isSameAs(connection);
            world.release(next.join());
            world.verify(1, 100);
        }

        // aio-websocket-pool 0.1.0: never counts a removed connection down, until the pool is exhausted for good
        @Test
        void removedConnectionsGiveTheirPermitsBack() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(2).totalMaxSize(2));

            for (int i = 0; i < 100; i++) {
                world.lease("a").invalidate();
                world.settle();
                world.fill("a", 1).get(0).breakFromServer();
                world.settle();
                world.fill("a", 2);
                world.pool.evict("a");
                world.settle();
                world.script(Operation.ON_RELEASE, Behaviour.fail(new IOException("cannot be cleaned")));
                world.release(world.lease("a"));
                world.fill("a", 2);
                world.fill("b", 1); // takes the place of one of them
                world.pool.evictAll();
                world.settle();
                assertThat(world.pool.stats().total()).isZero();
            }

            for (var lease : world.leases("a", 2)) {
                world.release(lease);
            }
            world.verify(2, 2);
        }

        // aio-websocket-pool 0.1.0: connects and pings under the pool's one lock
        @Test
        void aConnectThatHangsHoldsUpNobodyElse() throws Exception {
            ScriptedManager<String> manager = ScriptedManager.full();
            var hanging = new Gate();
            manager.script(Operation.CREATE, "slow").always(Behaviour.hang(hanging));
            var threads = Executors.newCachedThreadPool();
            var pool = ConnectionPools.builder(manager).connectExecutor(threads).build();

            var slow = pool.connectionAsync("slow");
            hanging.awaitEntered(1);
            pool.connection("fast", Duration.ofSeconds(10)).release();
            assertThat(slow).isNotDone();
            hanging.open();
            slow.get(10, TimeUnit.SECONDS).release();

            assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
            threads.shutdown();
            manager.assertNoViolations();
        }

        // aio-websocket-pool 0.1.0: pings under the pool's one lock
        @Test
        void aCheckThatHangsHoldsUpNobodyWhoCanHaveAnotherConnection() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(2).alivenessBypass(Duration.ofSeconds(1)));
            var leases = world.leases("a", 2);
            world.release(leases.get(0));
            world.advance(Duration.ofSeconds(2));
            world.holdConnects(true);
            var checked = world.ask("a");

            leases.get(1).release();

            assertThat(checked).isNotDone();
            world.settle();
            assertThat(checked).as("the waiter took the one that was released").isDone();
            world.release(checked.join());
            world.verify(2, 100);
        }

        // aio-websocket-pool 0.1.0: raises at once when all connections are in use
        @Test
        void whoFindsAllConnectionsInUseWaits() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            var lease = world.lease("a");
            var waiting = world.ask("a");
            assertThat(waiting).isNotDone();

            world.release(lease);

            world.release(waiting.join());
            world.verify(1, 100);
        }

        // aio-websocket-pool 0.1.0: its ping counts as answered when it was sent
        @Test
        void aConnectionIsNotHandedOutBeforeItsCheckIsAnswered() {
            var world = new PoolWorld(new ScriptedAsyncManager<>()).open(knobs -> knobs.alivenessBypass(Duration.ZERO));
            world.fill("a", 1);
            var pong = new Gate();
            world.script(Operation.CHECK, Behaviour.hang(pong));
            var waiting = world.ask("a");
            assertThat(waiting).isNotDone();

            pong.open();
            world.settle();

            world.release(waiting.join());
            world.verify(10, 100);
        }

        // aio-websocket-pool 0.1.0: warms up one after the other and stops at the first error
        @Test
        void aWarmUpConnectsSideBySideAndGoesOnAfterAFailure() {
            var world = PoolWorld.with(knobs -> knobs.maxConnectsPerEndpoint(4));
            world.script(Operation.CREATE, Behaviour.succeed(), Behaviour.fail(new IOException("refused")));
            world.holdConnects(true);

            CompletableFuture<Integer> opened = world.pool.warmUp("a", 6);

            assertThat(world.connects.pending()).isEqualTo(4);
            world.holdConnects(false);
            assertThat(opened).isCompletedWithValue(5);
            assertThat(world.stats("a").idle()).isEqualTo(5);
            world.verify(10, 100);
        }
    }

    @Nested
    class OfJetSocket {
        // JetSocket: only leased connections count against max_connections
        @Test
        void idleConnectionsCountAgainstTheLimit() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(2).totalMaxSize(3));

            world.fill("a", 2);
            world.fill("b", 2);

            assertThat(world.pool.stats().idle()).isEqualTo(3);
            assertThat(world.server.maxOpen()).isEqualTo(3);
            world.verify(2, 3);
        }

        // JetSocket: the number of connections only grows
        @Test
        void theNumberOfConnectionsGoesDown() {
            var world = PoolWorld.with(knobs -> knobs.idleTimeout(Duration.ofSeconds(10)));
            world.fill("a", 5);
            assertThat(world.stats("a").total()).isEqualTo(5);

            world.advance(Duration.ofSeconds(11));

            assertThat(world.pool.stats().total()).isZero();
            world.verify(10, 100);
        }

        // JetSocket: the permit of a cancelled acquire is gone
        @Test
        void aCancelledAcquireLeaksNoPermit() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1).totalMaxSize(1));
            world.holdConnects(true);
            for (int i = 0; i < 50; i++) {
                var cancelled = world.ask("a");
                cancelled.cancel(true);
            }
            world.holdConnects(false);

            world.release(world.lease("b"));

            assertThat(world.pool.stats().cancelled()).isEqualTo(50);
            world.verify(1, 1);
        }

        // JetSocket: acquire_timeout ends when the connect begins
        @Test
        void theAcquireTimeoutCoversTheConnect() {
            var world = PoolWorld.with(knobs -> {});
            world.holdConnects(true);
            var waiting = world.ask("a", Duration.ofSeconds(2));
            assertThat(world.stats("a").connecting()).isOne();

            world.advance(Duration.ofSeconds(2));

            assertThat(waiting).isCompletedExceptionally();
            assertThatThrownBy(waiting::join).hasCauseInstanceOf(AcquireTimeoutException.class);
            world.verify(10, 100);
        }

        // JetSocket: leases a socket that is in the middle of a reconnect
        @Test
        void aConnectionThatLostItsServerIsNotLeased() {
            var world = PoolWorld.with(knobs -> {});
            var lost = world.fill("a", 1).get(0);
            lost.breakFromServer(new IOException("reset by peer"));

            assertThat(world.pool.tryConnection("a")).isEmpty();
            var lease = world.lease("a");

            assertThat(lease.connection()).isNotSameAs(lost);
            world.release(lease);
            world.verify(10, 100);
        }

        // JetSocket: what one holder left unread is read by the next
        @Test
        void aConnectionThatCannotBeDrainedReachesNoOtherHolder() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            world.script(Operation.RESET, Behaviour.fail(new IOException("leftovers")));
            var first = world.lease("a");
            var soiled = first.connection();
            world.release(first);

            var next = world.lease("a");

            assertThat(next.connection()).isNotSameAs(soiled);
            assertThat(world.server.disposed(DisposeReason.HOOK_FAILED)).isOne();
            world.release(next);
            world.verify(1, 100);
        }

        // JetSocket: nothing happens in the background outside of `async with`
        @Test
        void theCollectorWorksFromTheBuildOn() {
            var world = PoolWorld.with(
                    knobs -> knobs.keepaliveInterval(Duration.ofSeconds(5)).idleTimeout(Duration.ofMinutes(5)));
            world.fill("a", 1);

            world.advance(Duration.ofSeconds(20));

            assertThat(world.manager.calls(Operation.CHECK)).isBetween(3L, 5L);
            world.verify(10, 100);
        }
    }

    @Nested
    class OfCommonsPool2 {
        // GenericKeyedObjectPool 2.13.1: 25,276 connects in 28,885 borrows
        @Test
        void manyThreadsOnOneEndpointShareItsConnections() throws Exception {
            ScriptedManager<String> manager = ScriptedManager.plain();
            var pool =
                    ConnectionPools.builder(manager).maxSize(8).totalMaxSize(8).build();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 32; i++) {
                var thread = new Thread(() -> {
                    for (int n = 0; n < 300; n++) {
                        pool.connection("a", Duration.ofSeconds(30)).release();
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(pool.stats().granted()).isEqualTo(32 * 300);
            assertThat(manager.server().createsStarted()).isBetween(1L, 8L);
            assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
            manager.server().assertAllClosed();
        }

        // GenericKeyedObjectPool 2.13.1: 1.27 s at the median
        @Test
        void aColdEndpointBesideAHotOneIsServedWithinTheOvertakeWindow() {
            var window = Duration.ofMillis(10);
            var world = PoolWorld.with(knobs -> knobs.maxSize(8).totalMaxSize(8).overtakeWindow(window));
            var hot = new ArrayList<CompletableFuture<Lease<String, FakeConnection<String>>>>();
            for (int i = 0; i < 16; i++) {
                hot.add(world.ask("hot"));
            }
            for (int round = 0; round < 20; round++) {
                var cold = world.ask("cold", Duration.ofSeconds(5));
                long asked = world.clock.nanoTime();
                while (!cold.isDone()) {
                    world.advance(Duration.ofMillis(1));
                    turnOver(world, hot);
                }
                assertThat(world.clock.nanoTime() - asked).isLessThanOrEqualTo(window.toNanos() + 2_000_000);
                world.release(cold.join());
                turnOver(world, hot);
            }

            assertThat(world.server.createsStarted()).as("connects").isLessThanOrEqualTo(8 + 2 * 20);
            hot.forEach(future -> future.thenAccept(Lease::release));
            world.settle();
            hot.forEach(future -> future.thenAccept(Lease::release));
            world.verify(8, 8);
        }

        private void turnOver(PoolWorld world, List<CompletableFuture<Lease<String, FakeConnection<String>>>> hot) {
            for (int i = 0; i < hot.size(); i++) {
                if (hot.get(i).isDone()) {
                    world.release(hot.get(i).join());
                    hot.set(i, world.ask("hot"));
                }
            }
        }

        // GenericKeyedObjectPool 2.13.1: after 2,005 ms
        @Test
        void anAcquireOf100MillisecondsIsOverThenThoughTheConnectTakesTwoSeconds() throws Exception {
            ScriptedManager<String> manager = ScriptedManager.plain();
            var slow = new Gate();
            manager.script(Operation.CREATE).always(Behaviour.hang(slow));
            var pool = ConnectionPools.builder(manager)
                    .connectTimeout(PoolConfig.NO_LIMIT)
                    .build();
            long before = System.nanoTime();

            // It returns at all only if it does not wait for the connect, which ends afterwards.
            assertThatThrownBy(() -> pool.connection("a", Duration.ofMillis(100)))
                    .isInstanceOf(AcquireTimeoutException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
            slow.open();
            pool.connection("a", Duration.ofSeconds(10)).release(); // the late connection has joined the pool
            assertThat(manager.server().createsStarted()).isOne();
            assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        }

        // the same to the nanosecond
        @Test
        void anAcquireIsOverAtItsDeadlineOfTheVirtualClock() {
            var world = PoolWorld.with(knobs -> {});
            world.holdConnects(true);
            long before = world.clock.nanoTime();

            assertThatThrownBy(() -> world.pool.connection("a", Duration.ofMillis(100)))
                    .isInstanceOf(AcquireTimeoutException.class);

            assertThat(world.clock.nanoTime() - before).isEqualTo(100_000_000);
            world.verify(10, 100);
        }

        /** Shows I10. */
        // GenericKeyedObjectPool 2.13.1: 1,008 connect attempts in 3 s
        @Test
        void manyCallersOfADeadEndpointMakeAtMostOneConnectEach() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(10).maxConnectsPerEndpoint(4));
            world.manager.script(Operation.CREATE).always(Behaviour.fail(() -> new IOException("refused")));
            world.holdConnects(true);
            List<CompletableFuture<?>> callers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                callers.add(world.ask("dead", Duration.ofSeconds(3)));
            }

            int failed = 0;
            while (world.connects.pending() > 0) {
                assertThat(world.connects.pending()).as("connects in flight").isLessThanOrEqualTo(4);
                world.connects.runNext();
                world.completions.runAll();
                failed++;
                assertThat(callers.stream().filter(CompletableFuture::isDone).count())
                        .isEqualTo(failed);
            }

            assertThat(failed).isEqualTo(64);
            assertThat(world.server.createsStarted()).isEqualTo(64);
            callers.forEach(caller -> assertThatThrownBy(caller::join)
                    .hasCauseInstanceOf(ConnectionCreateException.class)
                    .hasRootCauseInstanceOf(IOException.class));
            world.verify(10, 100);
        }
    }

    @Nested
    class OfOthers {
        // netty PR#17288, vert.x #6169, r2dbc-pool #140, lettuce #3609
        @Test
        void aCancelledAsyncAcquireStrandsNoConnectionWheneverItIsCancelled() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            world.holdConnects(true);
            world.ask("a").cancel(true); // while it connects
            world.holdConnects(false);
            var lease = world.lease("a");
            var queued = world.ask("a");
            queued.cancel(true); // while it waits
            var granted = world.ask("a");
            world.holdCompletions(true);
            lease.release();
            granted.cancel(true); // between the grant and its completion
            world.holdCompletions(false);

            var last = world.lease("a");

            assertThat(world.server.created()).isOne();
            assertThat(world.stats("a").cancelled()).isEqualTo(3);
            world.release(last);
            world.verify(1, 100);
        }

        // HikariCP #1836
        @Test
        void anEvictionReachesAConnectInFlight() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            world.holdConnects(true);
            var waiting = world.ask("a");

            world.pool.evict("a");
            world.server.newGeneration();
            world.holdConnects(false);

            assertThat(waiting.join().connection().generation())
                    .as("made with the credentials of after the eviction")
                    .isEqualTo(world.server.generation());
            world.release(waiting.join());
            world.verify(2, 100);
        }

        // Commons POOL-303, 356
        @Test
        void aWaiterIsServedWhenTheConnectOfAnotherFails() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1));
            world.script(Operation.CREATE, Behaviour.fail(new ExceptionInInitializerError("an Error")));
            world.holdConnects(true);
            var first = world.ask("a");
            var second = world.ask("a");

            world.holdConnects(false);

            assertThatThrownBy(first::join).hasCauseInstanceOf(ConnectionCreateException.class);
            world.release(second.join());
            world.verify(1, 100);
        }

        // Commons POOL-424
        @Test
        void aWaiterIsServedWhenTheConnectionOfAnotherFailsItsCheck() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1).alivenessBypass(Duration.ZERO));
            world.fill("a", 1);
            world.script(Operation.CHECK, Behaviour.fail(new IllegalStateException("cannot check")));
            world.holdConnects(true);
            var first = world.ask("a");
            var second = world.ask("a");

            world.holdConnects(false);

            world.release(first.join());
            world.release(second.join());
            assertThat(world.server.disposed(DisposeReason.DEAD)).isOne();
            world.verify(1, 100);
        }

        // Commons POOL-356, reactor-pool #40
        @Test
        void aWaiterIsServedWhenTheConnectionOfAnotherIsInvalidatedAndItsDisposalFails() {
            var world = PoolWorld.with(knobs -> knobs.maxSize(1).totalMaxSize(1));
            world.script(Operation.DISPOSE, Behaviour.fail(new LinkageError("no such method")));
            var lease = world.lease("a");
            var here = world.ask("a");
            var elsewhere = world.ask("b");

            lease.invalidate();
            world.settle();

            assertThat(here.isDone() || elsewhere.isDone()).isTrue();
            (here.isDone() ? here : elsewhere).join().release();
            world.settle();
            world.advance(Duration.ofMillis(50));
            assertThat(here.isDone() && elsewhere.isDone()).isTrue();
            world.verify(1, 1);
        }

        // reactor-netty #1556, jetty #2860
        @Test
        void theMapOfEndpointsShrinks() {
            var world = PoolWorld.with(knobs -> knobs.idleTimeout(Duration.ofSeconds(10)));
            for (int i = 0; i < 300; i++) {
                world.fill("endpoint " + i, 1);
            }
            assertThat(world.pool.endpoints()).hasSize(100);

            world.advance(Duration.ofSeconds(11));

            assertThat(world.pool.endpoints()).isEmpty();
            assertThat(world.pool.stats().created()).isEqualTo(300);
            world.verify(10, 100);
        }

        // HikariCP #480
        @Test
        void connectionsMadeInTheSameSecondDoNotAllExpireInTheSameSecond() {
            var lifetime = Duration.ofMinutes(10);
            var world = PoolWorld.with(knobs -> knobs.maxSize(50)
                    .maxLifetime(lifetime)
                    .maxLifetimeJitter(0.2)
                    .idleTimeout(Duration.ofHours(1))
                    .keepaliveInterval(Duration.ofHours(1)));
            world.fill("a", 50);
            var seconds = new HashSet<Long>();
            long most = 0;

            world.advance(lifetime.multipliedBy(8).dividedBy(10).minusSeconds(2));
            assertThat(world.stats("a").idle()).isEqualTo(50);
            for (long second = 0; second < 122; second++) {
                long before = world.server.disposed();
                world.advance(Duration.ofSeconds(1));
                long expired = world.server.disposed() - before;
                most = Math.max(most, expired);
                if (expired > 0) {
                    seconds.add(second);
                }
            }

            assertThat(world.server.open())
                    .as("all have expired by their full lifetime")
                    .isZero();
            assertThat(seconds).hasSizeGreaterThan(15);
            assertThat(most).isLessThanOrEqualTo(10);
            world.verify(50, 100);
        }
    }
}
