package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.websocket.internal.socket.OkHttpConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class DeathTest {
    private EchoServer server;
    private WebSocketConnectionManager manager;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        manager = WebSocketConnectionManager.builder()
                .maxMessageSize(1000)
                .closeTimeout(Duration.ofMillis(300))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        manager.close();
        server.close();
        await().until(() -> manager.openSockets() == 0);
    }

    @Test
    void noticesACloseWhileIdle() throws Exception {
        var managed = Managed.connect(manager, server.endpoint("/a"));
        managed.lease().close();
        server.close("/a", 1001, "bye");
        assertThat(managed.causeOfDeath()).isNull();
        assertThat(managed.connection.isOpen()).isFalse();
        assertThat(managed.connection.closeCode()).hasValue(1001);
        assertThat(managed.connection.closeReason()).contains("bye");
        assertThat(manager.checkAliveness(managed.connection.endpoint(), managed.connection, SOON))
                .isFalse();
        await().until(() -> manager.openSockets() == 0 && server.open() == 0);
    }

    @Test
    void tellsThePoolOfADeathThatCameBeforeIt() throws Exception {
        var connection = (OkHttpConnection) manager.create(server.endpoint("/a"), SOON);
        server.close("/a", 4001, "out");
        await().until(() -> !connection.isOpen());
        var death = new CompletableFuture<Throwable>();
        manager.bind(connection.endpoint(), connection, new ConnectionSignals() {
            @Override
            public void dead(Throwable cause) {
                death.complete(cause);
            }

            @Override
            public void retire() {}
        });
        assertThat(death.get(30, TimeUnit.SECONDS))
                .isInstanceOf(WebSocketClosedException.class)
                .hasMessageContaining("4001");
    }

    @Test
    void endsAWaitingReceiveWithCodeAndReason() throws Exception {
        var lease = Managed.connect(manager, server.endpoint("/a")).lease();
        var waiting = lease.connection.receiveAsync();
        server.close("/a", 4000, "enough");
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(WebSocketClosedException.class)
                .satisfies(e -> {
                    var closed = (WebSocketClosedException) e.getCause();
                    assertThat(closed.code()).isEqualTo(4000);
                    assertThat(closed.reason()).isEqualTo("enough");
                });
        assertThatThrownBy(() -> lease.connection.send("x")).isInstanceOf(WebSocketClosedException.class);
        assertThatThrownBy(() -> lease.connection.receive(SOON)).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    void letsWhatArrivedBeforeACloseBeReceived() throws Exception {
        var managed = Managed.connect(manager, server.endpoint("/a"));
        var lease = managed.lease();
        server.push("/a", "last words");
        server.close("/a", 1000, "");
        managed.causeOfDeath();
        assertThat(lease.connection.receive(SOON).text()).isEqualTo("last words");
        var e = catchThrowableOfType(WebSocketClosedException.class, () -> lease.connection.receive(SOON));
        assertThat(e.code()).isEqualTo(1000);
    }

    @Test
    void noticesAnEndWithoutAClose() throws Exception {
        var managed = Managed.connect(manager, server.endpoint("/a"));
        var lease = managed.lease();
        server.kill("/a");
        var e = catchThrowableOfType(WebSocketClosedException.class, () -> lease.connection.receive(SOON));
        assertThat(e.code()).isEqualTo(1006);
        assertThat(e.getCause()).isNotNull();
        assertThat(managed.causeOfDeath()).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    void noticesAResetInMidFrame() throws Exception {
        var proceed = new CountDownLatch(1);
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            proceed.await();
            connection.write(new byte[] {(byte) 0x81, 100, 'a', 'b'});
            connection.reset();
        })) {
            var managed = Managed.connect(manager, peer.endpoint());
            proceed.countDown();
            assertThat(managed.causeOfDeath()).isInstanceOf(WebSocketClosedException.class);
        }
    }

    @Test
    void cutsAPeerThatClosesButDoesNotEnd() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.awaitGo();
            connection.frame(0x88, new byte[] {0x03, (byte) 0xe8});
            connection.hang();
        })) {
            var managed = Managed.connect(manager, peer.endpoint());
            managed.lease();
            peer.go();
            assertThat(managed.causeOfDeath()).isNull();
            await().until(() -> manager.openSockets() == 0);
        }
    }

    @Test
    void closesOnAMessageThatIsTooLarge() throws Exception {
        var managed = Managed.connect(manager, server.endpoint("/a"));
        var lease = managed.lease();
        lease.connection.send("x".repeat(2000));
        var e = catchThrowableOfType(WebSocketClosedException.class, () -> lease.connection.receive(SOON));
        assertThat(e.code()).isEqualTo(1009);
        assertThat(e.getCause()).isInstanceOf(MessageTooLargeException.class);
        await().until(() -> server.open() == 0);
        assertThat(server.closeCodes()).containsExactly(1009);
    }

    @Test
    void closesWithTheUsersCodeAndTellsThePool() throws Exception {
        var managed = Managed.connect(manager, server.endpoint("/a"));
        var lease = managed.lease();
        lease.connection.close(3999, "done");
        managed.causeOfDeath();
        assertThat(lease.connection.isOpen()).isFalse();
        assertThat(lease.connection.closeCode()).hasValue(3999);
        await().until(() -> server.open() == 0 && manager.openSockets() == 0);
        assertThat(server.closeCodes()).containsExactly(3999);
    }

    @ParameterizedTest
    @EnumSource(DisposeReason.class)
    void isGoneWhenItsDisposalEnds(DisposeReason reason) throws Exception {
        var managed = Managed.connect(manager, server.endpoint("/a"));
        manager.dispose(server.endpoint("/a"), managed.connection, reason, SOON);
        assertThat(manager.openSockets()).isZero();
        await().until(() -> server.open() == 0);
        int expected =
                switch (reason) {
                    case DEAD, INVALIDATED, HOOK_FAILED -> 1006;
                    case CLOSED -> 1001;
                    default -> 1000;
                };
        assertThat(server.closeCodes()).containsExactly(expected);
        assertThat(manager.stats().closeCodes())
                .as("what is counted is what the peer sees")
                .containsOnlyKeys(expected);
        // What the pool does itself is no death.
        assertThat(managed.death).satisfiesAnyOf(death -> assertThat(death).isNotDone(), death -> assertThat(death)
                .isCompletedWithValue(null));
    }

    @Test
    void countsWhatThePeersSeeWhenItsManagerIsClosed() throws Exception {
        Managed.connect(manager, server.endpoint("/a"));
        server.awaitOpened(1);
        manager.close();
        await().until(() -> server.open() == 0 && manager.openSockets() == 0);
        assertThat(server.closeCodes()).containsExactly(1006);
        assertThat(manager.stats().closeCodes()).containsOnlyKeys(1006);
    }

    @Test
    void cutsAPeerThatDoesNotAnswerAClose() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.hang();
        })) {
            var managed = Managed.connect(manager, peer.endpoint());
            manager.disposeAsync(peer.endpoint(), managed.connection, DisposeReason.IDLE_TIMEOUT, SOON)
                    .get(30, TimeUnit.SECONDS);
            assertThat(manager.openSockets()).isZero();
        }
    }

    @Test
    void cutsAPeerWhenItsDisposalIsCancelled() throws Exception {
        manager.close();
        manager = WebSocketConnectionManager.builder()
                .closeTimeout(Duration.ofMinutes(1))
                .build();
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.hang();
        })) {
            var managed = Managed.connect(manager, peer.endpoint());
            var disposal = manager.disposeAsync(
                    peer.endpoint(), managed.connection, DisposeReason.IDLE_TIMEOUT, Duration.ofMinutes(1));
            disposal.cancel(true);
            await().until(() -> manager.openSockets() == 0);
        }
    }

    @Test
    void failsWhenTheQueueIsFullAndThePolicySaysSo() throws Exception {
        manager.close();
        manager = WebSocketConnectionManager.builder()
                .inboundCapacity(2, 1000)
                .overflowPolicy(OverflowPolicy.FAIL)
                .build();
        var managed = Managed.connect(manager, server.endpoint("/a"));
        var lease = managed.lease();
        for (int i = 0; i < 3; i++) {
            lease.connection.send("x");
        }
        assertThat(managed.causeOfDeath()).hasMessageContaining("1008");
    }

    @ParameterizedTest
    @EnumSource(
            value = OverflowPolicy.class,
            names = {"DROP_OLDEST", "DROP_NEWEST"})
    void dropsWhatThePolicySays(OverflowPolicy policy) throws Exception {
        manager.close();
        manager = WebSocketConnectionManager.builder()
                .inboundCapacity(2, 1000)
                .overflowPolicy(policy)
                .build();
        var managed = Managed.connect(manager, server.endpoint("/a"));
        var lease = managed.lease();
        for (int i = 0; i < 4; i++) {
            lease.connection.send("m" + i);
        }
        await().until(() -> managed.connection.inbound().dropped() == 2);
        int first = policy == OverflowPolicy.DROP_OLDEST ? 2 : 0;
        assertThat(lease.connection.receive(SOON).text()).isEqualTo("/a|m" + first);
        assertThat(lease.connection.receive(SOON).text()).isEqualTo("/a|m" + (first + 1));
    }
}
