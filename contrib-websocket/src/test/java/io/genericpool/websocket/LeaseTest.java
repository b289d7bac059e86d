package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaseTest {
    private EchoServer server;
    private WebSocketConnectionManager manager;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        manager = WebSocketConnectionManager.builder().inboundCapacity(4, 1024).build();
    }

    @AfterEach
    void stop() throws Exception {
        manager.close();
        server.close();
    }

    private Managed connect() throws Exception {
        return Managed.connect(manager, server.endpoint("/a"));
    }

    @Test
    void neverShowsOneLeaseWhatArrivedForAnother() throws Exception {
        var managed = connect();
        try (var first = managed.lease()) {
            first.connection.send("one");
            first.connection.send("two");
            assertThat(first.connection.receive(SOON).text()).isEqualTo("/a|one");
            await().until(() -> queued(managed) == 1);
        }
        server.push("/a", "while idle");
        await().until(() -> managed.connection.inbound().dropped() == 2);
        try (var second = managed.lease()) {
            assertThat(second.connection.tryReceive()).isEmpty();
            second.connection.send("three");
            assertThat(second.connection.receive(SOON).text()).isEqualTo("/a|three");
        }
    }

    /** What a lease would receive, counted without taking it: all that arrived, less what was taken or dropped. */
    private long queued(Managed managed) {
        return managed.connection.inbound().size();
    }

    @Test
    void dropsAMessageThatWaitsForRoomWhenItsLeaseEnds() throws Exception {
        var managed = connect();
        try (var first = managed.lease()) {
            for (int i = 0; i < 10; i++) {
                first.connection.send("old" + i);
            }
            await().until(() -> queued(managed) == 4);
        }
        try (var second = managed.lease()) {
            second.connection.send("new");
            // Late ones of the ten may still come in; none does that was read before the second lease began.
            Message message = second.connection.receive(SOON);
            while (!message.text().equals("/a|new")) {
                assertThat(message.text()).isNotIn("/a|old0", "/a|old1", "/a|old2", "/a|old3", "/a|old4");
                message = second.connection.receive(SOON);
            }
        }
    }

    @Test
    void keepsAMessageThatBeganInOneLeaseFromTheNext() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.frame(0x01, new byte[] {'o', 'l'});
            connection.awaitGo();
            connection.frame(0x80, new byte[] {'d'});
            connection.text("new");
            connection.drain();
        })) {
            var managed = Managed.connect(manager, peer.endpoint());
            try (var ignored = managed.lease()) {
                await().until(() -> managed.connection.snapshot().bytesIn() == 4);
            }
            try (var second = managed.lease()) {
                peer.go();
                assertThat(second.connection.receive(SOON).text()).isEqualTo("new");
            }
        }
    }

    @Test
    void keepsWhatWasReadAheadInOneLeaseFromTheNext() throws Exception {
        var leased = new CountDownLatch(1);
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            leased.await();
            byte[] frame = {(byte) 0x81, 3, 'o', 'l', 'd'};
            byte[] frames = new byte[20 * frame.length];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = frame[i % frame.length];
            }
            connection.write(frames);
            connection.awaitGo();
            connection.text("new");
            connection.drain();
        })) {
            var managed = Managed.connect(manager, peer.endpoint());
            try (var ignored = managed.lease()) {
                leased.countDown();
                // It has read all of them and waits for room for the fifth.
                await().until(() -> managed.connection.inbound().isReaderBlocked()
                        && managed.connection.snapshot().bytesIn() == 100);
            }
            try (var second = managed.lease()) {
                peer.go();
                assertThat(second.connection.receive(SOON).text()).isEqualTo("new");
            }
        }
    }

    @Test
    void endsAWaitingReceiveAtItsRelease() throws Exception {
        var managed = connect();
        var lease = managed.lease();
        var blocked = Async.supply(() -> lease.connection.receive(SOON));
        await().until(() -> managed.connection.inbound().hasReceiver());
        lease.close();
        assertThatThrownBy(() -> blocked.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);

        var next = managed.lease();
        var future = next.connection.receiveAsync();
        next.close();
        assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void doesNothingAfterItsRelease() throws Exception {
        var managed = connect();
        var lease = managed.lease();
        WebSocketConnection view = lease.connection;
        lease.close();
        try (var next = managed.lease()) {
            assertThatThrownBy(() -> view.send("late")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> view.receive(SOON)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(view::tryReceive).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(view::receiveAsync).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(view::close).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(view::isOpen).isInstanceOf(IllegalStateException.class);
            assertThat(view.toString()).contains("ended");
            next.connection.send("mine");
            assertThat(next.connection.receive(SOON).text()).isEqualTo("/a|mine");
        }
    }

    @Test
    void allowsOneReaderAtATime() throws Exception {
        var lease = connect().lease();
        var first = lease.connection.receiveAsync();
        assertThatThrownBy(() -> lease.connection.receive(Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one reader at a time");
        assertThatThrownBy(lease.connection::receiveAsync).isInstanceOf(IllegalStateException.class);
        lease.connection.send("x");
        assertThat(first.get(30, TimeUnit.SECONDS).text()).isEqualTo("/a|x");
    }

    @Test
    void losesNoMessageToAReceiveThatTimedOutOrWasCancelled() throws Exception {
        var lease = connect().lease();
        WebSocketConnection connection = lease.connection;
        assertThatThrownBy(() -> connection.receive(Duration.ofMillis(20)))
                .isInstanceOf(WebSocketTimeoutException.class);
        assertThatThrownBy(() -> connection.receive(Duration.ZERO)).isInstanceOf(WebSocketTimeoutException.class);
        assertThat(connection.receiveAsync().cancel(true)).isTrue();
        var timedOut = connection.receiveAsync().orTimeout(20, TimeUnit.MILLISECONDS);
        assertThatThrownBy(timedOut::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        for (int i = 0; i < 200; i++) {
            connection.send("m" + i);
            var racing = connection.receiveAsync();
            String text = racing.cancel(true)
                    ? connection.receive(SOON).text()
                    : racing.get(30, TimeUnit.SECONDS).text();
            assertThat(text).isEqualTo("/a|m" + i);
        }
    }

    @Test
    void letsAReceiveBeInterrupted() throws Exception {
        var managed = connect();
        var lease = managed.lease();
        var interrupted = new CompletableFuture<Boolean>();
        var thread = new Thread(() -> {
            try {
                lease.connection.receive(SOON);
            } catch (WebSocketInterruptedException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        await().until(() -> managed.connection.inbound().hasReceiver());
        thread.interrupt();
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void refusesBadArguments() throws Exception {
        var connection = connect().lease().connection;
        assertThatThrownBy(() -> connection.receive(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> connection.send(Message.text("x"), Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> connection.close(1006, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> connection.close(1000, "x".repeat(124))).isInstanceOf(IllegalArgumentException.class);
        assertThat(connection.isOpen()).isTrue();
    }
}
