package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.websocket.internal.socket.MessagePublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamTest {
    private EchoServer server;
    private WebSocketConnectionManager manager;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        manager = WebSocketConnectionManager.builder().build();
    }

    @AfterEach
    void stop() throws Exception {
        manager.close();
        server.close();
    }

    private WebSocketConnection leased() throws Exception {
        return Managed.connect(manager, server.endpoint("/a")).lease().connection;
    }

    private static class Subscriber implements Flow.Subscriber<Message> {
        final ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
        final CompletableFuture<Throwable> end = new CompletableFuture<>();
        volatile Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Message message) {
            received.add(message.text());
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    @Test
    void publishesAsMuchAsIsDemanded() throws Exception {
        var connection = leased();
        var subscriber = new Subscriber();
        connection.messages().subscribe(subscriber);
        for (int i = 0; i < 10; i++) {
            connection.send("m" + i);
        }
        subscriber.subscription.request(3);
        await().until(() -> subscriber.received.size() == 3);
        subscriber.subscription.request(2);
        await().until(() -> subscriber.received.size() == 5);
        subscriber.subscription.request(Long.MAX_VALUE);
        await().until(() -> subscriber.received.size() == 10);
        assertThat(subscriber.received).startsWith("/a|m0", "/a|m1").endsWith("/a|m9");
        server.close("/a", 1000, "");
        assertThat(subscriber.end.get(30, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void publishesAnErrorWhenTheConnectionFails() throws Exception {
        var connection = leased();
        var subscriber = new Subscriber();
        connection.messages().subscribe(subscriber);
        subscriber.subscription.request(1);
        server.kill("/a");
        assertThat(subscriber.end.get(30, TimeUnit.SECONDS)).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    void stopsPublishingWhenCancelledAndLosesNothing() throws Exception {
        var connection = leased();
        var subscriber = new Subscriber();
        connection.messages().subscribe(subscriber);
        subscriber.subscription.request(5);
        subscriber.subscription.cancel();
        connection.send("x");
        assertThat(connection.receive(SOON).text()).isEqualTo("/a|x");
        assertThat(subscriber.received).isEmpty();
    }

    @Test
    void leavesTheConnectionToOthersWhenASubscriberThrows() throws Exception {
        var connection = leased();
        var subscriber = new Subscriber() {
            @Override
            public void onNext(Message message) {
                super.onNext(message);
                throw new IllegalStateException("boom");
            }
        };
        connection.messages().subscribe(subscriber);
        subscriber.subscription.request(5);
        connection.send("one");
        await().until(() -> subscriber.received.size() == 1);
        connection.send("two");
        assertThat(connection.receive(SOON).text()).isEqualTo("/a|two");
        assertThat(subscriber.received).containsExactly("/a|one");
    }

    @Test
    void refusesANonsensicalDemand() throws Exception {
        var subscriber = new Subscriber();
        leased().messages().subscribe(subscriber);
        subscriber.subscription.request(0);
        assertThat(subscriber.end.get(30, TimeUnit.SECONDS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void losesNoMessageToANonsensicalDemandWhileAReceiveWaits() throws Exception {
        for (long demand : new long[] {0, -1, Long.MIN_VALUE}) {
            var connection = leased();
            var subscriber = new Subscriber();
            connection.messages().subscribe(subscriber);
            subscriber.subscription.request(5);
            subscriber.subscription.request(demand);
            assertThat(subscriber.end.get(30, TimeUnit.SECONDS)).isInstanceOf(IllegalArgumentException.class);
            connection.send("x");
            assertThat(connection.receive(SOON).text()).isEqualTo("/a|x");
            assertThat(subscriber.received).isEmpty();
        }
    }

    /** A connection whose one receive has its message on its way already: it cannot be withdrawn. */
    private static final class OnItsWay extends CompletableFuture<Message> {
        @Override
        public boolean cancel(boolean mayInterrupt) {
            return false;
        }
    }

    private static WebSocketConnection receiving(CompletableFuture<Message> receive) {
        return (WebSocketConnection) java.lang.reflect.Proxy.newProxyInstance(
                WebSocketConnection.class.getClassLoader(),
                new Class<?>[] {WebSocketConnection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("receiveAsync")) {
                        return receive;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void deliversAMessageThatIsOnItsWayWhenItIsCancelled() {
        var receive = new OnItsWay();
        var subscriber = new Subscriber();
        new MessagePublisher(receiving(receive)).subscribe(subscriber);
        subscriber.subscription.request(5);
        subscriber.subscription.cancel();
        receive.complete(Message.text("x"));
        assertThat(subscriber.received).containsExactly("x");
        assertThat(subscriber.end).isNotDone();
    }

    @Test
    void deliversAMessageThatIsOnItsWayBeforeTheErrorOfANonsensicalDemand() {
        var receive = new OnItsWay();
        var subscriber = new Subscriber();
        new MessagePublisher(receiving(receive)).subscribe(subscriber);
        subscriber.subscription.request(5);
        subscriber.subscription.request(0);
        assertThat(subscriber.end).isNotDone();
        receive.complete(Message.text("x"));
        assertThat(subscriber.received).containsExactly("x");
        assertThat(subscriber.end).isCompletedWithValueMatching(IllegalArgumentException.class::isInstance);
    }

    @Test
    void endsASubscriptionThatIsCancelledFromWithinItsOwnCall() throws Exception {
        var connection = leased();
        var subscriber = new Subscriber() {
            @Override
            public void onNext(Message message) {
                super.onNext(message);
                subscription.cancel();
            }
        };
        connection.messages().subscribe(subscriber);
        subscriber.subscription.request(Long.MAX_VALUE);
        connection.send("one");
        await().until(() -> subscriber.received.size() == 1);
        connection.send("two");
        assertThat(connection.receive(SOON).text()).isEqualTo("/a|two");
        assertThat(subscriber.received).containsExactly("/a|one");
    }

    @Test
    void publishesManyMessagesToASubscriberThatDemandsOneByOne() throws Exception {
        var connection = leased();
        int count = 5000;
        var done = new CountDownLatch(1);
        var seen = new ArrayList<String>();
        connection.messages().subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
            }

            @Override
            public void onNext(Message message) {
                seen.add(message.text());
                if (seen.size() == count) {
                    done.countDown();
                }
                subscription.request(1);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        for (int i = 0; i < count; i++) {
            connection.send("m" + i);
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(seen.get(count - 1)).isEqualTo("/a|m" + (count - 1));
    }

    @Test
    void iteratesUntilAnOrderlyClose() throws Exception {
        var connection = leased();
        server.push("/a", "1");
        server.push("/a", "2");
        server.close("/a", 1001, "");
        var texts = new ArrayList<String>();
        for (Message message : connection) {
            texts.add(message.text());
        }
        assertThat(texts).isEqualTo(List.of("1", "2"));
    }

    @Test
    void throwsFromAnIterationThatIsCutOff() throws Exception {
        var connection = leased();
        server.kill("/a");
        assertThatThrownBy(() -> connection.iterator().hasNext()).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    void findsTheAnswerToARequest() throws Exception {
        var connection = leased();
        server.push("/a", "noise");
        Message answer = connection.request(
                Message.text("id=7"), message -> message.text().endsWith("id=7"), SOON);
        assertThat(answer.text()).isEqualTo("/a|id=7");
        assertThatThrownBy(() -> connection.request(Message.text("!silent"), message -> true, Duration.ofMillis(50)))
                .isInstanceOf(WebSocketTimeoutException.class)
                .hasMessageContaining("no answer arrived from");
    }

    @Test
    void sendsWithoutAThread() throws Exception {
        var connection = leased();
        var sends = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 20; i++) {
            sends.add(connection.sendAsync(Message.binary(new byte[1024 * 1024])));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(connection.receive(SOON).weight()).isEqualTo(1024 * 1024);
        }
        for (var send : sends) {
            send.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void withdrawsASendThatWaits() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.awaitGo();
            connection.drain();
        })) {
            var connection = Managed.connect(manager, peer.endpoint()).lease().connection;
            var sends = new ArrayList<CompletableFuture<Void>>();
            // More than the network and the queue can take, so that the last ones wait.
            for (int i = 0; i < 32; i++) {
                sends.add(connection.sendAsync(Message.binary(new byte[1024 * 1024])));
            }
            sends.remove(31).cancel(false);
            peer.go();
            for (var send : sends) {
                send.get(30, TimeUnit.SECONDS);
            }
            await().until(() -> connection.stats().messagesOut() == 31);
            connection.send("last");
            await().until(() -> connection.stats().messagesOut() == 32);
        }
    }
}
