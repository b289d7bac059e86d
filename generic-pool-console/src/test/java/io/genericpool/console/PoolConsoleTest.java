package io.genericpool.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.genericpool.Lease;
import io.genericpool.testkit.FakeConnection;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PoolConsoleTest {
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pool-console")
                        || thread.getName().startsWith("HTTP-Dispatcher")
                        || thread.getName().contains("idle-timeout-task"))
                .collect(Collectors.toSet());
    }

    @Test
    void thePageAndItsPartsAreThere() throws Exception {
        try (var test = new TestPool("orders");
                var console = PoolConsole.start(test.pool)) {
            var page = Http.get(console.address(), "/");
            assertThat(page.headers()).containsEntry("content-type", "text/html; charset=utf-8");
            for (String part : List.of("console.js", "model.js", "console.css", "icon.svg")) {
                assertThat(Http.get(console.address(), "/" + part).status())
                        .as(part)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aLabelCannotLeaveItsPlaceInTheStream() throws Exception {
        String label = "<script>alert('x')</script>\"\n\ndata: {}\r\u2028\\";
        try (var test = new TestPool("po\"ol<b>");
                var console = PoolConsole.start(test.pool)) {
            test.touch(label);
            try (var reader = new EventReader(console.address())) {
                JsonNode pool = reader.next("full").get("pools").get(0);
                assertThat(pool.get("labels")).hasSize(1);
                assertThat(pool.get("labels").get(0).get(1).asText())
                        .isEqualTo(test.pool.stats(label).orElseThrow().label())
                        .startsWith("<script>alert('x')</script>\"");
                assertThat(reader.next().name()).isEqualTo("delta");
            }
        }
    }

    @Test
    void whatAnEndpointIsNeverAppearsOnlyItsLabel() throws Exception {
        record Secret(String password) {}
        var manager = io.genericpool.testkit.ScriptedManager.<Secret>plain();
        try (var pool = io.genericpool.core.ConnectionPools.builder(manager)
                        .endpointLabel(endpoint -> "db")
                        .build();
                var console = PoolConsole.start(pool)) {
            pool.connection(new Secret("hunter2")).close();
            try (var reader = new EventReader(console.address())) {
                assertThat(reader.next("full").toString()).contains("\"db\"").doesNotContain("hunter2");
            }
        }
    }

    @Test
    void eventsWaitsAndHoldersAreThoseOfTheActivity() throws Exception {
        PoolActivity activity = PoolActivity.eventsAndWaits();
        try (var test = new TestPool(
                        "orders",
                        knobs -> knobs.listener(activity).maxSize(1).leakDetectionThreshold(Duration.ofMillis(200)));
                var console = PoolConsole.builder().pool(test.pool, activity).start();
                var reader = new EventReader(console.address())) {
            Lease<String, FakeConnection<String>> held = test.pool.connection("a");
            assertThatThrownBy(() -> test.pool.connection("a", Duration.ofMillis(100)));
            Awaitility.await().until(() -> test.pool.stats().leaks() == 1);
            var seen = new StringBuilder(reader.next("full").toString());
            for (int i = 0; i < 5 && !seen.toString().contains("\"leak\""); i++) {
                seen.append(reader.next("delta"));
            }
            JsonNode delta = reader.next("delta");
            assertThat(seen + delta.toString())
                    .contains(
                            "\"opened\"",
                            "\"acquire failed\"",
                            "\"leak\"",
                            Thread.currentThread().getName());
            JsonNode sums = delta.get("pools").get(0).get("sums");
            assertThat(sums.get(11).asLong()).as("microseconds waited").isGreaterThan(90_000);
            held.close();
        }
    }

    @Test
    void anActivityServesOnePool() {
        PoolActivity activity = PoolActivity.events();
        try (var one = new TestPool("one");
                var other = new TestPool("other")) {
            var builder = PoolConsole.builder().pool(one.pool, activity).pool(one.pool, activity);
            assertThatThrownBy(() -> builder.pool(other.pool, activity))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("other");
        }
    }

    @Test
    void aConsoleNeedsAPoolAndAPortThatExists() {
        assertThatThrownBy(() -> PoolConsole.builder().start()).hasMessageContaining("at least one pool");
        assertThatThrownBy(() -> PoolConsole.builder().port(65_536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> PoolConsole.builder().address(InetSocketAddress.createUnresolved("nowhere", 1)))
                .hasMessageContaining("nowhere");
    }

    @Test
    void aPortInUseIsAClearErrorAndThePoolGoesOn() throws Exception {
        Set<Thread> before = threads();
        try (var test = new TestPool("orders");
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var builder = PoolConsole.builder().pool(test.pool).port(taken.getLocalPort());
            assertThatThrownBy(builder::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()))
                    .hasMessageContaining("choose another port");
            assertThat(threads()).isSubsetOf(before);
            test.touch("a");
            assertThat(test.pool.stats().idle()).isEqualTo(1);
            try (var console = builder.port(0).start()) {
                assertThat(Http.get(console.address(), "/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aPoolThatClosesIsShownAsClosed() throws Exception {
        var test = new TestPool("orders");
        try (var console = PoolConsole.start(test.pool);
                var reader = new EventReader(console.address())) {
            assertThat(reader.next("full").get("pools").get(0).get("closed").asBoolean())
                    .isFalse();
            test.close();
            JsonNode delta = reader.next("delta");
            if (!delta.get("pools").get(0).get("closed").asBoolean()) {
                delta = reader.next("delta"); // sampled just before
            }
            assertThat(delta.get("pools").get(0).get("closed").asBoolean()).isTrue();
        }
    }

    @Test
    void twoPoolsAreOnOnePage() throws Exception {
        try (var one = new TestPool("one");
                var other = new TestPool("other");
                var console =
                        PoolConsole.builder().pool(one.pool).pool(other.pool).start();
                var reader = new EventReader(console.address())) {
            assertThat(reader.next("full").get("pools"))
                    .extracting(pool -> pool.get("name").asText())
                    .containsExactly("one", "other");
        }
    }

    @Test
    void aCloseEndsReadersPortAndThreadsAndLeavesThePoolAlone() throws Exception {
        Set<Thread> before = threads();
        try (var test = new TestPool("orders")) {
            var console = PoolConsole.start(test.pool);
            assertThat(threads()).hasSizeGreaterThan(before.size()).allMatch(Thread::isDaemon);
            try (var reader = new EventReader(console.address());
                    var idle = new Socket(
                            console.address().getHost(), console.address().getPort())) {
                reader.next("full");
                assertThat(idle.isConnected()).isTrue();
                console.close();
                console.close();
                Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
                assertThatThrownBy(() -> {
                            while (reader.next() != null) {}
                            throw new java.io.IOException("the stream has ended");
                        })
                        .isInstanceOf(java.io.IOException.class);
            }
            assertThatThrownBy(() -> Http.get(console.address(), "/")).isInstanceOf(java.io.IOException.class);
            test.touch("a");
            assertThat(test.pool.stats().idle()).isEqualTo(1);
        }
    }
}
