package io.genericpool.core.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.CloseReport;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A grant meets what ends its request, or a second release, at the same moment, as often as {@code -Dcollisions} says
 * for all kinds together. One connection is all the pool may have, so a slot that is lost is missed in the very next
 * round. Each kind says how often which side won: {@link Lead} brings the two together. Shows I12.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
@SuppressWarnings("ThreadPriorityCheck") // yields while it waits
class CollisionTest {
    private static final int KINDS = 8;
    private static final int ROUNDS = (Integer.getInteger("collisions", 10_000) + KINDS - 1) / KINDS;
    private static final long SEED = Long.getLong("collisions.seed", System.nanoTime());
    private static final Duration LONG = Duration.ofSeconds(20);
    /** Long enough for the other side to reach its release first, if it is to. */
    private static final Duration SHORT = Duration.ofNanos(100_000);

    private final Duel duel = new Duel();
    private final Lead lead = new Lead(SEED);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final OneConnection manager = new OneConnection();
    private ConnectionPool<String, Object> pool = open(manager);
    private final AtomicReference<Lease<String, Object>> held = new AtomicReference<>();

    /** Counts what it has open. */
    private static class OneConnection implements ConnectionManager<String, Object> {
        final AtomicInteger created = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();

        @Override
        public Object create(String endpoint, Duration timeout) {
            created.incrementAndGet();
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            open.decrementAndGet();
        }
    }

    private ConnectionPool<String, Object> open(ConnectionManager<String, Object> of) {
        return ConnectionPools.builder(of)
                .maxSize(1)
                .totalMaxSize(1)
                .idleTimeout(Duration.ofHours(1))
                .backgroundCollector(false)
                .connectExecutor(threads)
                .completionExecutor(threads)
                .build();
    }

    @AfterEach
    void nothingIsLost() {
        duel.close();
        awaitThat(() -> pool.stats().total() == pool.stats().idle());
        PoolWorld.assertBooks(pool.stats());
        assertThat(pool.stats().waiters()).isZero();
        assertThat(pool.close(LONG).isClean()).isTrue();
        threads.shutdown();
        assertThat(manager.open).hasValue(0);
    }

    private void repeat(String kind, String here, String there, Runnable round) {
        double seconds = repeat(kind, () -> lead.hereWon() > 0 && lead.thereWon() > 0, round);
        System.out.printf(
                "reliability D: %s: %,d collisions: %s %,d, %s %,d, %.1f s%n",
                kind, lead.hereWon() + lead.thereWon(), here, lead.hereWon(), there, lead.thereWon(), seconds);
        assertThat(lead.hereWon()).as("the grant, or one side, came first").isPositive();
        assertThat(lead.thereWon()).as("the other side came first").isPositive();
    }

    /**
     * Plays the rounds that were asked for, and on a machine where one side had no luck in any of them, more.
     *
     * @return how many seconds it took
     */
    private static double repeat(String kind, BooleanSupplier isEnough, Runnable round) {
        System.out.printf("reliability D: %s, seed %d (replay: -Dcollisions.seed=%d)%n", kind, SEED, SEED);
        long start = System.nanoTime();
        for (int i = 0; i < ROUNDS || (i < 20 * ROUNDS && !isEnough.getAsBoolean()); i++) {
            round.run();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void awaitThat(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .as("waited in vain, seed %d", SEED)
                    .isLessThan(LONG.toNanos());
            Thread.yield();
        }
    }

    private void lease() {
        held.set(pool.connection("a", LONG));
    }

    private void release() {
        held.get().release();
    }

    private static void endOf(CompletableFuture<Lease<String, Object>> request) {
        awaitThat(request::isDone);
        if (!request.isCompletedExceptionally()) {
            request.join().release();
        }
    }

    @Test
    void aGrantAndACancellation() {
        lease();
        repeat("grant and cancel", "granted", "cancelled", () -> {
            var request = pool.connectionAsync("a");
            duel.fight(lead, this::release, () -> request.cancel(true));
            lead.wonBy(!request.isCancelled());
            endOf(request);
            lease();
        });
        release();
        assertThat(pool.stats().cancelled()).isEqualTo(lead.thereWon());
        assertThat(manager.created).hasValue(1);
    }

    @Test
    void aGrantAndTheCancellationOfAStageThatDependsOnIt() {
        lease();
        repeat("grant and cancel of a dependent", "granted", "cancelled", () -> {
            var dependent = pool.connectionAsync("a").thenAccept(Lease::release);
            duel.fight(lead, this::release, () -> dependent.cancel(true));
            awaitThat(dependent::isDone);
            lead.wonBy(!dependent.isCancelled());
            lease();
        });
        release();
    }

    @Test
    void aGrantAndTheDeadlineOfAFuture() {
        lease();
        repeat("grant and timeout of a future", "granted", "timed out", () -> {
            var request = new AtomicReference<CompletableFuture<Lease<String, Object>>>();
            duel.fight(lead, this::releaseSoon, () -> request.set(pool.connectionAsync("a", SHORT)));
            awaitThat(() -> request.get().isDone());
            lead.wonBy(!request.get().isCompletedExceptionally());
            endOf(request.get());
            lease();
        });
        release();
        assertThat(pool.stats().timedOut()).isEqualTo(lead.thereWon());
        assertThat(manager.created).hasValue(1);
    }

    @Test
    void aGrantAndTheDeadlineOfAThread() {
        lease();
        repeat("grant and timeout of a thread", "granted", "timed out", () -> {
            var isLate = new AtomicInteger();
            duel.fight(lead, this::releaseSoon, () -> {
                try {
                    pool.connection("a", SHORT).release();
                } catch (AcquireTimeoutException e) {
                    isLate.set(1);
                }
            });
            lead.wonBy(isLate.get() == 0);
            lease();
        });
        release();
        assertThat(pool.stats().timedOut()).isEqualTo(lead.thereWon());
        assertThat(manager.created).hasValue(1);
    }

    /** At about the deadline of a request that begins now. */
    private void releaseSoon() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < SHORT.toNanos()) {
            Thread.onSpinWait();
        }
        release();
    }

    @Test
    void aGrantAndAnInterrupt() {
        lease();
        repeat("grant and interrupt", "granted", "interrupted", () -> {
            var waiting = new AtomicReference<Thread>();
            var wasInterrupted = CompletableFuture.supplyAsync(
                    () -> {
                        waiting.set(Thread.currentThread());
                        return isInterrupted();
                    },
                    threads);
            awaitThat(() -> pool.stats().waiters() == 1);
            duel.fight(lead, this::release, () -> waiting.get().interrupt());
            lead.wonBy(!wasInterrupted.join());
            lease();
        });
        release();
        assertThat(pool.stats().cancelled()).isEqualTo(lead.thereWon());
        assertThat(manager.created).hasValue(1);
    }

    private boolean isInterrupted() {
        try {
            pool.connection("a", LONG).release();
            return false;
        } catch (AcquireInterruptedException e) {
            return true;
        } finally {
            Thread.interrupted(); // the thread serves others after this
        }
    }

    /** Shows I48. */
    @Test
    void aGrantAndAClose() {
        pool.close();
        repeat("grant and close", "granted", "closed", () -> {
            pool = open(manager);
            var lease = pool.connection("a", LONG);
            var request = pool.connectionAsync("a", LONG);
            var released = request.thenAccept(Lease::release);
            var report = new AtomicReference<CloseReport>();
            duel.fight(lead, lease::release, () -> report.set(pool.close(LONG)));
            awaitThat(released::isDone);
            boolean isClosed = false;
            try {
                request.join();
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(PoolClosedException.class);
                isClosed = true;
            }
            lead.wonBy(!isClosed);
            assertThat(report.get().isClean()).isTrue();
            assertThat(report.get().failedWaiters()).isEqualTo(isClosed ? 1 : 0);
            assertThat(pool.stats().total()).isZero();
            assertThat(manager.open).hasValue(0);
        });
    }

    /** Shows I2. */
    @Test
    void twoReleasesOfOneLeaseForWhichAnotherWaits() {
        double seconds = repeat("double release", () -> true, () -> {
            var lease = pool.connection("a", LONG);
            var request = pool.connectionAsync("a");
            duel.fight(lease::release, lease::release);
            awaitThat(request::isDone);
            assertThat(pool.tryConnection("a"))
                    .as("beside a lease, seed %d", SEED)
                    .isEmpty();
            request.join().release();
        });
        System.out.printf("reliability D: double release: %,d collisions, %.1f s%n", ROUNDS, seconds);
        assertThat(pool.stats().staleReleases()).isEqualTo(ROUNDS);
        assertThat(pool.stats().granted()).isEqualTo(2L * ROUNDS);
        assertThat(manager.created).hasValue(1);
    }

    @Test
    void twoReleasesOfOneLeaseWithAHook() {
        var winner = new AtomicReference<Thread>();
        var hooked = new OneConnection() {
            @Override
            public void onRelease(String endpoint, Object connection) {
                winner.set(Thread.currentThread());
            }
        };
        pool.close();
        pool = open(hooked);
        repeat("double release with a hook", "one", "the other", () -> {
            var lease = pool.connection("a", LONG);
            var request = pool.connectionAsync("a");
            duel.fight(lead, lease::release, lease::release);
            lead.wonBy(winner.getAndSet(null) == Thread.currentThread());
            awaitThat(request::isDone);
            assertThat(pool.tryConnection("a"))
                    .as("beside a lease, seed %d", SEED)
                    .isEmpty();
            request.join().release();
            winner.set(null);
        });
        assertThat(pool.stats().staleReleases()).isEqualTo(ROUNDS);
        assertThat(pool.stats().granted()).isEqualTo(2L * ROUNDS);
        assertThat(hooked.created).hasValue(1);
        assertThat(pool.close(LONG).isClean()).isTrue();
        assertThat(hooked.open).hasValue(0);
    }
}
