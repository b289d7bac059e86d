package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.websocket.internal.queue.Fate;
import io.genericpool.websocket.internal.queue.InboundQueue;
import io.genericpool.websocket.internal.queue.Termination;
import io.genericpool.websocket.internal.socket.OkHttpConnection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server says before anything was said to it. */
@Timeout(60)
class GreetingTest {
    private static final int COUNT = 22;

    /** Texts as frames, in the same write as the answer to the upgrade. */
    private static byte[] frames(String prefix, int count) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            byte[] text = (prefix + i).getBytes(StandardCharsets.UTF_8);
            bytes.write(0x81);
            bytes.write(text.length);
            bytes.writeBytes(text);
        }
        return bytes.toByteArray();
    }

    private static List<String> greeting(String prefix) {
        var texts = new ArrayList<String>();
        for (int i = 0; i < COUNT; i++) {
            texts.add(prefix + i);
        }
        return texts;
    }

    private static RawPeer greeter() throws Exception {
        return RawPeer.start(connection -> {
            connection.upgradeAndWrite(frames("g", COUNT));
            connection.drain();
        });
    }

    @Test
    void reachesTheFirstLeaseHoweverLateItBegins() throws Exception {
        try (var peer = greeter();
                var manager = WebSocketConnectionManager.builder().build()) {
            var managed = Managed.connect(manager, peer.endpoint());
            await().until(() -> managed.connection.inbound().size() == COUNT);
            try (var lease = managed.lease()) {
                for (String text : greeting("g")) {
                    assertThat(lease.connection.receive(SOON).text()).isEqualTo(text);
                }
                assertThat(lease.connection.tryReceive()).isEmpty();
            }
        }
    }

    @Test
    void reachesNoSecondLease() throws Exception {
        try (var peer = greeter();
                var manager = WebSocketConnectionManager.builder().build()) {
            var managed = Managed.connect(manager, peer.endpoint());
            await().until(() -> managed.connection.inbound().size() == COUNT);
            try (var lease = managed.lease()) {
                assertThat(lease.connection.tryReceive()).isPresent();
            }
            try (var lease = managed.lease()) {
                assertThat(lease.connection.tryReceive()).isEmpty();
            }
        }
    }

    @Test
    void isSharedBetweenTheHookThatOpensAndTheFirstLease() throws Exception {
        try (var peer = greeter();
                var pool = WebSocketPool.builder()
                        .connections(knobs -> knobs.onOpen(WebSocketConnection::receiveAsync))
                        .build()) {
            String uri = peer.endpoint().uri().toString();
            try (var lease = pool.connection(uri)) {
                assertThat(lease.connection().receive(SOON).text()).isEqualTo("g1");
            }
        }
    }

    @Test
    void reachesASessionWithEveryConnection() throws Exception {
        try (var peer = RawPeer.start(connection -> {
                    connection.upgradeAndWrite(frames("g", COUNT));
                    connection.awaitMessage();
                });
                var pool = WebSocketPool.builder().build()) {
            for (int i = 0; i < 20; i++) {
                var texts = new ConcurrentLinkedQueue<String>();
                try (var session = pool.session(peer.endpoint().uri().toString(), message -> texts.add(message.text()))
                        .backoff(Duration.ofMillis(10), Duration.ofMillis(20))
                        .start()) {
                    await().until(() -> texts.size() == COUNT);
                    assertThat(texts).containsExactlyElementsOf(greeting("g"));
                    // The server ends the connection when it hears anything.
                    session.send(Message.text("next"));
                    await().until(() -> texts.size() == 2 * COUNT);
                    assertThat(texts).endsWith(greeting("g").toArray(String[]::new));
                }
            }
        }
    }

    @Test
    void reachesASessionThroughAReplacement() throws Exception {
        var texts = new ConcurrentLinkedQueue<String>();
        try (var peer = greeter();
                var pool = WebSocketPool.builder().build();
                var session = pool.session(peer.endpoint().uri().toString(), message -> texts.add(message.text()))
                        .rotateAfter(Duration.ofMillis(50))
                        .start()) {
            await().until(() -> session.reconnects() >= 3);
            await().until(() -> texts.size() >= 4 * COUNT);
            assertThat(texts).startsWith(greeting("g").toArray(String[]::new));
            // Each connection's own, none of them lost.
            int connections = texts.size() / COUNT;
            assertThat(texts).filteredOn("g0"::equals).hasSizeGreaterThanOrEqualTo(connections);
        }
    }

    private static InboundQueue queue(OverflowPolicy policy, long firstLeaseNanos) {
        var builder =
                WebSocketConnectionManager.builder().inboundCapacity(4, 1024).overflowPolicy(policy);
        var queue = new InboundQueue(
                WebSocketEndpoint.of("ws://example.com/"),
                builder.settings(endpoint -> Map.of()).sockets().queues(),
                Runnable::run,
                firstLeaseNanos);
        queue.endPreparation();
        return queue;
    }

    @Test
    void makesTheReaderWaitForTheFirstLeaseWhenThereIsMore() throws Exception {
        var queue = queue(OverflowPolicy.BLOCK, Long.MAX_VALUE / 2);
        var reader = Async.run(() -> {
            for (int i = 0; i < 10; i++) {
                queue.offer(Message.text("m" + i), 0);
            }
        });
        await().until(queue::isReaderBlocked);
        long epoch = queue.begin();
        for (int i = 0; i < 10; i++) {
            assertThat(queue.receive(epoch, SOON.toNanos()).text()).isEqualTo("m" + i);
        }
        reader.join();
        assertThat(queue.dropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = OverflowPolicy.class,
            names = {"BLOCK", "FAIL"})
    void isGivenUpWholeWhenNoLeaseComesAndThePeerTalksOn(OverflowPolicy policy) {
        var queue = queue(policy, 0);
        for (int i = 0; i < 10; i++) {
            assertThat(queue.offer(Message.text("m" + i), 0)).isEqualTo(i < 4 ? Fate.TAKEN : Fate.LATE);
        }
        assertThat(queue.isReaderBlocked()).isFalse();
        assertThat(queue.dropped()).isEqualTo(10);
        long epoch = queue.begin();
        assertThat(queue.tryReceive(epoch)).isEmpty();
    }

    @Test
    void isKeptWithinTheBytesThatAnIdleConnectionMayHold() {
        var builder = WebSocketConnectionManager.builder();
        var queue = new InboundQueue(
                WebSocketEndpoint.of("ws://example.com/"),
                builder.settings(endpoint -> Map.of()).sockets().queues(),
                Runnable::run,
                0);
        queue.endPreparation();
        queue.offer(Message.binary(new byte[600 * 1024]), 0);
        assertThat(queue.size()).isEqualTo(1);
        queue.offer(Message.binary(new byte[600 * 1024]), 0);
        assertThat(queue.size()).isZero();
    }

    @Test
    void letsTheEndOfTheConnectionThroughToAReaderThatWaits() throws Exception {
        var queue = queue(OverflowPolicy.BLOCK, Long.MAX_VALUE / 2);
        CompletableFuture<Void> reader = Async.run(() -> {
            for (int i = 0; i < 10; i++) {
                queue.offer(Message.text("m" + i), 0);
            }
        });
        await().until(queue::isReaderBlocked);
        queue.terminate(Termination.byPool(1000));
        reader.join();
    }

    @Test
    void endsAReceiveThatTheHookLeavesBehind() throws Exception {
        try (var peer = RawPeer.start(connection -> {
                    connection.upgrade();
                    connection.awaitGo();
                    connection.text("hello");
                    connection.drain();
                });
                var manager = WebSocketConnectionManager.builder().build()) {
            var connection = (OkHttpConnection) manager.create(peer.endpoint(), SOON);
            var left = connection.receiveAsync();
            connection.bind(new io.genericpool.spi.ConnectionSignals() {
                @Override
                public void dead(Throwable cause) {}

                @Override
                public void retire() {}
            });
            await().until(left::isCompletedExceptionally);
            peer.go();
            await().until(() -> connection.inbound().size() == 1);
        }
    }
}
