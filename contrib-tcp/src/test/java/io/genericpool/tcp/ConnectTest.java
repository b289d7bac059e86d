package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.tcp.internal.connect.Lookups;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    /** Longer than the tests last. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static TcpConnectionManagerBuilder builder() {
        return TcpConnectionManager.builder().name("connect-test");
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T option(SocketConnection connection, SocketOption<T> option) throws Exception {
        return ((SocketConnectionView) connection).connection.wire.channel.getOption(option);
    }

    @Test
    void aRefusedConnectNamesEndpointAndCause() {
        TcpEndpoint nobody = Refused.endpoint();
        assertThatThrownBy(() -> builder().build().create(nobody, SOON))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("no connection to " + nobody)
                .hasMessageContaining("refused")
                .hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void anUnknownHostIsSaidToBeOne() {
        var manager = builder()
                .resolver(host -> {
                    throw new UnknownHostException(host);
                })
                .build();
        assertThatThrownBy(() -> manager.create(TcpEndpoint.of("nowhere.example:1"), SOON))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("nowhere.example");
        var empty = builder().resolver(host -> List.of()).build();
        assertThatThrownBy(() -> empty.create(TcpEndpoint.of("nowhere.example:1"), SOON))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("nowhere.example");
    }

    @Test
    void addressesAreTriedInTurn() throws Exception {
        try (var server = Peer.tcp("127.0.0.3", Peer::echo)) {
            var manager = builder()
                    .resolver(host -> List.of(address("127.0.0.1"), address("127.0.0.2"), address("127.0.0.3")))
                    .build();
            var connection = manager.create(server.endpoint("db.example"), SOON);
            assertThat(((InetSocketAddress) connection.remoteAddress()).getAddress())
                    .isEqualTo(address("127.0.0.3"));
            connection.close();
        }
    }

    @Test
    void whenNoneAnswersAllAreNamed() {
        int port = Refused.endpoint().port();
        var manager = builder()
                .resolver(host -> List.of(address("127.0.0.1"), address("127.0.0.2")))
                .build();
        var failure = catchThrowableOfType(
                ConnectException.class, () -> manager.create(TcpEndpoint.of("db.example", port), SOON));
        assertThat(failure).hasMessageContaining("127.0.0.2:" + port);
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(failure.getSuppressed()[0]).hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void anAddressThatDoesNotAnswerDoesNotHoldUpTheNext() throws Exception {
        try (var silent = new Refused.FullBacklog();
                var server = Peer.tcp("127.0.0.3", silent.endpoint().port(), Peer::echo)) {
            TcpConnectionManagerBuilder both =
                    builder().resolver(host -> List.of(address("127.0.0.1"), address("127.0.0.3")));
            long start = System.nanoTime();
            var connection = both.build().create(server.endpoint("db.example"), LONG);
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(249));
            assertThat(Talk.ask(connection, "x")).isEqualTo("x");
            connection.close();

            var inTurn =
                    both.attemptDelay(PoolConfig.NO_LIMIT).attemptTimeout(SHORT).build();
            inTurn.create(server.endpoint("db.example"), LONG).close();
        }
    }

    @Test
    void aConnectThatHangsEndsOnTimeAndSaysWhere() throws Exception {
        try (var silent = new Refused.FullBacklog()) {
            assertThatThrownBy(() -> builder().build().create(silent.endpoint(), SHORT))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("within 300 ms: still connecting to /127.0.0.1");
        }
    }

    @Test
    void aLookupThatHangsEndsOnTimeAndHoldsFewThreadsForAll() throws Exception {
        var mayEnd = new CountDownLatch(1);
        var lookups = new AtomicInteger();
        try (var server = Peer.tcp(Peer::echo)) {
            var manager = builder()
                    .resolver(host -> {
                        lookups.incrementAndGet();
                        try {
                            mayEnd.await();
                        } catch (InterruptedException e) {
                            throw new UnknownHostException();
                        }
                        return List.of(address("127.0.0.1"));
                    })
                    .build();
            var endpoint = server.endpoint("slow.example");
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> manager.create(endpoint, Duration.ofMillis(50)))
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessageContaining("still looking up the host");
            }
            var waiting = manager.createAsync(endpoint, SOON).toCompletableFuture();
            assertThat(lookups).hasValueLessThanOrEqualTo(Lookups.MAX_RUNNING);
            mayEnd.countDown();
            Talk.await(waiting).close();
            Awaitility.await().untilAsserted(() -> assertThat(server.accepted()).isEqualTo(1));
        }
    }

    @Test
    void connectsThatHangHoldNoThreads() throws Exception {
        try (var silent = Peer.tcp(Peer::hold)) {
            var manager = TlsConnectionManager.builder()
                    .name("holds-none")
                    .sslContext(Kind.CERTIFICATES.client())
                    .build();
            var connects = new ArrayList<CompletableFuture<?>>();
            for (int i = 0; i < 100; i++) {
                connects.add(manager.createAsync(silent.endpoint(), LONG).toCompletableFuture());
            }
            await().atMost(SOON).until(() -> silent.accepted() == 100);
            // Workers may have made computations, and end a second after the last.
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(threads("holds-none")).containsExactly("holds-none-io"));
            assertThat(connects).noneMatch(CompletableFuture::isDone);
            connects.forEach(connect -> connect.cancel(true));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(threads("holds-none")).isEmpty());
        }
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    @Test
    void aCancelledConnectClosesItsSocket() throws Exception {
        var ended = new CountDownLatch(1);
        try (var silent = Peer.tcp(end -> {
            Peer.hold(end);
            ended.countDown();
        })) {
            var manager = TlsConnectionManager.builder()
                    .sslContext(Kind.CERTIFICATES.client())
                    .build();
            var connect = manager.createAsync(silent.endpoint(), SOON).toCompletableFuture();
            await().until(() -> silent.accepted() == 1);
            assertThat(connect).isNotDone();
            assertThat(ended.getCount()).isEqualTo(1);
            connect.cancel(true);
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void optionsAreSetOnTheSocket() throws Exception {
        try (var server = Peer.tcp(Peer::echo)) {
            var plain = builder().build().create(server.endpoint(), SOON);
            assertThat(option(plain, StandardSocketOptions.TCP_NODELAY)).isTrue();
            assertThat(option(plain, StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            plain.close();

            var tuned = builder()
                    .noDelay(false)
                    .keepAlive(Duration.ofSeconds(41), Duration.ofSeconds(7), 3)
                    .receiveBufferSize(20_000)
                    .sendBufferSize(30_000)
                    .build()
                    .create(server.endpoint(), SOON);
            assertThat(option(tuned, StandardSocketOptions.TCP_NODELAY)).isFalse();
            assertThat(option(tuned, StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assertThat(option(tuned, ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(41);
            assertThat(option(tuned, ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(7);
            assertThat(option(tuned, ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
            // Linux doubles what it is asked for.
            assertThat(option(tuned, StandardSocketOptions.SO_RCVBUF)).isBetween(20_000, 40_000);
            assertThat(option(tuned, StandardSocketOptions.SO_SNDBUF)).isBetween(30_000, 60_000);
            tuned.close();

            var quiet = builder().keepAlive(false).build().create(server.endpoint(), SOON);
            assertThat(option(quiet, StandardSocketOptions.SO_KEEPALIVE)).isFalse();
            quiet.close();
        }
    }

    @Test
    void aLocalAddressIsUsed() throws Exception {
        try (var server = Peer.tcp(Peer::echo)) {
            var manager = builder().localAddress(address("127.0.0.9")).build();
            var connection = manager.create(server.endpoint(), SOON);
            assertThat(((InetSocketAddress) connection.localAddress()).getAddress())
                    .isEqualTo(address("127.0.0.9"));
            manager.dispose(server.endpoint(), connection, DisposeReason.CLOSED, SOON);

            var elsewhere = builder().localAddress(address("192.0.2.1")).build();
            assertThatThrownBy(() -> elsewhere.create(server.endpoint(), SOON)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void anExecutorThatRefusesFailsTheConnect() throws Exception {
        var manager = builder()
                .executor(task -> {
                    throw new java.util.concurrent.RejectedExecutionException("full");
                })
                .build();
        assertThatThrownBy(() -> manager.create(TcpEndpoint.of("db.example:1"), SOON))
                .hasMessageContaining("full");
    }
}
