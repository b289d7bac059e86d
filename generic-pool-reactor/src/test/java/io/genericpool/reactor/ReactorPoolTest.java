package io.genericpool.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a subscription to a pool does, and what is left when it ends in any way. */
@Timeout(60)
class ReactorPoolTest {
    /** Connections are numbers. Failures of arguments leave a connection alive, and so do cancellations. */
    static final class Numbers implements ConnectionManager<String, Integer> {
        private final AtomicInteger last = new AtomicInteger();

        @Override
        public Integer create(String endpoint, Duration timeout) {
            return last.incrementAndGet();
        }

        @Override
        public void dispose(String endpoint, Integer connection, Duration timeout) {}

        @Override
        public boolean isFatal(String endpoint, Integer connection, Throwable failure) {
            return !(failure instanceof IllegalArgumentException || failure instanceof CancellationException);
        }
    }

    private final ConnectionPool<String, Integer> pool = ConnectionPools.builder(new Numbers())
            .maxSize(1)
            .acquireTimeout(Duration.ofSeconds(30))
            .build();

    private final ReactorPool<String, Integer> reactor = ReactorPool.of(pool);

    @AfterEach
    void close() {
        pool.close(Duration.ZERO);
    }

    private void assertNothingOut() {
        await().untilAsserted(() -> assertThat(pool.stats().leased()).isZero());
        assertThat(pool.stats().waiters()).isZero();
    }

    @Test
    void oneResultIsGotAndTheConnectionIsBackBeforeItIs() {
        assertThat(reactor.use("a", connection -> Mono.just("result of " + connection))
                        .doOnNext(result -> assertThat(pool.stats().leased()).isZero())
                        .block())
                .isEqualTo("result of 1");
        assertThat(reactor.use("a", connection -> Mono.empty()).block()).isNull();
        assertThat(pool.stats().created()).isEqualTo(1);
        assertNothingOut();
    }

    @Test
    void manyResultsAreGotOverOneConnectionWhichIsHeldMeanwhile() {
        List<Integer> leased = new ArrayList<>();
        assertThat(reactor.useMany("a", connection -> Flux.range(1, 3).map(i -> i * 10 + connection))
                        .doOnNext(result -> leased.add(pool.stats().leased()))
                        .collectList()
                        .block())
                .containsExactly(11, 21, 31);
        assertThat(leased).containsExactly(1, 1, 1);
        assertNothingOut();
    }

    @Test
    void eachSubscriptionAsksAnewAndNoneAsksBeforeItIsMade() {
        Mono<Integer> use = reactor.use("a", Mono::just);
        assertThat(pool.stats().acquires()).isZero();
        use.block();
        use.block();
        assertThat(pool.stats().acquires()).isEqualTo(2);
    }

    @Test
    void aFailureReachesTheSubscriberAndTheManagerDecidesAboutTheConnection() {
        var failure = new IllegalArgumentException("harmless");
        assertThatThrownBy(() ->
                        reactor.use("a", connection -> Mono.error(failure)).block())
                .isSameAs(failure);
        assertThatThrownBy(() -> reactor.useMany("a", connection -> {
                            throw failure;
                        })
                        .blockLast())
                .isSameAs(failure);
        assertThat(pool.stats().created()).isEqualTo(1);
        assertThatThrownBy(() -> reactor.useMany("a", connection -> Flux.error(new IllegalStateException("fatal")))
                        .blockLast())
                .hasMessage("fatal");
        assertThat(reactor.use("a", Mono::just).block()).isEqualTo(2);
        assertNothingOut();
    }

    @Test
    void aSubscriberThatTakesSomeOfTheResultsGivesTheConnectionBack() {
        Sinks.Many<Integer> endless = Sinks.many().unicast().onBackpressureBuffer();
        endless.tryEmitNext(1);
        endless.tryEmitNext(2);
        assertThat(reactor.useMany("a", connection -> endless.asFlux())
                        .take(2)
                        .collectList()
                        .block())
                .containsExactly(1, 2);
        assertNothingOut();
        assertThat(reactor.use("a", Mono::just).block()).isEqualTo(1);
    }

    @Test
    void theWorkIsCancelledBeforeOthersGetItsConnection() throws Exception {
        var order = Collections.synchronizedList(new ArrayList<String>());
        var started = new CountDownLatch(1);
        var running = reactor.use("a", connection -> {
                    started.countDown();
                    return Mono.never().doOnCancel(() -> order.add("cancelled"));
                })
                .subscribe();
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        var next = reactor.use("a", connection -> {
                    order.add("next");
                    return Mono.just(connection);
                })
                .toFuture();
        running.dispose();
        assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(order).containsExactly("cancelled", "next");
    }

    @Test
    void aCancelledRequestIsWithdrawn() {
        try (var held = pool.connection("a")) {
            var waitingUse = reactor.use("a", Mono::just).subscribe();
            var waitingFlux = reactor.useMany("a", Mono::just).subscribe();
            var waitingLease = reactor.acquire("a").subscribe();
            assertThat(pool.stats().waiters()).isEqualTo(3);
            waitingUse.dispose();
            waitingFlux.dispose();
            waitingLease.dispose();
            assertThat(pool.stats().waiters()).isZero();
            assertThat(held.connection()).isEqualTo(1);
        }
        assertNothingOut();
    }

    @Test
    void aRequestHasItsTimeoutAndItsErrors() {
        var hasty = reactor.acquireTimeout(Duration.ofMillis(1));
        assertThatThrownBy(() -> reactor.acquireTimeout(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acquireTimeout must not be negative");
        try (var held = pool.connection("a")) {
            assertThat(held.connection()).isEqualTo(1);
            assertThatThrownBy(() -> hasty.use("a", Mono::just).block()).isInstanceOf(AcquireTimeoutException.class);
            assertThatThrownBy(() -> hasty.useMany("a", Mono::just).blockLast())
                    .isInstanceOf(AcquireTimeoutException.class);
            assertThatThrownBy(() -> hasty.acquire("a").block()).isInstanceOf(AcquireTimeoutException.class);
        }
        pool.close(Duration.ZERO);
        assertThatThrownBy(() -> reactor.use("a", Mono::just).block()).isInstanceOf(PoolClosedException.class);
    }

    @Test
    void aLeaseIsAskedForWhenItIsRequestedAndIsTheReceiversToRelease() {
        var received = new ArrayList<Lease<String, Integer>>();
        var subscriber = new BaseSubscriber<Lease<String, Integer>>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Lease<String, Integer> lease) {
                received.add(lease);
            }
        };
        reactor.acquire("a").subscribe(subscriber);
        assertThat(pool.stats().acquires()).isZero();
        subscriber.request(1);
        await().until(() -> received.size() == 1);
        subscriber.cancel();
        assertThat(received.get(0).connection()).isEqualTo(1);
        received.get(0).release();
        assertNothingOut();
    }

    @Test
    void theContextOfTheSubscriberReachesTheWork() {
        assertThat(reactor.use("a", connection -> Mono.deferContextual(context -> Mono.just(context.get("user"))))
                        .contextWrite(context -> context.put("user", "anna"))
                        .block())
                .isEqualTo("anna");
        assertThat(reactor.useMany(
                                "a",
                                connection -> Flux.deferContextual(context -> Flux.just(context.<String>get("user"))))
                        .contextWrite(context -> context.put("user", "anna"))
                        .blockLast())
                .isEqualTo("anna");
    }
}
