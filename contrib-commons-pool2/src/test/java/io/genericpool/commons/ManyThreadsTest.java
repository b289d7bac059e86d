package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.pool2.BaseKeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads on one view, over a factory that fails now and then. */
@Timeout(120)
class ManyThreadsTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 1_500;
    private static final int KEYS = 3;
    private static final int MAX_PER_KEY = 3;
    private static final int MAX = 6;

    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    private final UnreliableFactory factory = new UnreliableFactory();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private KeyedObjectPoolView<String, Thing> open() {
        var config = new GenericKeyedObjectPoolConfig<Thing>();
        config.setMaxTotalPerKey(MAX_PER_KEY);
        config.setMaxTotal(MAX);
        config.setMaxWait(Duration.ofSeconds(60));
        config.setTestOnBorrow(true);
        return CommonsPools.keyedObjectPool(factory, config);
    }

    @Test
    void noObjectIsEverInTwoHandsOrMoreThanTheLimitsAllow() throws Exception {
        var view = open();
        var lent = new AtomicInteger();
        everybody(thread -> {
            var random = new SplittableRandom(thread);
            for (int i = 0; i < ROUNDS; i++) {
                if (oneRound(view, random)) {
                    lent.incrementAndGet();
                }
            }
        });
        assertThat(lent).hasValueGreaterThan(THREADS * ROUNDS / 2);
        assertThat(view.getNumActive()).isZero();
        view.close();
        assertThat(factory.all).allMatch(Thing::isDestroyed);
        assertThat(factory.mostAlive).hasValueLessThanOrEqualTo(MAX);
        assertThat(factory.destroyedTwice).hasValue(0);
    }

    private static boolean oneRound(KeyedObjectPoolView<String, Thing> view, SplittableRandom random) throws Exception {
        String key = "key " + random.nextInt(KEYS);
        int dice = random.nextInt(200);
        if (dice == 0) {
            view.clear(key);
        } else if (dice == 1) {
            try {
                view.addObject(key);
            } catch (IOException | NoSuchElementException e) {
                // the factory's mood
            }
        }
        Thing thing;
        try {
            thing = view.borrowObject(key);
        } catch (IOException | NoSuchElementException e) {
            return false;
        }
        thing.hold();
        if (dice < 100) {
            Thread.onSpinWait();
        }
        thing.letGo();
        if (dice == 2) {
            view.invalidateObject(key, thing);
        } else {
            view.returnObject(key, thing);
        }
        return true;
    }

    @Test
    void ofManyWhoReturnTheSameObjectOneSucceeds() throws Exception {
        var view = open();
        var barrier = new CyclicBarrier(THREADS);
        var successes = new AtomicInteger();
        var common = new Thing[1];
        everybody(thread -> {
            for (int i = 0; i < 200; i++) {
                if (thread == 0) {
                    common[0] = borrow(view);
                    successes.set(0);
                }
                barrier.await();
                try {
                    if (thread % 2 == 0) {
                        view.returnObject("a", common[0]);
                    } else {
                        view.invalidateObject("a", common[0]);
                    }
                    successes.incrementAndGet();
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining("already returned");
                }
                barrier.await();
                assertThat(successes).hasValue(1);
                barrier.await();
            }
        });
        assertThat(view.getNumActive()).isZero();
        view.close();
    }

    private static Thing borrow(KeyedObjectPoolView<String, Thing> view) throws Exception {
        for (; ; ) {
            try {
                return view.borrowObject("a");
            } catch (IOException | NoSuchElementException e) {
                // again
            }
        }
    }

    @Test
    void aCloseInFullTrafficEndsItAndLeavesNothing() throws Exception {
        for (int round = 0; round < 20; round++) {
            var view = open();
            var started = new AtomicInteger();
            everybody(thread -> {
                var random = new SplittableRandom(thread);
                try {
                    for (; ; ) {
                        oneRound(view, random);
                        if (started.incrementAndGet() == THREADS * 10) {
                            view.close();
                        }
                    }
                } catch (IllegalStateException closed) {
                    assertThat(closed).hasMessageContaining("closed");
                }
            });
            assertThat(view.pool().isClosed()).isTrue();
            assertThat(view.getNumActive()).isZero();
            assertThat(factory.all).allMatch(Thing::isDestroyed);
        }
        assertThat(factory.destroyedTwice).hasValue(0);
    }

    interface Work {
        void run(int thread) throws Exception;
    }

    private void everybody(Work work) throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            work.run(thread);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    executor));
        }
        for (var each : all) {
            each.get(100, TimeUnit.SECONDS);
        }
    }

    /** Each method fails about once in a hundred calls, in an order that is the same in each run of one thread. */
    private static final class UnreliableFactory extends BaseKeyedPooledObjectFactory<String, Thing> {
        private final Queue<Thing> all = new ConcurrentLinkedQueue<>();
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger alive = new AtomicInteger();
        private final AtomicInteger mostAlive = new AtomicInteger();
        private final AtomicInteger destroyedTwice = new AtomicInteger();

        private boolean isGood() {
            return new SplittableRandom(calls.incrementAndGet()).nextInt(100) > 0;
        }

        private void mayFail() throws IOException {
            if (!isGood()) {
                throw new IOException("in a bad mood");
            }
        }

        @Override
        public Thing create(String key) throws IOException {
            mayFail();
            var thing = new Thing(calls.get());
            all.add(thing);
            mostAlive.accumulateAndGet(alive.incrementAndGet(), Math::max);
            return thing;
        }

        @Override
        public PooledObject<Thing> wrap(Thing thing) {
            return new DefaultPooledObject<>(thing);
        }

        @Override
        public void activateObject(String key, PooledObject<Thing> pooled) throws IOException {
            mayFail();
            pooled.getObject().activate();
        }

        @Override
        public boolean validateObject(String key, PooledObject<Thing> pooled) {
            return isGood();
        }

        @Override
        public void passivateObject(String key, PooledObject<Thing> pooled) throws IOException {
            pooled.getObject().passivate();
            mayFail();
        }

        @Override
        public void destroyObject(String key, PooledObject<Thing> pooled) {
            if (pooled.getObject().isDestroyed()) {
                destroyedTwice.incrementAndGet();
            }
            pooled.getObject().destroy();
            alive.decrementAndGet();
        }
    }
}
