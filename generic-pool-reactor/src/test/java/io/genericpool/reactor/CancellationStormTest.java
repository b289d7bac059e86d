package io.genericpool.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Subscriptions that are cancelled at any moment, from another thread than the one that grants. Afterwards no lease is out,
 * and all connections can be leased at once. {@code -Dstorm.subscriptions} and {@code -Dstorm.runs} make it longer.
 */
@Timeout(300)
class CancellationStormTest {
    private static final int SUBSCRIPTIONS = Integer.getInteger("storm.subscriptions", 20_000);
    private static final int RUNS = Integer.getInteger("storm.runs", 1);
    private static final int CONNECTIONS = 4;
    private static final int SUBSCRIBERS = 3;

    enum Kind {
        USE {
            @Override
            Mono<?> of(ReactorPool<String, Integer> pool) {
                return pool.use("a", connection -> Mono.just(connection).publishOn(Schedulers.parallel()));
            }
        },
        USE_MANY {
            @Override
            Mono<?> of(ReactorPool<String, Integer> pool) {
                return pool.useMany("a", connection -> Flux.range(1, 10).publishOn(Schedulers.parallel(), 1))
                        .take(ThreadLocalRandom.current().nextInt(1, 12))
                        .then();
            }
        },
        ACQUIRE {
            @Override
            Mono<?> of(ReactorPool<String, Integer> pool) {
                return pool.acquire("a").doOnNext(Lease::release);
            }
        };

        abstract Mono<?> of(ReactorPool<String, Integer> pool);
    }

    @ParameterizedTest
    @EnumSource
    void noLeaseIsLost(Kind kind) throws Exception {
        for (int run = 0; run < RUNS; run++) {
            storm(kind);
        }
    }

    private static void storm(Kind kind) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SUBSCRIBERS + 1);
        try (var pool = ConnectionPools.builder(new ReactorPoolTest.Numbers())
                .maxSize(CONNECTIONS)
                .acquireTimeout(Duration.ofSeconds(60))
                .build()) {
            var reactor = ReactorPool.of(pool);
            var ended = new AtomicInteger();
            Callable<Void> subscriber = () -> {
                for (int i = 0; i < SUBSCRIPTIONS / SUBSCRIBERS; i++) {
                    Disposable subscription = kind.of(reactor)
                            .doFinally(signal -> ended.incrementAndGet())
                            .subscribe();
                    switch (ThreadLocalRandom.current().nextInt(4)) {
                        case 0 -> subscription.dispose();
                        case 1 -> threads.execute(subscription::dispose);
                        case 2 -> Schedulers.parallel().schedule(subscription::dispose);
                        default -> {} // it ends by itself
                    }
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(
                    IntStream.range(0, SUBSCRIBERS).mapToObj(i -> subscriber).toList())) {
                done.get();
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(ended).hasValue(SUBSCRIPTIONS / SUBSCRIBERS * SUBSCRIBERS));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(pool.stats().leased()).isZero());
            assertThat(pool.stats().waiters()).isZero();
            assertThat(IntStream.range(0, CONNECTIONS)
                            .mapToObj(i -> pool.connection("a", Duration.ofSeconds(10)))
                            .map(Lease::connection)
                            .distinct())
                    .hasSize(CONNECTIONS);
            pool.close(Duration.ZERO);
        } finally {
            threads.shutdownNow();
        }
    }
}
