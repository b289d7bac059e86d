package io.genericpool.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.ConnectionPools;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the pool's own threads see does not depend on which borrower happens to be the first. The same on every JDK. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // the test waits for what they do
class InheritNothingTest {
    private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

    /** What each kind of thread has seen. */
    private static final class Sightings {
        private final Map<String, String> tenants = new ConcurrentHashMap<>();
        private final Map<String, ClassLoader> loaders = new ConcurrentHashMap<>();
        private final Map<String, Thread> threads = new ConcurrentHashMap<>();

        void note(String where) {
            Thread thread = Thread.currentThread();
            tenants.put(where, String.valueOf(TENANT.get()));
            loaders.put(where, thread.getContextClassLoader());
            threads.put(where, thread);
        }
    }

    private static final class NotingManager implements ConnectionManager<String, Object> {
        private final Sightings sightings;
        /** Until then the connect to b takes, so that its future is not complete when the dependent is added. */
        private final CountDownLatch dependentAdded = new CountDownLatch(1);

        NotingManager(Sightings sightings) {
            this.sightings = sightings;
        }

        @Override
        public Object create(String endpoint, Duration timeout) throws InterruptedException {
            sightings.note("create");
            if (endpoint.equals("b")) {
                dependentAdded.await();
            }
            return new Object();
        }

        @Override
        public boolean checkAliveness(String endpoint, Object connection, Duration timeout) {
            sightings.note("checkAliveness");
            return true;
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            sightings.note("dispose");
        }
    }

    private static void asBorrower(@Nullable ClassLoader contextLoader, Runnable work) throws Exception {
        var ended = new CompletableFuture<@Nullable Void>();
        var borrower = new Thread(new ThreadGroup("the borrower's"), () -> {
            TENANT.set("the first borrower");
            Thread.currentThread().setContextClassLoader(contextLoader);
            Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
            try {
                work.run();
                ended.complete(null);
            } catch (Throwable e) {
                ended.completeExceptionally(e);
            }
        });
        borrower.start();
        ended.get(30, TimeUnit.SECONDS);
    }

    @Test
    void threadsSeeTheBuildersContextClassLoaderAndNothingOfTheFirstBorrower() throws Exception {
        var sightings = new Sightings();
        var borrowers = new ClassLoader("the borrower's", null) {};
        var builders = new ClassLoader("the builder's", null) {};
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(builders);
        var manager = new NotingManager(sightings);
        try (var pool = ConnectionPools.builder(manager)
                .name("inherit-nothing")
                .alivenessBypass(Duration.ZERO)
                .leakDetectionThreshold(Duration.ofMillis(20))
                .listener(new PoolListener<String>() {
                    @Override
                    public void onLeakDetected(LeaseEvent<String> event) {
                        sightings.note("collector");
                    }
                })
                .build()) {
            current.setContextClassLoader(before);
            asBorrower(borrowers, () -> {
                pool.connection("a").release();
                pool.connection("a").release();
                pool.connection("a").invalidate();
                pool.connectionAsync("b").thenAccept(lease -> {
                    sightings.note("completion");
                    lease.release();
                });
                manager.dependentAdded.countDown();
                var held = pool.connection("c");
                Awaitility.await().until(() -> sightings.threads.containsKey("collector"));
                held.release();
            });
            Awaitility.await().until(() -> sightings
                    .threads
                    .keySet()
                    .containsAll(java.util.Set.of("create", "checkAliveness", "dispose", "completion", "collector")));
        } finally {
            current.setContextClassLoader(before);
        }
        assertThat(sightings.tenants.values()).containsOnly("null");
        assertThat(sightings.loaders.values()).containsOnly(builders);
        assertThat(sightings.threads.values()).allSatisfy(thread -> {
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
        });
    }

    @Test
    void theClocksThreadSeesNothingOfTheFirstToSetATimer() throws Exception {
        var sightings = new Sightings();
        asBorrower(new ClassLoader("the borrower's", null) {}, () -> {
            PoolClock.system().schedule(() -> sightings.note("timer"), 1_000_000);
            Awaitility.await().until(() -> sightings.threads.containsKey("timer"));
        });
        assertThat(sightings.tenants).containsEntry("timer", "null");
        assertThat(sightings.loaders).containsEntry("timer", PoolClock.class.getClassLoader());
        assertThat(sightings.threads.get("timer").getName()).isEqualTo("generic-pool-clock");
    }
}
