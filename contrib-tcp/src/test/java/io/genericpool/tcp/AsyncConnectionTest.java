package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ReadPendingException;
import java.nio.channels.WritePendingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class AsyncConnectionTest {
    private static final byte[] MUCH = new byte[8_000_000];

    private static ConnectionPool<Object, AsyncSocketConnection> pool(Kind.World world) {
        return ConnectionPools.builder(world.<Object>asyncManager())
                .maxSize(1)
                .acquireTimeout(SOON)
                .build();
    }

    private static String text(ByteBuffer buffer) {
        return new String(buffer.array(), 0, buffer.position(), UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenComesBack(Kind kind) throws Exception {
        var sent = new byte[1_000_000];
        new Random(1).nextBytes(sent);
        try (var world = kind.world(Peer::echo)) {
            var connection = world.connectAsync();
            var writing = connection.write(ByteBuffer.wrap(sent));
            var got = ByteBuffer.allocate(sent.length);
            while (got.hasRemaining()) {
                assertThat(Talk.await(connection.read(got))).isPositive();
            }
            assertThat(got.array()).isEqualTo(sent);
            assertThat(Talk.await(writing)).isEqualTo(sent.length);
            assertThat(Talk.await(connection.read(ByteBuffer.allocate(0)))).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadThatIsGivenUpLosesNothing(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold)) {
            var connection = world.connectAsync();
            var cancelled = connection.read(ByteBuffer.allocate(10));
            assertThat(cancelled.cancel(true)).isTrue();
            var late = connection.read(ByteBuffer.allocate(10)).orTimeout(10, TimeUnit.MILLISECONDS);
            assertThatThrownBy(() -> Talk.await(late)).isInstanceOf(TimeoutException.class);
            var replaced = connection.read(ByteBuffer.allocate(10));
            assertThat(replaced.complete(0)).isTrue();
            world.end().send("for the next");
            assertThat(Talk.receive(connection, 12)).isEqualTo("for the next");
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancellingWhileBytesArriveNeverLosesOne(Kind kind) throws Exception {
        try (var world = kind.world(end -> {
            for (int i = 0; i < 1_000; i++) {
                end.in().read();
                end.out().write(i);
                end.out().flush();
            }
        })) {
            var connection = world.connectAsync();
            for (int i = 0; i < 1_000; i++) {
                var target = ByteBuffer.allocate(1);
                Talk.await(connection.write(ByteBuffer.wrap(new byte[1])));
                CompletableFuture<Integer> read = connection.read(target);
                for (int spin = i % 50 * 20; spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                if (read.cancel(true)) {
                    target = ByteBuffer.allocate(1);
                    read = connection.read(target);
                }
                assertThat(Talk.await(read)).isEqualTo(1);
                assertThat(target.get(0)).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void aReadCanBegunInTheReadBefore() throws Exception {
        try (var world = Kind.TCP.world(Peer::hold)) {
            var connection = world.connectAsync();
            var got = new StringBuffer();
            var isAll = new CompletableFuture<String>();
            var buffer = ByteBuffer.allocate(3);
            connection.read(buffer, "attached", new CompletionHandler<>() {
                @Override
                public void completed(Integer count, String attachment) {
                    assertThat(attachment).isEqualTo("attached");
                    if (count < 0) {
                        isAll.complete(got.toString());
                        return;
                    }
                    got.append(text(buffer));
                    connection.read(buffer.clear(), attachment, this);
                }

                @Override
                public void failed(Throwable failure, String attachment) {
                    isAll.completeExceptionally(failure);
                }
            });
            var end = world.end();
            for (int i = 0; i < 20_000; i++) {
                end.send("ab");
            }
            end.close();
            assertThat(Talk.await(isAll)).isEqualTo("ab".repeat(20_000));
        }
    }

    @Test
    void oneReadAndOneWriteAtATime() throws Exception {
        try (var world = Kind.TCP.world(end -> {
            end.in().read();
            Peer.ignore(end);
        })) {
            var connection = world.connectAsync();
            var read = connection.read(ByteBuffer.allocate(1));
            assertThatThrownBy(() -> connection.read(ByteBuffer.allocate(1))).isInstanceOf(ReadPendingException.class);
            var write = connection.write(ByteBuffer.wrap(MUCH));
            assertThat(write).isNotDone();
            assertThatThrownBy(() -> connection.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(WritePendingException.class);
            assertThatThrownBy(connection::shutdownOutput).isInstanceOf(WritePendingException.class);
            assertThatThrownBy(() -> connection.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
            connection.close();
            assertThatThrownBy(() -> Talk.await(read)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> Talk.await(write)).isInstanceOf(IOException.class);
            assertThat(connection.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteWaitsForAReaderThatIsSlowAndHoldsNoThread(Kind kind) throws Exception {
        var mayRead = new CountDownLatch(1);
        var got = new CompletableFuture<Long>();
        try (var world = kind.world(end -> {
            end.in().read(); // TLS shakes hands when it reads
            mayRead.await();
            got.complete(1 + end.in().transferTo(java.io.OutputStream.nullOutputStream()));
        })) {
            var connection = world.connectAsync();
            var write = connection.write(ByteBuffer.wrap(MUCH));
            await().during(Duration.ofMillis(100)).until(() -> !write.isDone());
            mayRead.countDown();
            assertThat(Talk.await(write)).isEqualTo(MUCH.length);
            connection.close();
            assertThat(Talk.await(got)).isEqualTo(MUCH.length);
        }
    }

    @Test
    void aWriteGivenUpHalfWayCostsTheConnection() throws Exception {
        try (var world = Kind.TCP.world(Peer::ignore)) {
            var connection = world.connectAsync();
            var write = connection.write(ByteBuffer.wrap(MUCH));
            assertThat(connection.isOpen()).isTrue();
            assertThat(write.cancel(true)).isTrue();
            assertThat(connection.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndIsReadAndTold(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold)) {
            var connection = world.connectAsync();
            var read = connection.read(ByteBuffer.allocate(10));
            world.end().close();
            assertThat(Talk.await(read)).isEqualTo(-1);
            assertThat(connection.isOpen()).isFalse();
            assertThat(Talk.await(connection.read(ByteBuffer.allocate(10)))).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIdleConnectionThatItsPeerEndsLeavesThePoolAtOnce(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold);
                var pool = pool(world)) {
            pool.connection(world.endpoint()).release();
            assertThat(pool.stats().idle()).isEqualTo(1);
            world.end().send("bye");
            world.end().close();
            await().until(() -> pool.stats().disposed(DisposeReason.DEAD) == 1);
            assertThat(pool.stats().total()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadThatWaitsEndsWithItsLeaseAndTheConnectionIsLentAgain(Kind kind) throws Exception {
        try (var world = kind.world(Peer::echo);
                var pool = pool(world)) {
            var lease = pool.connection(world.endpoint());
            var connection = lease.connection();
            var read = connection.read(ByteBuffer.allocate(10));
            lease.release();
            assertThatThrownBy(() -> Talk.await(read)).isInstanceOf(IllegalStateException.class);
            try (var next = pool.connection(world.endpoint())) {
                assertThatThrownBy(() -> connection.read(ByteBuffer.allocate(1)))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> connection.write(ByteBuffer.allocate(1)))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(connection::close).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(connection::isOpen).isInstanceOf(IllegalStateException.class);
                assertThat(Talk.ask(next.connection(), "untouched")).isEqualTo("untouched");
            }
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @Test
    void aWriteThatWaitsEndsWithItsLeaseAndCostsTheConnection() throws Exception {
        try (var world = Kind.TCP.world(Peer::ignore);
                var pool = pool(world)) {
            var lease = pool.connection(world.endpoint());
            var write = lease.connection().write(ByteBuffer.wrap(MUCH));
            lease.release();
            assertThatThrownBy(() -> Talk.await(write)).isInstanceOf(IllegalStateException.class);
            await().until(() -> pool.stats().disposed(DisposeReason.DEAD) == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unreadDataIsKeptOrDiscardsTheConnection(Kind kind) throws Exception {
        for (UnreadData policy : UnreadData.values()) {
            try (var world = kind.world(Peer::echo, builder -> builder.unreadData(policy));
                    var pool = pool(world)) {
                try (var lease = pool.connection(world.endpoint())) {
                    Talk.send(lease.connection(), "left over");
                    var first = ByteBuffer.allocate(1);
                    assertThat(Talk.await(lease.connection().read(first))).isEqualTo(1);
                    await().until(() -> ((AsyncSocketConnectionView) lease.connection()).connection.isAlive()
                            && ((AsyncSocketConnectionView) lease.connection()).connection.unread() > 0);
                }
                try (var lease = pool.connection(world.endpoint())) {
                    Talk.send(lease.connection(), "x");
                    assertThat(Talk.receive(lease.connection(), 1)).isEqualTo(policy == UnreadData.KEEP ? "e" : "x");
                }
                assertThat(pool.stats().created()).isEqualTo(policy == UnreadData.KEEP ? 1 : 2);
            }
        }
    }

    @Test
    void manyConversationsShareOneThreadThatEndsAfterThem() throws Exception {
        try (var world = Kind.TLS.world(Peer::echo, builder -> builder.name("shared"));
                var pool = ConnectionPools.builder(world.<Object>asyncManager())
                        .maxSize(10)
                        .maxConnectsPerEndpoint(10)
                        .idleTimeout(PoolConfig.NO_LIMIT)
                        .connectTimeout(SOON)
                        .build()) {
            var answers = new ArrayList<CompletableFuture<String>>();
            for (int i = 0; i < 200; i++) {
                byte[] question = ("question " + i).getBytes(UTF_8);
                answers.add(pool.useAsync(world.endpoint(), connection -> connection
                        .write(ByteBuffer.wrap(question))
                        .thenCompose(written -> readFully(connection, ByteBuffer.allocate(question.length)))));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(Talk.await(answers.get(i))).isEqualTo("question " + i);
            }
            assertThat(pool.stats().created()).isLessThanOrEqualTo(10);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(threads("shared")).hasSize(1));
            pool.close();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(threads("shared")).isEmpty());
        }
    }

    private static CompletableFuture<String> readFully(AsyncSocketConnection connection, ByteBuffer target) {
        return connection.read(target).thenCompose(count -> {
            if (count < 0) {
                return CompletableFuture.failedFuture(new java.io.EOFException());
            }
            return target.hasRemaining()
                    ? readFully(connection, target)
                    : CompletableFuture.completedFuture(text(target));
        });
    }

    /** What each does, for those who look for one that should be gone. */
    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith(prefix))
                .map(thread -> thread.getKey().getName() + " at " + List.of(thread.getValue()))
                .toList();
    }
}
