package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmUpTest extends WithServer {
    @Test
    void opensWhatItCanWhenOneEndpointCannotBeReached() throws Exception {
        try (var pool =
                builder().warmUp(3, "/a", "/b").warmUp(1, "ws://127.0.0.1:1/").build()) {
            assertThat(pool.warmedUp().get(30, TimeUnit.SECONDS)).isEqualTo(6);
            await().until(() -> server.open("/a") == 3 && server.open("/b") == 3);
        }
    }

    @Test
    void goesOnAfterAConnectThatFails() throws Exception {
        var upgrades = new AtomicInteger();
        server.onUpgrade((request, response) -> {
            if (upgrades.incrementAndGet() == 2) {
                throw new IllegalStateException("the second one is refused");
            }
        });
        try (var pool = builder()
                .pool(knobs -> knobs.maxConnectsPerEndpoint(1))
                .warmUp(5, "/a")
                .build()) {
            assertThat(pool.warmedUp().get(30, TimeUnit.SECONDS)).isEqualTo(4);
            assertThat(upgrades).hasValue(5);
            assertThat(pool.traffic().failedConnects()).isEqualTo(1);
        }
    }

    @Test
    void connectsSeveralAtOnceButNoMoreThanItMay() throws Exception {
        int atOnce = 3;
        var underWay = new AtomicInteger();
        var most = new AtomicInteger();
        var together = new CountDownLatch(atOnce);
        server.onUpgrade((request, response) -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            together.countDown();
            try {
                // None is answered before as many as may be under way are.
                assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                underWay.decrementAndGet();
            }
        });
        try (var pool = builder()
                .connectTimeout(Duration.ofMinutes(1))
                .pool(knobs -> knobs.maxConnectsPerEndpoint(atOnce))
                .warmUp(9, "/a")
                .build()) {
            assertThat(pool.warmedUp().get(30, TimeUnit.SECONDS)).isEqualTo(9);
            assertThat(most).hasValue(atOnce);
        }
    }

    @Test
    void keepsToTheRateOfConnects() throws Exception {
        var clock = new FakePoolClock();
        try (var pool = builder()
                .connections(knobs -> knobs.clock(clock))
                .connectRate(2, Duration.ofSeconds(2))
                .warmUp(4, "/a")
                .build()) {
            await().until(() -> server.open("/a") == 2 && clock.pendingTimers() == 2);
            clock.advance(Duration.ofSeconds(1));
            await().until(() -> server.open("/a") == 3);
            assertThat(pool.warmedUp()).isNotDone();
            clock.advance(Duration.ofSeconds(1));
            assertThat(pool.warmedUp().get(30, TimeUnit.SECONDS)).isEqualTo(4);
            server.awaitOpened(4);
        }
    }

    @Test
    void leavesNoThreadWhenItLeadsNowhere() {
        var builder = WebSocketPool.builder().name("nowhere-test").warmUp(1, "/a");
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        ThreadsLeft.awaitNone("nowhere-test");
        assertThatThrownBy(() -> builder.warmUp(-1, "/a")).hasMessageContaining("warmUp must be at least 0");
    }
}
