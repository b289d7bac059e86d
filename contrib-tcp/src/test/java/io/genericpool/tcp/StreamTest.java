package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.tcp.internal.wire.BlockingConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamTest {
    @ParameterizedTest
    @EnumSource
    void whatIsWrittenComesBack(Kind kind) throws Exception {
        var sent = new byte[1_000_000];
        new Random(1).nextBytes(sent);
        try (var world = kind.world(Peer::echo)) {
            var connection = world.connect();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    connection.output().write(sent);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(connection.input().readNBytes(sent.length)).isEqualTo(sent);
            writing.get(20, TimeUnit.SECONDS);
            connection.output().write(200);
            assertThat(connection.input().read()).isEqualTo(200);
            assertThat(connection.input().read(new byte[0])).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadEndsAfterItsTimeoutAndLosesNothing(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold, builder -> builder.readTimeout(Duration.ofMillis(30)))) {
            var connection = world.connect();
            for (int i = 0; i < 3; i++) {
                long start = System.nanoTime();
                assertThatThrownBy(() -> connection.input().read())
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessageContaining("30 ms");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(29));
            }
            assertThat(connection.isOpen()).isTrue();
            connection.readTimeout(SOON);
            world.end().send("late");
            assertThat(Talk.receive(connection, 4)).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadWithATimeoutReturnsWhatComesInTime(Kind kind) throws Exception {
        try (var world = kind.world(Peer::echo, builder -> builder.readTimeout(SOON))) {
            var connection = world.connect();
            for (int i = 0; i < 50; i++) {
                assertThat(Talk.ask(connection, "message " + i)).isEqualTo("message " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteWaitsForAReaderThatIsSlow(Kind kind) throws Exception {
        var mayRead = new CountDownLatch(1);
        var got = new CompletableFuture<Integer>();
        var sent = new byte[8_000_000];
        try (var world = kind.world(end -> {
            end.in().read(); // TLS shakes hands when it reads
            mayRead.await();
            var sink = new ByteArrayOutputStream();
            end.in().transferTo(sink);
            got.complete(sink.size());
        })) {
            var connection = world.connect();
            Talk.send(connection, "x");
            var written = new CountDownLatch(1);
            var writer = new Thread(() -> {
                assertThat(catchThrowable(() -> connection.output().write(sent)))
                        .isNull();
                written.countDown();
            });
            writer.start();
            assertThat(written.await(100, TimeUnit.MILLISECONDS)).isFalse();
            mayRead.countDown();
            assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
            connection.close();
            assertThat(got.get(20, TimeUnit.SECONDS)).isEqualTo(sent.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsAReadAndTheConnection(Kind kind) throws Exception {
        for (Duration timeout : Arrays.asList(PoolConfig.NO_LIMIT, SOON)) {
            try (var world = kind.world(Peer::hold, builder -> builder.readTimeout(timeout))) {
                var connection = world.connect();
                var failure = new CompletableFuture<Throwable>();
                var isInterrupted = new CompletableFuture<Boolean>();
                var reader = new Thread(() -> {
                    failure.complete(catchThrowable(() -> connection.input().read()));
                    isInterrupted.complete(Thread.currentThread().isInterrupted());
                });
                reader.start();
                await().until(() -> reader.getState() != Thread.State.NEW);
                reader.interrupt();
                assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(ClosedByInterruptException.class);
                assertThat(isInterrupted.get(20, TimeUnit.SECONDS)).isTrue();
                assertThat(connection.isOpen()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsAReadThatWaits(Kind kind) throws Exception {
        for (Duration timeout : Arrays.asList(PoolConfig.NO_LIMIT, SOON)) {
            try (var world = kind.world(Peer::hold, builder -> builder.readTimeout(timeout))) {
                var connection = world.connect();
                var failure = new CompletableFuture<Throwable>();
                var reader = new Thread(() ->
                        failure.complete(catchThrowable(() -> connection.input().read())));
                reader.start();
                await().until(() -> isInside(((SocketConnectionView) connection).connection));
                connection.close();
                assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
                assertThat(connection.isOpen()).isFalse();
            }
        }
    }

    /** A reader holds its lock while it waits. */
    private static boolean isInside(BlockingConnection connection) {
        return !CompletableFuture.supplyAsync(() -> {
                    boolean isFree = connection.tryHoldOff();
                    if (isFree) {
                        connection.letOn();
                    }
                    return isFree;
                })
                .join();
    }

    @ParameterizedTest
    @EnumSource
    void aWriteAfterTheEndFails(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold)) {
            var connection = world.connect();
            world.end().close();
            await().until(() -> catchThrowable(() -> Talk.send(connection, "into nothing")) instanceof IOException);
            assertThat(connection.isOpen()).isFalse();
        }
    }

    @Test
    void afterShutdownOutputTheAnswerCanStillBeRead() throws Exception {
        for (Kind kind : new Kind[] {Kind.TCP, Kind.UNIX}) {
            try (var world = kind.world(end -> {
                var got = end.in().readAllBytes();
                end.send("got " + got.length);
                end.close();
            })) {
                var connection = world.connect();
                Talk.send(connection, "12345");
                connection.shutdownOutput();
                assertThat(new String(connection.input().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                        .isEqualTo("got 5");
                assertThat(world.<Object>manager().checkAliveness(world.endpoint(), connection, SOON))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void bothFamiliesOfAddressesWork(String address) throws Exception {
        try (var server = Peer.tcp(address, Peer::echo)) {
            var manager = TcpConnectionManager.builder().build();
            var connection =
                    manager.create(TcpEndpoint.of(address, server.endpoint().port()), SOON);
            assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
            assertThat(connection.remoteAddress().toString())
                    .contains(":" + server.endpoint().port());
            manager.dispose(server.endpoint(), connection, DisposeReason.CLOSED, SOON);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCanBeReadAtOnceIsTold(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold)) {
            var connection = world.connect();
            assertThat(connection.input().available()).isZero();
            world.end().send("news");
            await().until(() -> world.<Object>manager().checkAliveness(world.endpoint(), connection, SOON)
                    && connection.input().available() == 4);
            assertThat(Talk.receive(connection, 4)).isEqualTo("news");
            assertThat(connection.input().available()).isZero();
        }
    }
}
