package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values instead of messages. */
@Timeout(60)
class TypedTest {
    /** A number, as the echo of it too. */
    private static final Codec<Integer> NUMBERS = new Codec<>() {
        @Override
        public Message encode(Integer value) {
            return Message.text(value.toString());
        }

        @Override
        public Integer decode(Message message) {
            return Integer.valueOf(message.text().substring(message.text().indexOf('|') + 1));
        }
    };

    private EchoServer server;
    private TypedWebSocketPool<Integer> pool;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        pool = WebSocketPool.builder()
                .baseUri(server.endpoint("/").uri().toString())
                .maxSize(1)
                .build()
                .typed(NUMBERS);
    }

    @AfterEach
    void stop() throws Exception {
        pool.close();
        assertThat(pool.raw().pool().isClosed()).isTrue();
        server.close();
    }

    @Test
    void sendsReceivesAndRequestsValues() {
        try (var lease = pool.connection("/a")) {
            var numbers = lease.connection();
            numbers.send(7);
            assertThat(numbers.receive(SOON)).isEqualTo(7);
            assertThat(numbers.request(8, value -> value == 8, SOON)).isEqualTo(8);
            assertThat(numbers.tryReceive()).isEmpty();
            numbers.raw().send("9");
            assertThat(numbers.raw().receive(SOON).text()).isEqualTo("/a|9");
        }
    }

    @Test
    void worksWithoutAThread() throws Exception {
        CompletableFuture<Integer> answer =
                pool.useAsync("/a", numbers -> numbers.sendAsync(7).thenCompose(nothing -> numbers.receiveAsync()));
        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(7);
        try (var lease = pool.connectionAsync("/a").get(30, TimeUnit.SECONDS)) {
            var numbers = lease.connection();
            numbers.receiveAsync().cancel(false);
            numbers.send(8);
            assertThat(numbers.receive(SOON)).isEqualTo(8);
        }
    }

    @Test
    void leasesAsThePoolDoes() {
        assertThat(pool.tryConnection("/a")).isEmpty();
        int answer = pool.use("/a", numbers -> numbers.request(1, value -> value == 1, SOON));
        assertThat(answer).isEqualTo(1);
        try (var lease = pool.connection("/a", SOON)) {
            assertThat(lease.endpoint()).isEqualTo(server.endpoint("/a"));
            lease.invalidate();
            assertThatThrownBy(lease::connection).isInstanceOf(IllegalStateException.class);
        }
        try (var lease = pool.newConnection("/a")) {
            assertThat(lease.connection().raw().isOpen()).isTrue();
        }
        await().until(() -> server.open() == 1);
        server.awaitOpened(2);
        try (var lease = pool.tryConnection("/a").orElseThrow()) {
            assertThat(lease.connection().raw().isOpen()).isTrue();
        }
    }

    @Test
    void iteratesUntilAnOrderlyClose() {
        var seen = new ArrayList<Integer>();
        try (var lease = pool.connection("/a")) {
            for (int i = 0; i < 3; i++) {
                lease.connection().send(i);
            }
            for (int value : lease.connection()) {
                seen.add(value);
                if (value == 2) {
                    server.close("/a", 1000, "");
                }
            }
        }
        assertThat(seen).containsExactly(0, 1, 2);
    }

    /** Asks for everything at once. */
    private static final class Collector implements Flow.Subscriber<Integer> {
        final List<Integer> values = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer value) {
            values.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    @Test
    void publishesValues() throws Exception {
        try (var lease = pool.connection("/a")) {
            var collector = new Collector();
            lease.connection().messages().subscribe(collector);
            lease.connection().send(1);
            lease.connection().send(2);
            await().until(() -> collector.values.size() == 2);
            server.close("/a", 1000, "");
            collector.end.get(30, TimeUnit.SECONDS);
            assertThat(collector.values).containsExactly(1, 2);
        }
    }

    @Test
    void endsAStreamWithWhatCannotBeDecodedAndLeavesTheRestToOthers() {
        try (var lease = pool.connection("/a")) {
            var numbers = lease.connection();
            var collector = new Collector();
            numbers.messages().subscribe(collector);
            numbers.send(1);
            numbers.raw().send("no number");
            assertThatThrownBy(() -> collector.end.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(NumberFormatException.class);
            assertThat(collector.values).containsExactly(1);
            numbers.send(2);
            assertThat(numbers.receive(SOON)).isEqualTo(2);
        }
    }

    @Test
    void throwsWhatTheCodecThrowsAndKeepsTheConnection() {
        try (var lease = pool.connection("/a")) {
            var numbers = lease.connection();
            numbers.raw().send("no number");
            assertThatThrownBy(() -> numbers.receive(SOON)).isInstanceOf(NumberFormatException.class);
            numbers.raw().send("nor this");
            assertThatThrownBy(() -> numbers.receiveAsync().get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(NumberFormatException.class);
            numbers.send(3);
            assertThat(numbers.receive(SOON)).isEqualTo(3);
        }
    }
}
