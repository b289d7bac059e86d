package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.Lease;
import io.genericpool.SuspendMode;
import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class WebSocketPoolTest extends WithServer {
    private static String ask(WebSocketConnection connection, String question) {
        connection.send(question);
        return connection.receive(SOON).text();
    }

    @Test
    void leasesByPathAndReuses() {
        try (var pool = builder().maxSize(2).build()) {
            for (int i = 0; i < 10; i++) {
                try (var lease = pool.connection("/a")) {
                    assertThat(ask(lease.connection(), "q" + i)).isEqualTo("/a|q" + i);
                }
            }
            String answer = pool.use("/b", connection -> ask(connection, "x"));
            assertThat(answer).isEqualTo("/b|x");
            server.awaitOpened(2);
            assertThat(pool.stats().created()).isEqualTo(2);
            assertThat(pool.traffic().messagesIn()).isEqualTo(11);
            assertThat(pool.traffic().messagesOut()).isEqualTo(11);
            assertThat(pool.traffic().connects()).isEqualTo(2);
        }
        await().until(() -> server.open() == 0);
        assertThat(server.closeCodes()).containsExactly(1001, 1001);
    }

    @ParameterizedTest
    @ValueSource(ints = {66, 1000})
    void opensAsManyAsItMayAtOnce(int count) throws Exception {
        try (var pool = builder()
                .maxSize(count)
                .totalMaxSize(count)
                .acquireTimeout(Duration.ofMinutes(1))
                .connectTimeout(Duration.ofMinutes(1))
                .pool(knobs -> knobs.maxConnectsPerEndpoint(64))
                .build()) {
            var leases = new ArrayList<CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>>>();
            for (int i = 0; i < count; i++) {
                leases.add(pool.connectionAsync("/a"));
            }
            for (var lease : leases) {
                assertThat(ask(lease.get(60, TimeUnit.SECONDS).connection(), "x"))
                        .isEqualTo("/a|x");
            }
            server.awaitOpen(count);
            for (var lease : leases) {
                lease.join().release();
            }
        }
        await().until(() -> server.open() == 0);
    }

    @Test
    void neverLeaksAMessageFromOneLeaseToAnother() throws Exception {
        int cycles = 10_000;
        var stop = new AtomicBoolean();
        try (var pool = builder().maxSize(2).build()) {
            var noise = Async.run(() -> {
                while (!stop.get()) {
                    if (server.open("/a") > 0) {
                        server.push("/a", "noise");
                    }
                    LockSupport.parkNanos(100_000);
                }
            });
            var workers = new ArrayList<CompletableFuture<Void>>();
            for (int worker = 0; worker < 2; worker++) {
                String name = "w" + worker;
                workers.add(Async.run(() -> {
                    for (int i = 0; i < cycles / 2; i++) {
                        try (var lease = pool.connection("/a")) {
                            // Asked in one lease and never received: its answer must not come up in the next. A second
                            // question in the same lease follows, so that the answer to the first is there before its
                            // end.
                            String mine = name + "-" + i;
                            lease.connection().send("unread-" + mine);
                            String answer = "/a|" + mine;
                            Message found = lease.connection()
                                    .request(
                                            Message.text(mine),
                                            message -> {
                                                assertThat(message.text()).isIn("noise", "/a|unread-" + mine, answer);
                                                return message.text().equals(answer);
                                            },
                                            SOON);
                            assertThat(found.text()).isEqualTo(answer);
                        }
                    }
                }));
            }
            try {
                for (var worker : workers) {
                    worker.get(100, TimeUnit.SECONDS);
                }
            } finally {
                stop.set(true);
            }
            noise.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void takesADeadConnectionOutWhileItIsIdle() {
        try (var pool = builder().build()) {
            pool.connection("/a").release();
            server.kill("/a");
            await().until(() -> pool.stats().total() == 0);
            String answer = pool.use("/a", connection -> ask(connection, "x"));
            assertThat(answer).isEqualTo("/a|x");
        }
    }

    @Test
    void suspendsAndEvictsByThePoolBehindIt() {
        try (var pool = builder().build()) {
            WebSocketEndpoint endpoint = pool.endpoint("/a");
            pool.connection("/a").release();
            pool.pool().suspend(endpoint, SuspendMode.FAIL);
            assertThatThrownBy(() -> pool.connection("/a")).isInstanceOf(EndpointUnavailableException.class);
            pool.pool().resume(endpoint);
            try (var lease = pool.connection("/a")) {
                pool.pool().evict(endpoint);
                assertThat(ask(lease.connection(), "still mine")).isEqualTo("/a|still mine");
            }
            await().until(() -> server.open() == 0 && pool.stats().total() == 0);
            assertThat(server.closeCodes()).containsExactly(1000);
            String answer = pool.use("/a", connection -> ask(connection, "x"));
            assertThat(answer).isEqualTo("/a|x");
        }
    }

    @Test
    void tellsThePeerTheCodeOfAUsersClose() {
        try (var pool = builder().build()) {
            for (int i = 0; i < 20; i++) {
                try (var lease = pool.connection("/a")) {
                    lease.connection().close(4000 + i, "done");
                }
            }
            await().until(() -> server.open() == 0 && pool.stats().total() == 0);
            assertThat(pool.stats().created()).isEqualTo(20);
            assertThat(server.closeCodes())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(4000, 4020).boxed().toList());
        }
    }

    @Test
    void putsADrainedConnectionBackAndDoesNotHoldWhoReleasesIt() {
        var clock = new FakePoolClock();
        var quiet = Duration.ofMillis(500);
        var drained = new AtomicInteger();
        try (var pool = builder()
                .maxSize(1)
                .connections(knobs -> knobs.clock(clock))
                .drain(Drain.quietFor(quiet).onlyIf(message -> drained.incrementAndGet() > 0))
                .build()) {
            try (var lease = pool.connection("/a")) {
                lease.connection().send("unread");
            }
            // The drain's clock stands still, so whoever releases has not waited for it.
            assertThat(pool.stats().pending()).isEqualTo(1);
            assertThat(pool.stats().total()).isEqualTo(1);
            var next = pool.connectionAsync("/a");
            assertThat(next).isNotDone();
            await().until(() -> drained.get() == 1);
            await().until(() -> {
                clock.advance(quiet);
                return next.isDone();
            });
            try (var lease = next.join()) {
                assertThat(ask(lease.connection(), "x")).isEqualTo("/a|x");
            }
            server.awaitOpened(1);
            assertThat(pool.stats().disposed()).isZero();
        }
    }

    @Test
    void replacesAConnectionOnWhichADrainFindsWhatItMustNotDrop() {
        try (var pool = builder()
                .maxSize(1)
                .drain(Drain.quietFor(Duration.ofMinutes(1))
                        .onlyIf(message -> message.text().startsWith("notification")))
                .pool(knobs -> knobs.resetTimeout(Duration.ofMinutes(5)))
                .build()) {
            pool.connection("/a").release();
            await().until(() -> pool.stats().pending() == 1);
            server.push("/a", "notification");
            server.push("/a", "the answer that nobody awaited");
            String answer = pool.use("/a", connection -> ask(connection, "x"));
            assertThat(answer).isEqualTo("/a|x");
            server.awaitOpened(2);
            assertThat(pool.stats().disposed()).isEqualTo(1);
        }
    }

    @Test
    void sendsHeadersToTheBaseAndToAllowedOriginsOnly() throws Exception {
        try (var other = EchoServer.start();
                var allowed = EchoServer.start()) {
            var seen = new ConcurrentHashMap<String, String>();
            server.onUpgrade(
                    (rq, rs) -> seen.put("base", String.valueOf(rq.getHeaders().get("X-Key"))));
            other.onUpgrade(
                    (rq, rs) -> seen.put("other", String.valueOf(rq.getHeaders().get("X-Key"))));
            allowed.onUpgrade((rq, rs) ->
                    seen.put("allowed", String.valueOf(rq.getHeaders().get("X-Key"))));
            try (var pool = builder()
                    .header("X-Key", "secret")
                    .allowOrigin(allowed.endpoint("/").uri().toString())
                    .build()) {
                pool.connection("/a").release();
                pool.connection(other.endpoint("/a").uri().toString()).release();
                pool.connection(allowed.endpoint("/a").uri().toString()).release();
            }
            assertThat(seen)
                    .containsEntry("base", "secret")
                    .containsEntry("other", "null")
                    .containsEntry("allowed", "secret");
        }
    }

    @Test
    void sendsTheHeadersOfItsOwnBuildWhenABuilderIsUsedAgain() {
        var seen = new ConcurrentHashMap<String, String>();
        server.onUpgrade(
                (rq, rs) -> seen.put("base", String.valueOf(rq.getHeaders().get("X-Key"))));
        var builder = builder().header("X-Key", "first");
        try (var first = builder.build();
                var second = builder.header("X-Key", "second").build()) {
            second.connection("/a").release();
            assertThat(seen).containsEntry("base", "second");
            first.connection("/a").release();
            assertThat(seen).containsEntry("base", "first");
        }
    }

    @Test
    void refusesHeadersThatMayGoNowhere() {
        assertThatThrownBy(
                        () -> WebSocketPool.builder().header("X-Key", "secret").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("baseUri");
    }

    @Test
    void failsFastWhileAServerRefusesItsCredentials() throws Exception {
        try (var refusing = new MockWebServer()) {
            for (int i = 0; i < 10; i++) {
                refusing.enqueue(new MockResponse.Builder().code(401).build());
            }
            refusing.start();
            try (var pool = WebSocketPool.builder()
                    .retry(Retry.attempts(3).backoff(Duration.ofSeconds(5), Duration.ofSeconds(10)))
                    .build()) {
                String uri = refusing.url("/").toString();
                assertThatThrownBy(() -> pool.connection(uri))
                        .isInstanceOf(ConnectionCreateException.class)
                        .hasCauseInstanceOf(WebSocketHandshakeException.class);
                assertThatThrownBy(() -> pool.connection(uri))
                        .isInstanceOf(EndpointUnavailableException.class)
                        .hasCauseInstanceOf(WebSocketHandshakeException.class);
                assertThat(refusing.getRequestCount()).isEqualTo(1);
            }
        }
    }

    @Test
    void worksAsynchronously() throws Exception {
        try (var pool = builder().maxSize(4).build()) {
            var answers = new ArrayList<CompletableFuture<String>>();
            for (int i = 0; i < 200; i++) {
                String question = "q" + i;
                answers.add(pool.useAsync("/a", connection -> connection
                        .sendAsync(question)
                        .thenCompose(nothing -> connection.receiveAsync())
                        .thenApply(Message::text)));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("/a|q" + i);
            }
            assertThat(server.most()).isLessThanOrEqualTo(4);
        }
    }
}
