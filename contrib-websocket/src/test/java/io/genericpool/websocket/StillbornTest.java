package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import io.genericpool.testkit.FakePoolClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that agrees to the upgrade, says why it is not to be used, and closes. */
@Timeout(60)
class StillbornTest extends WithManager {
    private static byte[] close(int code) {
        if (code == 1005) {
            return new byte[0];
        }
        byte[] reason = "no quota".getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + reason.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(reason, 0, payload, 2, reason.length);
        return payload;
    }

    /** Closes at once; with a sign, only then. */
    private static RawPeer peer(int code, boolean awaitsGo) throws Exception {
        return RawPeer.start(connection -> {
            connection.upgrade();
            if (awaitsGo) {
                connection.awaitGo();
            }
            connection.text("{\"error\":\"no quota\"}");
            connection.frame(0x88, close(code));
            connection.drain();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1005, 1008, 1013, 4000})
    void tellsTheRequestWhichCodeAndReasonTheServerGave(int code) throws Exception {
        try (var peer = peer(code, false);
                var pool = WebSocketPool.builder()
                        .baseUri(peer.endpoint().uri().toString())
                        // The connection is handed to the pool when it has ended already.
                        .connections(knobs -> knobs.onOpen(connection -> {
                            var ended = new CompletableFuture<Void>();
                            Async.supply(() -> {
                                await().until(() -> !connection.isOpen());
                                return ended.complete(null);
                            });
                            return ended;
                        }))
                        .build()) {
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection("/raw", SOON));
            assertThat(e).isNotNull();
            assertThat(e.getCause()).isInstanceOfSatisfying(WebSocketClosedException.class, closed -> {
                assertThat(closed.code()).isEqualTo(code);
                assertThat(closed.reason()).isEqualTo(code == 1005 ? "" : "no quota");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1005, 1008})
    void tellsThePoolOnTheWayToTheFirstLease(int code) throws Exception {
        builder.clock(new FakePoolClock());
        try (var peer = peer(code, true)) {
            var managed = Managed.connect(manager(), peer.endpoint());
            peer.go();
            assertThat(managed.causeOfDeath())
                    .isInstanceOfSatisfying(WebSocketClosedException.class, closed -> assertThat(closed.code())
                            .isEqualTo(code));
        }
    }

    @Test
    void takesAnOrderlyEndForOneOfAConnectionThatWasLeasedOrIdle() throws Exception {
        var clock = new FakePoolClock();
        builder.clock(clock);
        try (var peer = peer(1000, true)) {
            var leased = Managed.connect(manager(), peer.endpoint());
            leased.lease().close();
            var idle = Managed.connect(manager, peer.endpoint());
            clock.advance(Duration.ofSeconds(2));
            peer.go();
            assertThat(leased.causeOfDeath()).isNull();
            assertThat(idle.causeOfDeath()).isNull();
        }
    }
}
