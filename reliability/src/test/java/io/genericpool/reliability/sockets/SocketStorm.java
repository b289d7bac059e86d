package io.genericpool.reliability.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.PoolStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that lease connections through a {@link FaultyProxy}, say something that nobody else says, and expect to hear
 * exactly that; whatever fails is given up. It lasts until the proxy has seen a number of connects; now and then nobody
 * listens there for a moment. Afterwards nothing may have been heard by the wrong one, no acquire may have outlasted its
 * deadline, and the books must be right.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
final class SocketStorm<E, C> {
    /** Connects of each storm. */
    static final int CONNECTS = Integer.getInteger("connects", 500);

    /** Connects of a storm that only makes libraries start what they keep. */
    static final int WARM_UP = 300;

    static final long SEED = Long.getLong("connects.seed", System.nanoTime());

    private static final int THREADS = 16;
    private static final Duration ACQUIRE = Duration.ofSeconds(1);
    /** How long an answer may take: short, as whoever meets a fault waits this long. */
    static final Duration ANSWER = Duration.ofMillis(250);
    /** What a busy machine may add; an acquire that misses its deadline altogether would add far more. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private static final long DOWN_EVERY = 300;

    /** One question and its answer. */
    interface Exchange<C> {
        /** Sends a text and waits for the answer. */
        String ask(C connection, String text, Duration timeout) throws Exception;
    }

    private final String kind;
    private final ConnectionPool<E, C> pool;
    private final E endpoint;
    private final FaultyProxy proxy;
    private final Exchange<C> exchange;
    private final int connects;

    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private final ConcurrentMap<String, AtomicLong> failures = new ConcurrentHashMap<>();
    private final AtomicReference<String> violation = new AtomicReference<>();

    /**
     * Makes a storm.
     *
     * @param kind what is stormed, for the report
     * @param connects after how many connects it ends
     */
    SocketStorm(
            String kind, int connects, ConnectionPool<E, C> pool, E endpoint, FaultyProxy proxy, Exchange<C> exchange) {
        this.kind = kind;
        this.pool = pool;
        this.endpoint = endpoint;
        this.proxy = proxy;
        this.exchange = exchange;
        this.connects = connects;
    }

    void run() throws Exception {
        System.out.printf("reliability E: %s, seed %d (replay: -Dconnects.seed=%d)%n", kind, SEED, SEED);
        long start = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            var thread = new Thread(() -> work(number), "socket-storm-" + i);
            thread.start();
            threads.add(thread);
        }
        switchOffAndOn();
        for (Thread thread : threads) {
            thread.join();
        }
        PoolStats stats = pool.stats();
        System.out.printf(
                "reliability E: %s: %,d connects, %,d answers, slowest acquire %,d ms of %,d, faults %s, failures %s,"
                        + " %.1f s, seed %d%n",
                kind,
                proxy.connects(),
                answers.get(),
                TimeUnit.NANOSECONDS.toMillis(slowest.get()),
                ACQUIRE.toMillis(),
                proxy.struck(),
                new TreeMap<>(failures),
                (System.nanoTime() - start) / 1e9,
                SEED);
        assertThat(violation).as("with seed %d", SEED).hasValue(null);
        assertThat(answers).hasPositiveValue();
        proxy.struck()
                .forEach((fault, count) -> assertThat(count).as(fault.name()).hasPositiveValue());
        assertThat(Duration.ofNanos(slowest.get())).as("slowest acquire").isLessThan(ACQUIRE.plus(GRACE));
        assertThat(stats.acquires())
                .isEqualTo(stats.granted() + stats.timedOut() + stats.cancelled() + stats.failed() + stats.rejected());
        assertThat(stats.waiters()).isZero();
        assertThat(stats.leased()).isZero();
    }

    private void switchOffAndOn() throws Exception {
        long next = DOWN_EVERY;
        while (proxy.connects() < connects && violation.get() == null) {
            if (proxy.connects() >= next) {
                next += DOWN_EVERY;
                proxy.down();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20)); // the length of the outage
                proxy.up();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private void work(int number) {
        var random = new SplittableRandom(SEED * 31 + number);
        try {
            for (int i = 0; proxy.connects() < connects && violation.get() == null; i++) {
                ask(number + "/" + i + "/" + "x".repeat(random.nextInt(100)));
            }
        } catch (Throwable e) {
            violation.compareAndSet(null, "a thread ended with " + e);
        }
    }

    private void ask(String text) {
        long start = System.nanoTime();
        Lease<E, C> lease;
        try {
            lease = pool.connection(endpoint, ACQUIRE);
        } catch (PoolException e) {
            failed(e);
            return;
        } finally {
            slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
        }
        try {
            String answer = exchange.ask(lease.connection(), text, ANSWER);
            if (!answer.equals(text)) {
                violation.compareAndSet(null, "asked " + text + " and heard " + answer);
            }
            answers.incrementAndGet();
            lease.release();
        } catch (Exception e) {
            failed(e);
            lease.invalidate(e);
        }
    }

    private void failed(Exception e) {
        failures.computeIfAbsent(e.getClass().getSimpleName(), name -> new AtomicLong())
                .incrementAndGet();
    }
}
