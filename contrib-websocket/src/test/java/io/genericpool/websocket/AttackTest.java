package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.Lease;
import io.genericpool.websocket.internal.socket.ConnectionView;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a hostile peer does to a pool: it costs one connection, which is replaced; nothing is left behind. */
@Timeout(60)
class AttackTest {
    private static final String NAME = "attack-test";

    private final AtomicInteger connections = new AtomicInteger();

    /** What the peer does to its first connection, and the close code that tells of it. */
    enum Attack {
        MASKED_FRAME(1002, connection -> connection.write(bytes(0x81, 0x81, 1, 2, 3, 4, 5))),
        INVALID_UTF8(1007, connection -> connection.frame(0x81, bytes(0xc3, 0x28))),
        RESERVED_OPCODE(1002, connection -> connection.frame(0x83, new byte[1])),
        RESERVED_BITS(1002, connection -> connection.frame(0xb1, new byte[1])),
        CONTINUATION_OF_NOTHING(1002, connection -> connection.frame(0x80, new byte[1])),
        MESSAGE_WITHIN_A_MESSAGE(1002, connection -> {
            connection.frame(0x01, new byte[1]);
            connection.frame(0x81, new byte[1]);
        }),
        PING_IN_FRAGMENTS(1002, connection -> connection.frame(0x09, new byte[1])),
        PING_TOO_LARGE(1002, connection -> connection.frame(0x89, new byte[126])),
        GIANT_FRAME(1009, connection -> connection.write(bytes(0x82, 127, 127, 0, 0, 0, 0, 0, 0, 0))),
        NEGATIVE_FRAME(1002, connection -> connection.write(bytes(0x82, 127, 255, 0, 0, 0, 0, 0, 0, 0))),
        CLOSE_WITHOUT_CODE(1005, connection -> connection.frame(0x88, new byte[0])),
        CLOSE_WITH_HALF_A_CODE(1002, connection -> connection.frame(0x88, new byte[1])),
        CLOSE_WITH_A_RESERVED_CODE(1002, connection -> connection.frame(0x88, bytes(0x03, 0xee))),
        CLOSE_WITH_A_PRIVATE_CODE(4999, connection -> connection.frame(0x88, bytes(0x13, 0x87))),
        END_WITHOUT_A_CLOSE(1006, RawPeer.Connection::shutdownOutput),
        END_WITHIN_A_HEADER(1006, connection -> {
            connection.write(bytes(0x82, 127, 0));
            connection.shutdownOutput();
        }),
        END_WITHIN_A_FRAME(1006, connection -> {
            connection.write(bytes(0x81, 100, 'a'));
            connection.shutdownOutput();
        }),
        RESET(1006, RawPeer.Connection::reset),
        RESET_WITHIN_A_FRAME(1006, connection -> {
            connection.write(bytes(0x81, 100, 'a'));
            connection.reset();
        });

        private final int code;
        private final RawPeer.Script script;

        Attack(int code, RawPeer.Script script) {
            this.code = code;
            this.script = script;
        }

        private static byte[] bytes(int... values) {
            byte[] bytes = new byte[values.length];
            for (int i = 0; i < values.length; i++) {
                bytes[i] = (byte) values[i];
            }
            return bytes;
        }
    }

    @AfterEach
    void leavesNoThread() {
        ThreadsLeft.awaitNone(NAME);
    }

    /** Attacks its first connection at a sign, greets on every other one. */
    private RawPeer peer(RawPeer.Script attack) throws Exception {
        return RawPeer.start(connection -> {
            connection.upgrade();
            if (connections.incrementAndGet() == 1) {
                connection.awaitGo();
                attack.run(connection);
            } else {
                connection.awaitMessage();
                connection.text("hello");
            }
            connection.drain();
        });
    }

    private static WebSocketPoolBuilder builder(RawPeer peer) {
        return WebSocketPool.builder()
                .name(NAME)
                .baseUri(peer.endpoint().uri().toString())
                .maxSize(1)
                .connections(knobs -> knobs.maxMessageSize(1000)
                        .closeTimeout(Duration.ofMillis(50))
                        .ioTimeout(Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @EnumSource
    void costsALeaseItsConnection(Attack attack) throws Exception {
        try (var peer = peer(attack.script);
                var pool = builder(peer).build()) {
            try (var lease = pool.connection("/raw")) {
                peer.go();
                var end = endOf(lease);
                assertThat(end.code()).isEqualTo(attack.code);
                assertThatThrownBy(() -> lease.connection().send("x")).isInstanceOf(WebSocketClosedException.class);
            }
            isReplaced(pool);
            assertThat(pool.traffic().closeCodes()).containsEntry(attack.code, 1L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNoticedOnAnIdleConnection(Attack attack) throws Exception {
        try (var peer = peer(attack.script);
                var pool = builder(peer).build()) {
            pool.connection("/raw").release();
            peer.go();
            isReplaced(pool);
        }
    }

    private static WebSocketClosedException endOf(Lease<WebSocketEndpoint, WebSocketConnection> lease) {
        return catchThrowableOfType(WebSocketClosedException.class, () -> {
            while (true) {
                lease.connection().receive(SOON);
            }
        });
    }

    private void isReplaced(WebSocketPool pool) {
        await().until(() -> pool.stats().total() == 0);
        assertThat(pool.stats().leased()).isZero();
        assertThat(pool.stats().disposed()).isEqualTo(1);
        assertThat(pool.traffic().openSockets()).isZero();
        assertThat(greetingOf(pool)).isEqualTo("hello");
        assertThat(pool.stats().created()).isEqualTo(2);
        assertThat(connections).hasValue(2);
    }

    private static String greetingOf(WebSocketPool pool) {
        return pool.use("/raw", connection -> {
            connection.send("hi");
            return connection.receive(SOON).text();
        });
    }

    @Test
    void losesAConnectionThatFloodsWhenThePolicySaysSo() throws Exception {
        try (var peer = peer(AttackTest::flood);
                var pool = builder(peer)
                        .connections(knobs -> knobs.overflowPolicy(OverflowPolicy.FAIL))
                        .build()) {
            try (var lease = pool.connection("/raw")) {
                peer.go();
                await().until(() -> !lease.connection().isOpen());
                assertThat(lease.connection().closeCode()).hasValue(1008);
            }
            isReplaced(pool);
        }
    }

    @Test
    void showsALeaseOnlyWhatAFloodBringsDuringIt() throws Exception {
        try (var peer = peer(AttackTest::flood);
                var pool = builder(peer)
                        .connections(knobs -> knobs.overflowPolicy(OverflowPolicy.DROP_OLDEST))
                        .build()) {
            peer.go();
            int last = 0;
            for (int i = 0; i < 20; i++) {
                try (var lease = pool.connection("/raw")) {
                    for (int j = 0; j < 100; j++) {
                        int next = Integer.parseInt(
                                lease.connection().receive(SOON).text());
                        assertThat(next).isGreaterThan(last);
                        last = next;
                    }
                }
            }
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void replacesAConnectionThatIsReleasedWhileItsReaderWaitsForRoom() throws Exception {
        try (var peer = peer(AttackTest::flood);
                var pool = builder(peer).build()) {
            try (var lease = pool.connection("/raw")) {
                peer.go();
                for (int i = 1; i <= 100; i++) {
                    assertThat(lease.connection().receive(SOON).text()).isEqualTo(Integer.toString(i));
                }
                var view = (ConnectionView) lease.connection();
                await().until(() -> view.open().inbound().isReaderBlocked());
            }
            isReplaced(pool);
        }
    }

    /** Numbered messages without an end. */
    private static void flood(RawPeer.Connection connection) throws Exception {
        for (int i = 1; ; i++) {
            connection.text(Integer.toString(i));
        }
    }

    @Test
    void refusesAFloodOfPingsWhosePongsAreNotRead() throws Exception {
        try (var peer = peer(connection -> {
                    byte[] payload = new byte[125];
                    while (true) {
                        connection.frame(0x89, payload);
                    }
                });
                var pool = builder(peer).build()) {
            try (var lease = pool.connection("/raw")) {
                peer.go();
                assertThat(endOf(lease).code()).isEqualTo(1008);
            }
            isReplaced(pool);
        }
    }

    @Test
    void keepsItsHeadWhenAPeerNeitherReadsNorCloses() throws Exception {
        try (var peer = peer(RawPeer.Connection::hang);
                var pool = builder(peer).build()) {
            Message large = Message.binary(new byte[1024 * 1024]);
            try (var lease = pool.connection("/raw")) {
                peer.go();
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 60; i++) {
                                lease.connection().send(large, Duration.ofMillis(200));
                            }
                        })
                        .isInstanceOf(WebSocketException.class);
                lease.invalidate();
            }
            isReplaced(pool);
        }
    }

    @Test
    void closesOnTimeUnderAttack() throws Exception {
        try (var peer = peer(AttackTest::flood)) {
            var pool = builder(peer).build();
            pool.connection("/raw").release();
            peer.go();
            var closed = Async.supply(() -> pool.close(Duration.ofSeconds(2)));
            assertThat(closed.get(30, TimeUnit.SECONDS).abandoned()).isZero();
            await().until(() -> pool.traffic().openSockets() == 0);
        }
    }

    @Test
    void endsWhatWaitsWhenAPeerIsCutOff() throws Exception {
        try (var peer = peer(RawPeer.Connection::reset);
                var pool = builder(peer).build()) {
            try (var lease = pool.connection("/raw")) {
                CompletableFuture<Message> waiting = lease.connection().receiveAsync();
                var pinging = Async.supply(() -> lease.connection().ping(SOON));
                peer.go();
                assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(WebSocketClosedException.class);
                assertThatThrownBy(() -> pinging.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(WebSocketClosedException.class);
            }
            isReplaced(pool);
        }
    }
}
