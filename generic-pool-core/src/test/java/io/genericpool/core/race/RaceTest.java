package io.genericpool.core.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.CloseReport;
import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two things at the same moment, thousands of times: whichever wins, nothing is lost. Each race ends after a number of
 * rounds or a second, since it runs on real threads.
 */
@SuppressWarnings({"ThreadPriorityCheck", "FutureReturnValueIgnored"
}) // yields while it waits; futures are seen at the pool
class RaceTest {
    private static final int ROUNDS = 10_000;
    /** As many on the slowest machine. */
    private static final int FEWEST_ROUNDS = 20;

    private static final Duration LONG = Duration.ofSeconds(10);

    private final Duel duel = new Duel();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ScriptedManager<String> manager = ScriptedManager.plain();
    private ConnectionPool<String, FakeConnection<String>> pool;
    private int rounds;

    private void open(Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        var builder = ConnectionPools.builder(manager)
                .connectExecutor(threads)
                .completionExecutor(threads)
                .connectGovernor(ConnectGovernor.unlimited())
                .idleTimeout(Duration.ofHours(1));
        knobs.accept(builder);
        pool = builder.build();
    }

    @AfterEach
    void nothingIsLeft() {
        duel.close();
        if (pool != null) {
            awaitThat(() -> pool.stats().total() == pool.stats().idle());
            PoolWorld.assertBooks(pool.stats());
            assertThat(pool.stats().waiters()).isZero();
            assertThat(pool.close(LONG).isClean()).isTrue();
        }
        threads.shutdown();
        manager.assertNoViolations();
        manager.server().assertAllClosed();
    }

    private void repeat(Runnable round) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(900);
        while (rounds < FEWEST_ROUNDS || (rounds < ROUNDS && System.nanoTime() - end < 0)) {
            round.run();
            rounds++;
        }
    }

    private static void awaitThat(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("waited in vain").isLessThan(LONG.toNanos());
            Thread.yield();
        }
    }

    /** Shows I12. */
    @Test
    void aGrantAndACancellation() {
        open(knobs -> knobs.maxSize(1));
        var held = new AtomicReference<>(pool.connection("a"));
        repeat(() -> {
            var request = pool.connectionAsync("a");
            duel.fight(() -> held.get().release(), () -> request.cancel(true));
            request.thenAccept(Lease::release);
            held.set(pool.connection("a", LONG));
        });
        held.get().release();
        assertThat(manager.server().createsStarted()).isOne();
    }

    @Test
    void aGrantAndACancellationOfADependent() {
        open(knobs -> knobs.maxSize(1));
        var held = new AtomicReference<>(pool.connection("a"));
        repeat(() -> {
            var dependent = pool.connectionAsync("a").thenAccept(Lease::release);
            duel.fight(() -> held.get().release(), () -> dependent.cancel(true));
            held.set(pool.connection("a", LONG));
        });
        held.get().release();
    }

    @Test
    void aGrantAndADeadline() {
        open(knobs -> knobs.maxSize(1));
        var held = new AtomicReference<>(pool.connection("a"));
        var late = new AtomicInteger();
        var random = new SplittableRandom(1);
        repeat(() -> {
            var timeout = Duration.ofNanos(1 + random.nextInt(60_000));
            duel.fight(() -> held.get().release(), () -> {
                try {
                    pool.connection("a", timeout).release();
                } catch (AcquireTimeoutException e) {
                    late.incrementAndGet();
                }
            });
            held.set(pool.connection("a", LONG));
        });
        held.get().release();
        assertThat(pool.stats().timedOut()).isEqualTo(late.get());
        assertThat(manager.server().createsStarted()).isOne();
    }

    @Test
    void aGrantAndAnInterrupt() throws Exception {
        open(knobs -> knobs.maxSize(1));
        var held = new AtomicReference<>(pool.connection("a"));
        var interrupted = new AtomicInteger();
        var isOver = new AtomicInteger();
        var waiting = new Thread(() -> {
            while (isOver.get() == 0) {
                try {
                    pool.connection("a", LONG).release();
                } catch (AcquireInterruptedException e) {
                    interrupted.incrementAndGet();
                }
                Thread.interrupted();
            }
        });
        waiting.start();
        repeat(() -> {
            duel.fight(() -> held.get().release(), waiting::interrupt);
            held.set(pool.connection("a", LONG));
        });
        isOver.set(1);
        held.get().release();
        waiting.interrupt();
        waiting.join(LONG.toMillis());
        assertThat(waiting.isAlive()).isFalse();
        assertThat(pool.stats().cancelled()).isEqualTo(interrupted.get());
        assertThat(manager.server().createsStarted()).isOne();
    }

    /** Shows I1 and I2. */
    @Test
    void twoReleasesOfOneLease() {
        releaseTwice();
    }

    private void releaseTwice() {
        open(knobs -> knobs.maxSize(1));
        repeat(() -> {
            var lease = pool.connection("a", LONG);
            duel.fight(lease::release, lease::release);
        });
        assertThat(pool.stats().staleReleases()).isEqualTo(rounds);
        assertThat(pool.stats().granted()).isEqualTo(rounds);
        assertThat(manager.server().createsStarted()).isOne();
    }

    @Test
    void twoReleasesOfOneLeaseWithHooks() {
        manager = ScriptedManager.full();
        releaseTwice();
        assertThat(manager.calls(Operation.ON_RELEASE)).isEqualTo(rounds);
    }

    @Test
    void aReleaseAndAnInvalidation() {
        open(knobs -> knobs.maxSize(1));
        repeat(() -> {
            var lease = pool.connection("a", LONG);
            duel.fight(lease::release, lease::invalidate);
        });
        var stats = pool.stats();
        assertThat(stats.staleReleases()).isEqualTo(rounds);
        assertThat(stats.created() - 1).isBetween(0L, (long) rounds);
    }

    /** Acquires while what is held is released; holds what that gives. */
    private void takeOver(AtomicReference<Lease<String, FakeConnection<String>>> held, String endpoint) {
        var next = new AtomicReference<Lease<String, FakeConnection<String>>>();
        duel.fight(() -> next.set(pool.connection(endpoint, Duration.ofSeconds(2))), () -> held.get()
                .release());
        held.set(next.get());
    }

    /** Shows I6. */
    @Test
    void anAcquireThatQueuesAndTheReleaseThatServesIt() {
        open(knobs -> knobs.maxSize(1).idleTimeout(Duration.ofHours(1)));
        var held = new AtomicReference<>(pool.connection("a"));
        repeat(() -> {
            takeOver(held, "a");
        });
        held.get().release();
        assertThat(manager.server().createsStarted()).isOne();
    }

    /** Shows I7. */
    @Test
    void anAcquireThatStarvesAndAReleaseElsewhere() {
        open(knobs -> knobs.maxSize(1).totalMaxSize(1));
        var held = new AtomicReference<>(pool.connection("a"));
        repeat(() -> {
            String other = held.get().endpoint().equals("a") ? "b" : "a";
            takeOver(held, other);
        });
        held.get().release();
        manager.server().assertWithin(1, 1);
    }

    /** Shows I7 for the bit OVER_SIZE. */
    @Test
    void aLoweredLimitAndARelease() {
        open(knobs -> knobs.maxSize(2));
        repeat(() -> {
            pool.resize("a", EndpointLimits.of(0, 2));
            var first = pool.connection("a", LONG);
            var second = pool.connection("a", LONG);
            duel.fight(
                    () -> {
                        first.release();
                        second.release();
                    },
                    () -> pool.resize("a", EndpointLimits.of(0, 1)));
            awaitThat(() -> pool.stats().total() == 1);
        });
        assertThat(manager.server().disposed(DisposeReason.RESIZED)).isEqualTo(rounds);
    }

    /** Shows I5. */
    @Test
    void aDeathAndARelease() {
        manager = ScriptedManager.full();
        open(knobs -> knobs.maxSize(1));
        repeat(() -> {
            var lease = pool.connection("a", LONG);
            var connection = lease.connection();
            duel.fight(lease::release, connection::breakFromServer);
            var next = pool.connection("a", LONG);
            assertThat(next.connection()).isNotSameAs(connection);
            next.release();
        });
    }

    /** Shows I47. */
    @Test
    void anEvictionAndAnAcquireOfTheEndpointThatLeaves() {
        open(knobs -> knobs.maxSize(1));
        repeat(() -> {
            pool.connection("a", LONG).release();
            duel.fight(() -> pool.connection("a", LONG).release(), () -> pool.evict("a"));
        });
        assertThat(pool.stats().endpoints()).isLessThanOrEqualTo(1);
    }

    @Test
    void anEvictionAndTheArrivalOfAConnect() {
        var connects = new ManualExecutor();
        open(knobs -> knobs.maxSize(1).connectExecutor(connects));
        repeat(() -> {
            var request = pool.connectionAsync("a");
            duel.fight(connects::runNext, () -> {
                manager.server().newGeneration();
                pool.evict("a");
            });
            awaitThat(() -> {
                connects.runAll();
                return request.isDone();
            });
            request.join().release();
            connects.runAll();
            pool.tryConnection("a").ifPresent(lease -> {
                assertThat(lease.connection().generation())
                        .isEqualTo(manager.server().generation());
                lease.release();
            });
            pool.evict("a");
            connects.runAll();
        });
        threads.execute(() -> {
            while (!threads.isShutdown()) {
                connects.runAll();
                Thread.yield();
            }
        });
    }

    /** Signals its death and can be checked, and has no other hook, so that acquires and releases take the fast path. */
    private static final class Suspects implements ConnectionManager<String, Suspects.Connection> {
        static final class Connection {
            volatile ConnectionSignals signals;
            volatile boolean isChecked;
        }

        @Override
        public Connection create(String endpoint, Duration timeout) {
            return new Connection();
        }

        @Override
        public void bind(String endpoint, Connection connection, ConnectionSignals signals) {
            connection.signals = signals;
        }

        @Override
        public boolean checkAliveness(String endpoint, Connection connection, Duration timeout) {
            connection.isChecked = true;
            return true;
        }

        @Override
        public void dispose(String endpoint, Connection connection, Duration timeout) {}
    }

    /** Shows I18. */
    @Test
    void aDeathByErrorAndTheUseOfAnOlderConnection() {
        var cause = new IOException("reset");
        try (var other = ConnectionPools.builder(new Suspects())
                .maxSize(2)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .connectExecutor(threads)
                .build()) {
            repeat(() -> {
                var dying = other.connection("a");
                var older = other.connection("a");
                var olderConnection = older.connection();
                older.release();
                duel.fight(() -> dying.connection().signals.dead(cause), () -> other.tryConnection("a")
                        .ifPresent(Lease::release));
                try (var next = other.connection("a", LONG)) {
                    assertThat(next.connection()).isSameAs(olderConnection);
                    assertThat(olderConnection.isChecked)
                            .as("checked before its next use")
                            .isTrue();
                }
                dying.release();
                other.evict("a");
                awaitThat(() -> other.stats().total() == 0);
            });
        }
    }

    /** Shows I11 and I20. */
    @Test
    void theFailuresOfTwoConnectsAndARequest() {
        var circuit =
                CircuitGovernor.builder().initialBackoff(Duration.ofMillis(1)).maxBackoff(Duration.ofMillis(1));
        open(knobs -> knobs.maxSize(2).connectGovernor(circuit.failFastAfter(2).build()));
        var refused = new IOException("refused");
        repeat(() -> {
            manager.script(Operation.CREATE).reset().next(Behaviour.fail(refused), Behaviour.fail(refused));
            var first = pool.connectionAsync("a", LONG);
            var others = new AtomicReference<CompletableFuture<?>>();
            duel.fight(
                    () -> others.set(pool.connectionAsync("a", LONG).thenAccept(Lease::release)),
                    () -> pool.connectionAsync("a", LONG).thenAccept(Lease::release));
            // Whatever fails, nobody is left waiting, and the endpoint is had again.
            awaitThat(() ->
                    first.isDone() && others.get().isDone() && pool.stats().waiters() == 0);
            first.thenAccept(Lease::release);
            awaitThat(RaceTest.this::canBeHad);
            pool.evict("a");
        });
    }

    private boolean canBeHad() {
        try {
            pool.connection("a", LONG).release();
            return true;
        } catch (PoolException e) {
            return false;
        }
    }

    private ConnectionPoolBuilder<String, FakeConnection<String>> toBeClosed() {
        return ConnectionPools.builder(manager).backgroundCollector(false).connectExecutor(threads);
    }

    /** Shows I48. */
    @Test
    void aCloseAndARelease() {
        repeat(() -> {
            var closing = toBeClosed().build();
            var lease = closing.connection("a");
            var report = new AtomicReference<CloseReport>();
            duel.fight(() -> report.set(closing.close(LONG)), lease::release);
            assertThat(report.get().isClean()).isTrue();
            assertThat(closing.stats().total()).isZero();
            assertThat(closing.stats().staleReleases()).isZero();
        });
    }

    @Test
    void aCloseAtOnceAndARelease() {
        repeat(() -> {
            var closing = toBeClosed().build();
            var lease = closing.connection("a");
            var report = new AtomicReference<CloseReport>();
            duel.fight(() -> report.set(closing.close(Duration.ZERO)), lease::release);
            awaitThat(() -> closing.stats().total() == 0);
            assertThat(closing.stats().staleReleases()).isEqualTo(report.get().revoked());
        });
    }

    @Test
    void aCloseAndTheFirstAcquireOfAnEndpoint() {
        repeat(() -> {
            var closing = toBeClosed().completionExecutor(Runnable::run).build();
            var requests = new AtomicReference<CompletableFuture<?>>();
            duel.fight(
                    () -> closing.close(LONG),
                    () -> requests.set(closing.connectionAsync("a").thenAccept(Lease::release)));
            awaitThat(() -> requests.get().isDone());
            awaitThat(() -> closing.stats().total() == 0);
            assertThat(closing.stats().waiters()).isZero();
        });
    }
}
