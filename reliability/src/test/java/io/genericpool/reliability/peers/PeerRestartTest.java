package io.genericpool.reliability.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.websocket.Retry;
import io.genericpool.websocket.WebSocketPoolBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Independent servers that die under load, without a closing handshake, and come back on the same port. No answer reaches
 * the wrong use, a connection that dies costs one use at most, and in the end nothing is left.
 */
@Timeout(300)
class PeerRestartTest {
    private static final String NAME = "peer-restart";
    private static final int CONNECTIONS = 8;
    private static final int THREADS = 2 * CONNECTIONS;
    private static final int RESTARTS = Integer.getInteger("peer.restarts", 3);
    /** Before each restart. */
    private static final int EXCHANGES = Integer.getInteger("peer.exchanges", 400);

    /** 2 s is the goal; a machine on which others build too may be slower, and the table tells how slow. */
    private static final Duration BACK = Duration.ofSeconds(60);

    private static final List<Row> ROWS = Collections.synchronizedList(new ArrayList<>());

    private record Row(
            String peer,
            String retries,
            long exchanges,
            long wrong,
            Map<String, Long> failures,
            List<Long> backMillis) {
        @Override
        public String toString() {
            long failed = failures.values().stream().mapToLong(Long::longValue).sum();
            return "%-24s %-8s %,10d %8d %6d %6d  %s %s"
                    .formatted(peer, retries, exchanges, RESTARTS, wrong, failed, backMillis, failures);
        }
    }

    @AfterAll
    static void report() {
        System.out.printf("reliability peers: %d threads, %d connections%n", THREADS, CONNECTIONS);
        System.out.printf(
                "reliability peers: %-24s %-8s %10s %8s %6s %6s  %s%n",
                "server", "retries", "exchanges", "restarts", "wrong", "failed", "back after ms, failures");
        ROWS.forEach(row -> System.out.println("reliability peers: " + row));
    }

    static Stream<PeerCase> peers() {
        return PeerCase.all();
    }

    static Stream<PeerLibrary> libraries() {
        return PeerLibrary.chosen();
    }

    private static ConditionFactory soon() {
        return Awaitility.await()
                .atMost(BACK)
                .pollInterval(Duration.ofMillis(2))
                .pollDelay(Duration.ZERO);
    }

    /** Connects are retried while nobody listens, so all that fails is what was under way on a connection that died. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("peers")
    void costsOneUseOfEachConnectionAtMostAndLeavesNothing(PeerCase peer) throws Exception {
        Map<String, Long> failures = restart(
                peer,
                "yes",
                builder -> builder.retry(Retry.attempts(1_000).backoff(Duration.ofMillis(10), Duration.ofMillis(100))));
        assertThat(failures.values().stream().mapToLong(Long::longValue).sum())
                .as("failed uses of %d connections and %d restarts: %s", CONNECTIONS, RESTARTS, failures)
                .isLessThanOrEqualTo((long) CONNECTIONS * RESTARTS);
    }

    /** As a pool is without knobs: a connect that finds nobody listening fails a use. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("libraries")
    void comesBackWithoutRetriesToo(PeerLibrary library) throws Exception {
        Map<String, Long> failures = restart(new PeerCase(library, false, false), "none", builder -> {});
        assertThat(failures.getOrDefault("WebSocketClosedException", 0L))
                .as("failed uses of %d connections and %d restarts: %s", CONNECTIONS, RESTARTS, failures)
                .isLessThanOrEqualTo((long) CONNECTIONS * RESTARTS);
    }

    private static Map<String, Long> restart(PeerCase peer, String retries, Consumer<WebSocketPoolBuilder> knobs)
            throws Exception {
        Map<String, Long> failures;
        try (PeerServer server = peer.start()) {
            var builder = peer.pool(server.url())
                    .name(NAME)
                    .maxSize(CONNECTIONS)
                    .acquireTimeout(BACK)
                    .connectTimeout(BACK);
            knobs.accept(builder);
            var back = new ArrayList<Long>();
            try (var pool = builder.build()) {
                var load = new RestartLoad(pool, "/echo", THREADS, BACK);
                try (load) {
                    for (int i = 0; i < RESTARTS; i++) {
                        back.add(restart(server, load));
                    }
                    assertThat(pool.stats().total()).isLessThanOrEqualTo(CONNECTIONS);
                    assertThat(ClientSockets.areTold() && ClientSockets.to(server.port()) == 0)
                            .as("the probe for sockets is blind")
                            .isFalse();
                }
                failures = load.failures();
                ROWS.add(new Row(peer.toString(), retries, load.exchanges(), load.wrong(), failures, back));
                assertThat(load.wrong()).as("wrong answers").isZero();
                assertThat(server.application.most())
                        .as("connections the server has seen")
                        .isLessThanOrEqualTo(CONNECTIONS);
                assertThat(pool.stats().leased()).isZero();
                assertThat(pool.stats().waiters()).isZero();
            }
            soon().untilAsserted(() -> assertThat(server.application.open())
                    .as("sockets of the server")
                    .isZero());
            soon().untilAsserted(() -> assertThat(ClientSockets.to(server.port()))
                    .as("sockets of clients")
                    .isZero());
        }
        soon().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(NAME)));
        return failures;
    }

    private static long restart(PeerServer server, RestartLoad load) throws Exception {
        long enough = load.exchanges() + EXCHANGES;
        soon().until(() -> load.exchanges() >= enough);
        server.kill();
        soon().untilAsserted(() -> assertThat(server.application.open())
                .as("sockets of the dead server")
                .isZero());
        server.start(server.port());
        return load.recover().await(BACK).toMillis();
    }
}
