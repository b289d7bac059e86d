package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.testkit.FakePoolClock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sockets that were upgraded and are not wanted. To OkHttp each is in use until both of its streams are closed; one whose
 * streams nobody closes stays in its lists until the collector finds it, which it logs as a leak.
 */
@Timeout(60)
class ForgottenSocketTest {
    private final CountDownLatch released = new CountDownLatch(1);
    private final WebSocketConnectionManagerBuilder builder = WebSocketConnectionManager.builder();
    private WebSocketConnectionManager manager;

    /** What an interceptor that stands between OkHttp and the manager's own does once the answer is there. */
    private interface AfterTheAnswer {
        void run(Call call) throws Exception;
    }

    private WebSocketConnectionManager manager(AfterTheAnswer afterTheAnswer) {
        manager = builder.customizeClient(client -> client.addInterceptor(chain -> {
                    chain.call().addEventListener(new EventListener() {
                        @Override
                        public void connectionReleased(Call call, Connection connection) {
                            released.countDown();
                        }
                    });
                    var response = chain.proceed(chain.request());
                    try {
                        afterTheAnswer.run(chain.call());
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    return response;
                }))
                .build();
        return manager;
    }

    @AfterEach
    void isReleased() throws Exception {
        assertThat(released.await(30, TimeUnit.SECONDS)).as("released").isTrue();
        manager.close();
    }

    @Test
    void isReleasedWhenItsCallIsCancelledRightAfterTheUpgrade() throws Exception {
        try (var server = EchoServer.start()) {
            manager(Call::cancel);
            assertThatThrownBy(() -> manager.create(server.endpoint("/a"), SOON))
                    .isInstanceOf(WebSocketConnectException.class);
        }
    }

    @Test
    void isReleasedWhenTheTimeIsUpRightAfterTheUpgrade() throws Exception {
        try (var server = EchoServer.start()) {
            var clock = new FakePoolClock();
            var answered = new CountDownLatch(1);
            var late = new CountDownLatch(1);
            builder.clock(clock);
            manager(call -> {
                answered.countDown();
                late.await();
            });
            var connect = manager.createAsync(server.endpoint("/a"), SOON);
            assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
            clock.advance(SOON);
            assertThatThrownBy(() -> connect.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(WebSocketTimeoutException.class);
            late.countDown();
        }
    }

    @Test
    void isReleasedWhenTheManagerIsClosedRightAfterTheUpgrade() throws Exception {
        try (var server = EchoServer.start()) {
            manager(call -> manager.close());
            assertThatThrownBy(() -> manager.create(server.endpoint("/a"), SOON))
                    .isInstanceOf(WebSocketConnectException.class);
        }
    }

    @Test
    void isReleasedWhenItIsRefusedAndItsCloseCameWithTheAnswer() throws Exception {
        var written = new CompletableFuture<Void>();
        try (var peer = RawPeer.start(connection -> {
            connection.upgradeAndWrite(
                    new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xe8}, "Sec-WebSocket-Protocol: unheard-of");
            written.complete(null);
            connection.drain();
        })) {
            manager(call -> written.get(30, TimeUnit.SECONDS));
            assertThatThrownBy(() -> manager.create(peer.endpoint(), SOON))
                    .isInstanceOf(WebSocketHandshakeException.class);
        }
    }

    @Test
    void isReleasedWhenTheAnswerHasAWrongKey() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade("Sec-WebSocket-Accept: wrong");
            connection.drain();
        })) {
            manager(call -> {});
            assertThatThrownBy(() -> manager.create(peer.endpoint(), SOON))
                    .isInstanceOf(WebSocketHandshakeException.class)
                    .hasMessageContaining("wrong handshake");
        }
    }

    @Test
    void isReleasedWhenTheAnswerHasAnExtensionThatWasNotOffered() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade("Sec-WebSocket-Extensions: x-webkit-deflate-frame");
            connection.drain();
        })) {
            manager(call -> {});
            assertThatThrownBy(() -> manager.create(peer.endpoint(), SOON))
                    .isInstanceOf(WebSocketConnectException.class);
        }
    }
}
