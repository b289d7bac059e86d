package io.genericpool.reliability.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.reliability.sockets.FaultPlans;
import io.genericpool.reliability.sockets.FaultyProxy;
import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Independent servers behind a proxy that resets, cuts, stalls and swallows connections in handshakes and messages. */
@Timeout(300)
class PeerFaultTest {
    private static final int THREADS = 16;
    private static final int CONNECTIONS = 12;
    private static final int CONNECTS = Integer.getInteger("peer.connects", 120);
    private static final long SEED = Long.getLong("connects.seed", System.nanoTime());
    /** About the length of a few answers, and of the upgrade's. */
    private static final int MAX_BYTES = 600;
    /** Short, as each use that meets a silent connection waits this long. */
    private static final Duration ANSWER = Duration.ofMillis(250);

    private static ConditionFactory soon() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(2))
                .pollDelay(Duration.ZERO);
    }

    static Stream<PeerLibrary> libraries() {
        return PeerLibrary.chosen();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("libraries")
    void givesNoUseTheAnswerOfAnotherThroughFaultsAndLeavesNoSocket(PeerLibrary library) throws Exception {
        var column = new PeerCase(library, true, false);
        try (PeerServer server = column.start()) {
            try (var proxy = new FaultyProxy(server.port(), new FaultPlans(SEED, MAX_BYTES));
                    var pool = column.pool("ws://" + PeerServer.HOST + ":" + proxy.port())
                            .maxSize(CONNECTIONS)
                            .connectTimeout(ANSWER.multipliedBy(2))
                            .connections(knobs -> knobs.ioTimeout(ANSWER).closeTimeout(ANSWER))
                            .pool(knobs -> knobs.maxLeases(5).connectGovernor(ConnectGovernor.unlimited()))
                            .build()) {
                var load = new RestartLoad(pool, "/echo", THREADS, ANSWER);
                try (load) {
                    soon().until(() -> proxy.connects() >= CONNECTS);
                }
                System.out.printf(
                        "reliability peers: %s behind faults: %,d connects, %,d exchanges, %d wrong, failures %s, seed %d%n",
                        library, proxy.connects(), load.exchanges(), load.wrong(), load.failures(), SEED);
                assertThat(load.wrong()).as("wrong answers with seed %d", SEED).isZero();
                assertThat(load.exchanges()).isPositive();
                assertThat(pool.stats().leased()).isZero();
                pool.close();
                soon().untilAsserted(() -> assertThat(ClientSockets.to(proxy.port()))
                        .as("sockets of clients")
                        .isZero());
            }
            soon().untilAsserted(() -> assertThat(server.application.open())
                    .as("sockets of the server")
                    .isZero());
        }
    }
}
