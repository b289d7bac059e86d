package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.websocket.internal.queue.OutboundGate;
import io.genericpool.websocket.internal.queue.Termination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SendTest extends WithManager {
    private static final int MEGABYTE = 1024 * 1024;

    @BeforeEach
    void start() {
        builder.maxMessageSize(64 * MEGABYTE).inboundCapacity(1000, 64 * MEGABYTE);
        manager();
    }

    @Test
    void refusesAnOversizedMessageAndStaysOpen() throws Exception {
        try (var server = EchoServer.start()) {
            var connection = Managed.connect(manager, server.endpoint("/a")).lease().connection;
            assertThatThrownBy(() -> connection.send(new byte[20 * MEGABYTE]))
                    .isInstanceOf(MessageTooLargeException.class)
                    .satisfies(e ->
                            assertThat(((MessageTooLargeException) e).size()).isEqualTo(20L * MEGABYTE));
            assertThatThrownBy(() -> connection.send("\u20ac".repeat(6 * MEGABYTE)))
                    .isInstanceOf(MessageTooLargeException.class);
            connection.send("still here");
            assertThat(connection.receive(SOON).text()).isEqualTo("/a|still here");
        }
    }

    @Test
    void sendsTheLargestMessageThatOkHttpTakes() throws Exception {
        try (var server = EchoServer.start()) {
            var connection = Managed.connect(manager, server.endpoint("/a")).lease().connection;
            connection.send(new byte[OutboundGate.MAX_MESSAGE_SIZE]);
            assertThat(connection.receive(SOON).weight()).isEqualTo(OutboundGate.MAX_MESSAGE_SIZE);
        }
    }

    @Test
    void waitsForRoomInsteadOfLosingTheSocket() throws Exception {
        int messages = 100;
        try (var server = EchoServer.start()) {
            var connection = Managed.connect(manager, server.endpoint("/a")).lease().connection;
            var received = Async.run(() -> {
                for (int i = 0; i < messages; i++) {
                    assertThat(connection.receive(SOON).weight()).isEqualTo(MEGABYTE);
                }
            });
            byte[] megabyte = new byte[MEGABYTE];
            for (int i = 0; i < messages; i++) {
                connection.send(megabyte);
            }
            received.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void timesOutOnAPeerThatDoesNotReadAndCanSendLater() throws Exception {
        var read = new CountDownLatch(1);
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            read.await();
            connection.drain();
        })) {
            var connection = Managed.connect(manager, peer.endpoint()).lease().connection;
            Message megabyte = Message.binary(new byte[MEGABYTE]);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 40; i++) {
                            connection.send(megabyte, Duration.ofMillis(50));
                        }
                    })
                    .isInstanceOf(WebSocketTimeoutException.class)
                    .hasMessageContaining("bytes are queued");
            assertThat(connection.isOpen()).isTrue();
            read.countDown();
            for (int i = 0; i < 40; i++) {
                connection.send(megabyte, SOON);
            }
        }
    }

    @Test
    void servesAllWhoWaitToSend() throws Exception {
        var read = new CountDownLatch(1);
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            read.await();
            connection.drain();
        })) {
            var managed = Managed.connect(manager, peer.endpoint());
            var connection = managed.lease().connection;
            var filling = fill(connection);
            var senders = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 5; i++) {
                senders.add(sendThatWaits(connection));
            }
            assertThat(senders).noneMatch(CompletableFuture::isDone);
            read.countDown();
            senders.addAll(filling);
            for (var sender : senders) {
                sender.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void endsAWaitingSendWhenTheLeaseOrTheConnectionEnds() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.hang();
        })) {
            var managed = Managed.connect(manager, peer.endpoint());
            var lease = managed.lease();
            var filling = fill(lease.connection);
            var blocked = sendThatWaits(lease.connection);
            lease.close();
            assertThat(managed.connection.outbound().waiting()).isZero();
            assertThat(filling).last().satisfies(last -> assertThatThrownBy(() -> last.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class));
            assertThatThrownBy(() -> blocked.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);

            var next = managed.lease();
            fill(next.connection);
            var doomed = sendThatWaits(next.connection);
            managed.connection.abort(Termination.byPool(1001));
            assertThatThrownBy(() -> doomed.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(WebSocketClosedException.class);
        }
    }

    /** A send that is waiting for room when this returns. */
    private static CompletableFuture<Void> sendThatWaits(WebSocketConnection connection) {
        var sender = new CompletableFuture<Thread>();
        var sent = Async.run(() -> {
            sender.complete(Thread.currentThread());
            connection.send(Message.binary(new byte[MEGABYTE]), SOON);
        });
        await().until(() -> sender.isDone() && sender.join().getState() == Thread.State.TIMED_WAITING);
        return sent;
    }

    /** Sends more than the network and the queue can take from somebody whose peer does not read: who comes next waits. */
    private static List<CompletableFuture<Void>> fill(WebSocketConnection connection) {
        Message megabyte = Message.binary(new byte[MEGABYTE]);
        return Stream.generate(() -> connection.sendAsync(megabyte)).limit(32).toList();
    }
}
