package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.genericpool.websocket.Message;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebSocketPoolMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private double counter(String name, String... tags) {
        return registry.get("genericpool.websocket." + name)
                .tags(tags)
                .functionCounter()
                .count();
    }

    @Test
    void theMetersSayWhatTheTrafficWas() throws Exception {
        try (var echo = new WebSocketEcho("prices")) {
            try (var lease = echo.pool.connection("/ws")) {
                lease.connection().send("hello");
                Message answer = lease.connection().receive(Duration.ofSeconds(30));
                assertThat(answer.text()).isEqualTo("hello");
            }
            // The first snapshot is taken now, after the traffic.
            WebSocketPoolMetrics.of(echo.pool).bindTo(registry);
            ConnectionPoolMetrics.of(echo.pool.pool()).bindTo(registry);
            assertThat(counter("messages", "direction", "out")).isEqualTo(1);
            assertThat(counter("messages", "direction", "in")).isEqualTo(1);
            assertThat(counter("bytes", "direction", "in")).isGreaterThan(5);
            assertThat(registry.get("genericpool.websocket.sockets").gauge().value())
                    .isEqualTo(1);
            var handshake = registry.get("genericpool.websocket.handshake").functionTimer();
            assertThat(handshake.count()).isEqualTo(1);
            assertThat(handshake.totalTime(TimeUnit.NANOSECONDS)).isPositive();
            assertThat(registry.get("genericpool.connections.opened")
                            .tag("pool", "prices")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void closesAreCountedByCode() throws Exception {
        var echo = new WebSocketEcho("prices");
        try (echo) {
            echo.pool.connection("/ws").close();
        }
        WebSocketPoolMetrics.of(echo.pool).bindTo(registry);
        assertThat(registry.get("genericpool.websocket.closes").functionCounters())
                .hasSize(17);
        double all = registry.get("genericpool.websocket.closes").functionCounters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
        assertThat(all).isEqualTo(1);
        assertThat(counter("closes", "code", "other")).isZero();
    }

    @Test
    void aSecondPoolOfOneNameIsRefusedUnlessATagTellsThemApart() throws Exception {
        try (var first = new WebSocketEcho("prices");
                var second = new WebSocketEcho("prices")) {
            WebSocketPoolMetrics metrics = WebSocketPoolMetrics.of(first.pool, Tag.of("cell", "1"));
            metrics.bindTo(registry);
            assertThatIllegalStateException()
                    .isThrownBy(() -> WebSocketPoolMetrics.of(second.pool).bindTo(registry))
                    .withMessageContaining("pool prices is bound to this registry already");
            WebSocketPoolMetrics.of(second.pool, Tag.of("cell", "2")).bindTo(registry);
            metrics.close();
            assertThatIllegalStateException().isThrownBy(() -> metrics.bindTo(registry));
            assertThat(registry.find("genericpool.websocket.sockets")
                            .tag("cell", "1")
                            .gauge())
                    .isNull();
            assertThat(registry.find("genericpool.websocket.sockets")
                            .tag("cell", "2")
                            .gauge())
                    .isNotNull();
        }
    }

    @Test
    void badArgumentsAreRefused() throws Exception {
        assertThatNullPointerException().isThrownBy(() -> WebSocketPoolMetrics.of(null));
        try (var echo = new WebSocketEcho("prices")) {
            assertThatNullPointerException()
                    .isThrownBy(() -> WebSocketPoolMetrics.of(echo.pool).bindTo(null));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WebSocketPoolMetrics.of(echo.pool, Tag.of("code", "1")))
                    .withMessage("tag code is one of the meters' own, choose another key");
        }
    }
}
