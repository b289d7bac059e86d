package io.genericpool.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.SteppedClock;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Time goes on whatever the pool waits for, and the thread behind a clock runs no part of the pool. Shows I33 and
 * I34.
 */
@Timeout(120)
class PoolTimeTest {
    private final SteppedClock clock = new SteppedClock(false);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private ConnectionPool<String, FakeConnection<String>> open(
            ScriptedManager<String> manager, Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        var builder = ConnectionPools.builder(manager)
                .clock(clock)
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(seconds(20))
                .maxLifetimeJitter(0)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .endpointRetention(seconds(600));
        knobs.accept(builder);
        return builder.build();
    }

    private static boolean isHandedOut(ConnectionPool<String, ?> pool, String endpoint) {
        var lease = pool.tryConnection(endpoint);
        lease.ifPresent(Lease::release);
        return lease.isPresent();
    }

    @Test
    void whileASweepWaitsTimeGoesOnAndNoSecondSweepBegins() {
        var manager = ScriptedManager.<String>full().checkInstantly();
        var entered = new AtomicInteger();
        manager.script(Operation.CHECK, "slow").always(Behaviour.perform(() -> {
            entered.incrementAndGet();
            await(goOn);
        }));
        var pool = open(manager, knobs -> knobs.keepaliveInterval(seconds(4)));
        pool.connection("slow").release();
        pool.connection("slow").release();
        clock.advance(seconds(2));
        Awaitility.await()
                .until(
                        () -> { // a tick that finds the last sweep under way begins none
                            clock.advance(Duration.ofMillis(250));
                            return entered.get() == 1;
                        });
        pool.connection("b").release();
        pool.connection("unused").release();

        for (int i = 0; i < 18; i++) {
            assertThat(isHandedOut(pool, "b")).as("after %d s", i).isTrue();
            clock.advance(seconds(1));
        }
        clock.advance(seconds(2));

        assertThat(isHandedOut(pool, "b")).as("past its lifetime").isFalse();
        assertThat(pool.stats("unused").orElseThrow().idle())
                .as("no other sweep has come")
                .isOne();
        assertThat(entered).hasValue(1);
        goOn.countDown();
        Awaitility.await().until(() -> {
            clock.advance(seconds(1));
            return pool.stats("unused").isEmpty()
                    || pool.stats("unused").orElseThrow().idle() == 0;
        });
        assertThat(pool.close(seconds(20)).isClean()).isTrue();
    }

    @Test
    void while500LeaksAreToldTimeGoesOn() {
        var told = new CountDownLatch(1);
        var leaks = new AtomicInteger();
        PoolListener<String> listener = new PoolListener<>() {
            @Override
            public void onLeakDetected(LeaseEvent<String> event) {
                leaks.incrementAndGet();
                told.countDown();
                await(goOn);
            }
        };
        var pool = open(ScriptedManager.plain(), knobs -> knobs.leakDetectionThreshold(seconds(2))
                .maxSize(500)
                .totalMaxSize(600)
                .completionExecutor(Runnable::run)
                .listener(listener));
        List<Lease<String, FakeConnection<String>>> held = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            held.add(pool.connection("a"));
        }
        Awaitility.await().until(() -> {
            clock.advance(seconds(1)); // one sweep sees the leases, a later one finds them too old
            return told.getCount() == 0;
        });
        pool.connection("b").release();
        assertThat(isHandedOut(pool, "b")).isTrue();

        clock.advance(seconds(20));

        assertThat(isHandedOut(pool, "b")).isFalse();
        assertThat(leaks).hasValue(1);
        goOn.countDown();
        Awaitility.await().until(() -> leaks.get() == 500);
        held.forEach(Lease::release);
        assertThat(pool.close(seconds(20)).isClean()).isTrue();
    }

    @Test
    void deadlinesInMassesLeaveTheClocksThreadAndTheJdksFree() throws Exception {
        int callers = 100_000;
        Set<Thread> completers = ConcurrentHashMap.newKeySet();
        var ended = new CountDownLatch(callers);
        var first = new CountDownLatch(1);
        var pool = ConnectionPools.builder(ScriptedManager.<String>plain())
                .maxSize(1)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build();
        var held = pool.connection("a");
        for (int i = 0; i < callers; i++) {
            CompletableFuture<Void> unused = pool.connectionAsync("a", Duration.ofMillis(50))
                    .handle((lease, failure) -> {
                        completers.add(Thread.currentThread());
                        first.countDown();
                        await(goOn);
                        ended.countDown();
                        return null;
                    });
        }
        await(first);

        var timer = new CountDownLatch(1);
        var clocksThread = CompletableFuture.supplyAsync(() -> {
            Thread[] thread = new Thread[1];
            assertThat(PoolClock.system()
                            .schedule(
                                    () -> {
                                        thread[0] = Thread.currentThread();
                                        timer.countDown();
                                    },
                                    1))
                    .isNotNull();
            await(timer);
            return thread[0];
        });
        var unrelated = new CompletableFuture<Void>().orTimeout(1, TimeUnit.MILLISECONDS);
        assertThat(clocksThread.get(60, TimeUnit.SECONDS).getName()).isEqualTo("generic-pool-clock");
        assertThat(unrelated).failsWithin(seconds(60)).withThrowableThat().withCauseInstanceOf(TimeoutException.class);
        assertThat(ended.getCount()).as("all wait meanwhile").isEqualTo(callers);

        goOn.countDown();
        await(ended);
        assertThat(completers)
                .noneMatch(thread -> thread.getName().contains("clock")
                        || thread.getName().contains("CompletableFutureDelayScheduler"));
        held.release();
        assertThat(pool.close(seconds(20)).isClean()).isTrue();
    }
}
