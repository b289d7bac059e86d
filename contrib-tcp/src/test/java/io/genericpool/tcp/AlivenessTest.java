package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.tcp.internal.wire.ReadAhead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a check sees, and what it must not do. */
@Timeout(60)
class AlivenessTest {
    private static boolean isAlive(Kind.World world, SocketConnection connection) throws Exception {
        return world.<Object>manager().checkAliveness(world.endpoint(), connection, SOON);
    }

    private static void awaitDeath(Kind.World world, SocketConnection connection) {
        await().until(() -> !isAlive(world, connection));
    }

    @ParameterizedTest
    @EnumSource
    void aQuietConnectionIsAlive(Kind kind) throws Exception {
        try (var world = kind.world(Peer::echo)) {
            var connection = world.connect();
            for (int i = 0; i < 100; i++) {
                assertThat(isAlive(world, connection)).isTrue();
            }
            assertThat(Talk.ask(connection, "still here")).isEqualTo("still here");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndOfTheStreamIsSeen(Kind kind) throws Exception {
        try (var world = kind.world(Peer::echo)) {
            var connection = world.connect();
            world.end().close();
            awaitDeath(world, connection);
            assertThat(connection.isOpen()).isFalse();
            assertThat(nextByte(connection)).isEqualTo(-1);
        }
    }

    /** At the end, -1 or an error: TLS reads no more where a reset of the peer's came with the end. */
    private static int nextByte(SocketConnection connection) {
        try {
            return connection.input().read();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void aResetIsSeen() throws Exception {
        try (var world = Kind.TCP.world(Peer::echo)) {
            var connection = world.connect();
            world.end().reset();
            awaitDeath(world, connection);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHalfClosedConnectionIsOfNoMoreUse(Kind kind) throws Exception {
        try (var world = kind.world(end -> {
            end.in().read();
            end.shutdownOutput();
            Peer.hold(end);
        })) {
            var connection = world.connect();
            Talk.send(connection, "x");
            awaitDeath(world, connection);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unreadDataIsNoDeathAndIsNotLost(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold)) {
            var connection = world.connect();
            world.end().send("first ");
            for (int i = 0; i < 10; i++) {
                assertThat(isAlive(world, connection)).isTrue();
            }
            world.end().send("second");
            assertThat(isAlive(world, connection)).isTrue();
            assertThat(Talk.receive(connection, 12)).isEqualTo("first second");
            assertThat(isAlive(world, connection)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndIsSeenBehindALastMessageWhichCanStillBeRead(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold)) {
            var connection = world.connect();
            world.end().send("bye");
            world.end().close();
            awaitDeath(world, connection);
            assertThat(Talk.receive(connection, 3)).isEqualTo("bye");
            assertThat(connection.input().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAFloodNoByteIsLostOrSwapped(Kind kind) throws Exception {
        var flood = new byte[100_000];
        for (int i = 0; i < flood.length; i++) {
            flood[i] = (byte) (i * 31 >> 3);
        }
        try (var world = kind.world(end -> {
            end.out().write(flood);
            Peer.hold(end);
        })) {
            var connection = world.connect();
            await().until(() -> isAlive(world, connection)
                    && ((SocketConnectionView) connection).connection.unread() == ReadAhead.CAPACITY);
            var read = new byte[flood.length];
            int count = 0;
            while (count < read.length) {
                int size = Math.min(1 + count % 3_000, read.length - count);
                count += connection.input().readNBytes(read, count, size);
                assertThat(isAlive(world, connection)).isTrue();
            }
            assertThat(read).isEqualTo(flood);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCheckSendsNothing(Kind kind) throws Exception {
        var got = new ByteArrayOutputStream();
        var ended = new CountDownLatch(1);
        try (var world = kind.world(end -> {
            end.in().transferTo(got);
            ended.countDown();
        })) {
            var connection = world.connect();
            for (int i = 0; i < 10; i++) {
                assertThat(isAlive(world, connection)).isTrue();
            }
            Talk.send(connection, "x");
            connection.close();
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(got.toString()).isEqualTo("x");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCheckDoesNotWaitForWhoReadsWithoutALease(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold)) {
            var connection = world.connect();
            var stranger = new Thread(() -> {
                try {
                    connection.input().read();
                } catch (IOException e) {
                    // The end of the test.
                }
            });
            stranger.start();
            await().until(() -> !isAlive(world, connection)); // alive until he is inside
            world.<Object>manager().dispose(world.endpoint(), connection, DisposeReason.DEAD, SOON);
            stranger.join(20_000);
            assertThat(stranger.isAlive()).isFalse();
        }
    }

    @Test
    void sessionTicketsAreNoUnreadData() throws Exception {
        try (var world = Kind.TLS.world(Peer::echo, builder -> builder.unreadData(UnreadData.DISCARD))) {
            var connection = world.connect();
            // The tickets of TLS 1.3 come some time after the handshake.
            await().during(Duration.ofMillis(200)).until(() -> isAlive(world, connection));
            assertThat(connection.tlsSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
            assertThat(isAlive(world, connection)).isTrue();
            world.end().send("unasked");
            await().until(() -> !isAlive(world, connection));
        }
    }

    @Test
    void halfARecordOfTlsIsLeftForTheNextRead() throws Exception {
        try (var world = Kind.TLS.world(Peer::hold);
                var relay = Relay.to(world.server.endpoint())) {
            SocketConnectionManager<Object> manager = world.manager();
            var connection = manager.create(relay.endpoint(), SOON);
            relay.awaitQuiet();
            relay.holdBackAfter(7);
            world.end().send("in one record");
            await().until(() -> relay.heldBack() > 0);
            for (int i = 0; i < 5; i++) {
                assertThat(isAlive(world, connection)).isTrue();
            }
            relay.letThrough();
            assertThat(Talk.receive(connection, 13)).isEqualTo("in one record");
            manager.dispose(relay.endpoint(), connection, DisposeReason.CLOSED, SOON);
        }
    }

    @Test
    void anEndWithoutCloseNotifyIsAnErrorOfTls() throws Exception {
        try (var world = Kind.TLS.world(Peer::hold);
                var relay = Relay.to(world.server.endpoint())) {
            SocketConnectionManager<Object> manager = world.manager();
            var connection = manager.create(relay.endpoint(), SOON);
            relay.cut();
            awaitDeath(world, connection);
            assertThatThrownBy(() -> connection.input().transferTo(OutputStream.nullOutputStream()))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("close_notify");
        }
    }
}
