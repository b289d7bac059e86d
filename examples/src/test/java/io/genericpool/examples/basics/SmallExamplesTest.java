package io.genericpool.examples.basics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.PoolExhaustedException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.examples.server.EchoServer;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketConnectionManager;
import io.genericpool.websocket.WebSocketEndpoint;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the examples of the pages against a real server. */
@Timeout(60)
class SmallExamplesTest {
    private EchoServer server;
    private WebSocketConnectionManager manager;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        manager = WebSocketConnectionManager.builder().build();
    }

    @AfterEach
    void stop() {
        manager.close();
        server.close();
    }

    @Test
    void theFifteenLinesTalkToEachEndpointAndReuseConnections() {
        String one = server.endpoint("/one").uri().toString();
        String two = server.endpoint("/two").uri().toString();
        assertThat(outputOf(() -> FifteenLines.main(new String[] {one, two, one})))
                .isEqualToIgnoringNewLines("/one|hello\n/two|hello\n/one|hello\n2 connections opened\n");
    }

    @Test
    void aLeaseInOnesOwnHandsAnswersAndIsReleased() {
        try (var pool = ConnectionPools.builder(manager).build()) {
            warmUp(pool, server.endpoint("/llm"));
            var asking = new OwnLease(pool);
            assertThat(asking.ask(server.endpoint("/llm"), "one")).isEqualTo("/llm|one");
            assertThat(asking.ask(server.endpoint("/llm"), "two")).isEqualTo("/llm|two");
            assertThat(pool.stats().created()).isEqualTo(1);
            assertThat(pool.stats().leased()).isZero();
        }
    }

    @Test
    void reactiveUsesAnswerAndGiveTheirConnectionsBack() {
        var endpoint = server.endpoint("/llm");
        try (var pool = ConnectionPools.builder(manager).maxSize(1).build()) {
            assertThat(Reactive.ask(pool, endpoint, "one").block()).isEqualTo("/llm|one");
            assertThat(Reactive.isOpen(pool, endpoint).block()).isTrue();
            var followed = Reactive.follow(pool, endpoint, 1).collectList().toFuture();
            assertThat(followed).isNotDone();
            followed.cancel(true);
            await().until(() -> pool.stats().leased() == 0);
        }
    }

    @Test
    void anAsyncUseAnswersAndGivesItsConnectionBack() throws Exception {
        var endpoint = server.endpoint("/llm");
        try (var pool = ConnectionPools.builder(manager).maxSize(1).build()) {
            warmUp(pool, endpoint);
            var asking = new AsyncUse(pool);
            var answers = new ArrayList<CompletableFuture<String>>();
            for (int i = 0; i < 10; i++) {
                answers.add(asking.ask(endpoint, "question " + i));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("/llm|question " + i);
            }
            assertThat(pool.stats().created()).isEqualTo(1);
            assertThat(pool.stats().leased()).isZero();
        }
    }

    @Test
    void cancellingAnAsyncUseGivesTheConnectionUpAndTheNextOneGetsAnother() throws Exception {
        var endpoint = server.endpoint("/llm");
        try (var pool = ConnectionPools.builder(manager).maxSize(1).build()) {
            var isAtWork = new CountDownLatch(1);
            var silence = pool.useAsync(endpoint, connection -> {
                isAtWork.countDown();
                return connection.receiveAsync();
            });
            isAtWork.await();
            silence.cancel(true);
            warmUp(pool, endpoint);
            assertThat(new AsyncUse(pool).ask(endpoint, "hello").get(20, TimeUnit.SECONDS))
                    .isEqualTo("/llm|hello");
            assertThat(pool.stats().disposed(DisposeReason.INVALIDATED)).isEqualTo(1);
        }
    }

    @Test
    void anEndpointHasItsOwnLimitsOrThoseOfThePool() {
        try (var pool = OwnLimits.newPool(manager)) {
            var batch = server.endpoint("/batch");
            var leases = new ArrayList<AutoCloseable>();
            for (int i = 0; i < 3; i++) {
                leases.add(pool.connection(batch));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(pool.connectionAsync(batch)).isNotDone();
            }
            assertThatThrownBy(() -> pool.connection(batch))
                    .isInstanceOf(PoolExhaustedException.class)
                    .hasMessageContaining("maxWaiters");
            assertThat(leases).hasSize(3);
            pool.connection(server.endpoint("/market")).release();
            pool.connection(server.endpoint("/other")).release();
            assertThat(pool.stats(server.endpoint("/market"))
                            .orElseThrow()
                            .limits()
                            .maxSize())
                    .isEqualTo(5);
            assertThat(pool.stats(server.endpoint("/other"))
                            .orElseThrow()
                            .limits()
                            .maxSize())
                    .isEqualTo(20);
            pool.close(Duration.ZERO);
        }
    }

    /** The deadlines of the examples are for connections that are there; a busy machine may take longer to make one. */
    private static void warmUp(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, WebSocketEndpoint endpoint) {
        pool.connection(endpoint).release();
    }

    private static String outputOf(Runnable example) {
        PrintStream before = System.out;
        var text = new ByteArrayOutputStream();
        try (var out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            example.run();
        } finally {
            System.setOut(before);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
