package io.genericpool.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls of manager and governor that hang: the pool goes on without them, and takes back what comes late. Shows I45.
 */
class HangingCallsTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(30);

    enum Call {
        BIND,
        BEFORE_CONNECT,
        ON_CONNECTED,
        ON_CONNECT_FAILED,
        PEEK,
        IS_TOO_MANY,
        IS_FATAL_OF_USE,
        IS_FATAL_OF_INVALIDATE;

        boolean isOfFailure() {
            return this == ON_CONNECT_FAILED || this == PEEK || this == IS_TOO_MANY;
        }

        boolean isOfUser() {
            return this == IS_FATAL_OF_USE || this == IS_FATAL_OF_INVALIDATE;
        }
    }

    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final AtomicInteger interrupts = new AtomicInteger();
    private final AtomicBoolean isFirst = new AtomicBoolean(true);
    private final AtomicBoolean fails = new AtomicBoolean();
    private final AtomicInteger open = new AtomicInteger();
    private Call hanging;
    private boolean ignoresInterrupts;

    private void mayHang(Call call) {
        if (hanging == call && isFirst.compareAndSet(true, false)) {
            hang();
        }
    }

    private void hang() {
        entered.countDown();
        boolean isOver = false;
        while (!isOver) {
            try {
                gate.await();
                isOver = true;
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
                isOver = !ignoresInterrupts;
            }
        }
    }

    private final class Manager implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) throws IOException {
            if (fails.getAndSet(false)) {
                throw new IOException("by test");
            }
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            open.decrementAndGet();
        }

        @Override
        public void bind(String endpoint, Object connection, ConnectionSignals signals) {
            mayHang(Call.BIND);
        }

        @Override
        public boolean isTooMany(String endpoint, Throwable failure) {
            mayHang(Call.IS_TOO_MANY);
            return false;
        }

        @Override
        public boolean isFatal(String endpoint, Object connection, Throwable failure) {
            mayHang(hanging);
            return true;
        }
    }

    private final class Governor implements ConnectGovernor<String> {
        private final AtomicInteger owed = new AtomicInteger();

        @Override
        public Verdict beforeConnect(String endpoint, long nowNanos) {
            mayHang(Call.BEFORE_CONNECT);
            owed.incrementAndGet();
            return Verdict.proceed();
        }

        @Override
        public void onConnected(String endpoint, long nowNanos) {
            owed.decrementAndGet();
            mayHang(Call.ON_CONNECTED);
        }

        @Override
        public void onConnectFailed(String endpoint, long nowNanos, Throwable cause) {
            owed.decrementAndGet();
            mayHang(Call.ON_CONNECT_FAILED);
        }

        @Override
        public void onConnectCancelled(String endpoint, long nowNanos) {
            owed.decrementAndGet();
        }

        @Override
        public Verdict peek(String endpoint, long nowNanos) {
            mayHang(Call.PEEK);
            return Verdict.proceed();
        }
    }

    @AfterEach
    void openTheGate() {
        gate.countDown();
    }

    @ParameterizedTest
    @EnumSource
    void thePoolGoesOnWithoutACallThatDoesNotComeBack(Call call) throws InterruptedException {
        ignoresInterrupts = true;
        play(call);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "IS_FATAL.*")
    void aCallThatHeedsItsInterruptIsInterrupted(Call call) throws InterruptedException {
        play(call);
        assertThat(interrupts).hasPositiveValue();
    }

    private void play(Call call) throws InterruptedException {
        hanging = call;
        fails.set(call.isOfFailure());
        var governor = new Governor();
        var pool = ConnectionPools.builder(new Manager())
                .maxSize(1)
                .totalMaxSize(1)
                .connectTimeout(SHORT)
                .checkTimeout(SHORT)
                .acquireTimeout(LONG)
                .connectGovernor(governor)
                .build();
        try (pool) {
            if (call.isOfUser()) {
                var user = new Thread(() -> failWith(pool, call));
                user.setDaemon(true);
                user.start();
                entered.await();
            } else {
                try {
                    pool.connectionAsync("a").join().release();
                } catch (CompletionException expected) {
                    // Where it was the first connect that hung or failed, its request fails with it.
                }
            }
            // The permit is there again, whatever hangs.
            try (var lease = acquire(pool)) {
                assertThat(lease.connection()).isNotNull();
            }
            gate.countDown();
            await().atMost(LONG).until(() -> pool.stats().abandoned() == 0 && governor.owed.get() == 0);
            await().atMost(LONG).until(() -> open.get() == pool.stats().total());
            assertThat(pool.stats().total()).isOne();
        }
        await().atMost(LONG).until(() -> open.get() == 0);
        assertThat(pool.stats().disposed(DisposeReason.CLOSED)).isOne();
    }

    /** On a busy machine a connect may miss its short timeout before it begins; a permit that is gone times out instead. */
    private static Lease<String, Object> acquire(ConnectionPool<String, Object> pool) {
        for (; ; ) {
            try {
                return pool.connection("a");
            } catch (ConnectionCreateException tooSlow) {
                // Or the connect that fails by test, when the first one came to nothing.
            }
        }
    }

    private static void failWith(ConnectionPool<String, Object> pool, Call call) {
        var failure = new IllegalStateException("by test");
        if (call == Call.IS_FATAL_OF_INVALIDATE) {
            acquire(pool).invalidate(failure);
            return;
        }
        acquire(pool).release();
        try {
            pool.use("a", connection -> {
                throw failure;
            });
        } catch (IllegalStateException e) {
            assertThat(e).isSameAs(failure);
        }
    }
}
