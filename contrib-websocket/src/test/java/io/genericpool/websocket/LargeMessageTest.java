package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.api.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages of 20 MiB, which is more than OkHttp sends and than the pool receives unless told so. */
@Timeout(60)
class LargeMessageTest {
    private static final String NAME = "large-test";
    private static final int SIZE = 20 * 1024 * 1024;

    private EchoServer server;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        ThreadsLeft.awaitNone(NAME);
    }

    private WebSocketPoolBuilder builder() {
        return WebSocketPool.builder()
                .name(NAME)
                .baseUri(server.endpoint("/").uri().toString());
    }

    private void pushLarge() {
        server.forEach("/a", session -> session.sendBinary(ByteBuffer.allocate(SIZE), Callback.NOOP));
    }

    @Test
    void receivesWhatItIsToldToReceive() {
        try (var pool =
                builder().connections(knobs -> knobs.maxMessageSize(SIZE)).build()) {
            for (int i = 0; i < 3; i++) {
                try (var lease = pool.connection("/a")) {
                    pushLarge();
                    assertThat(lease.connection().receive(SOON).payloadSize()).isEqualTo(SIZE);
                    server.push("/a", "x".repeat(SIZE));
                    assertThat(lease.connection().receive(SOON).text()).hasSize(SIZE);
                }
            }
            server.awaitOpened(1);
        }
    }

    @Test
    void refusesWhatItIsNotToldToReceive() {
        try (var pool = builder().build()) {
            try (var lease = pool.connection("/a")) {
                pushLarge();
                var end = catchThrowableOfType(
                        WebSocketClosedException.class, () -> lease.connection().receive(SOON));
                assertThat(end.code()).isEqualTo(1009);
                assertThat(end).hasCauseInstanceOf(MessageTooLargeException.class);
            }
            await().until(() -> pool.stats().total() == 0 && server.open() == 0);
            assertThat(pool.traffic().openSockets()).isZero();
            assertThat(server.closeCodes()).containsExactly(1009);
        }
    }

    @Test
    void refusesToSendOneAndKeepsTheConnection() {
        try (var pool = builder().build()) {
            try (var lease = pool.connection("/a")) {
                assertThatThrownBy(() -> lease.connection().send(new byte[SIZE]))
                        .isInstanceOf(MessageTooLargeException.class);
            }
            String answer = pool.use("/a", connection -> {
                connection.send("x");
                return connection.receive(SOON).text();
            });
            assertThat(answer).isEqualTo("/a|x");
            server.awaitOpened(1);
        }
    }
}
