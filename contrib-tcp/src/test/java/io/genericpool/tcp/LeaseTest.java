package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.tcp.internal.wire.BlockingConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections in a pool: what one lease leaves to the next. */
@Timeout(60)
class LeaseTest {
    private static <C> ConnectionPoolBuilder<Object, C> poolOfOne(AsyncConnectionManager<Object, C> manager) {
        return ConnectionPools.builder(manager).maxSize(1).acquireTimeout(SOON);
    }

    private static ConnectionPool<Object, SocketConnection> pool(Kind.World world) {
        return poolOfOne(world.<Object>manager()).build();
    }

    private static String ask(ConnectionPool<Object, SocketConnection> pool, Kind.World world, String text)
            throws Exception {
        return pool.use(world.endpoint(), connection -> Talk.ask(connection, text));
    }

    @ParameterizedTest
    @EnumSource
    void oneConnectionServesLeaseAfterLease(Kind kind) throws Exception {
        try (var world = kind.world(Peer::echo);
                var pool = pool(world)) {
            for (int i = 0; i < 20; i++) {
                String text = "lease " + i;
                assertThat(ask(pool, world, text)).isEqualTo(text);
            }
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamsOfAnEndedLeaseAreOfNoMoreUse(Kind kind) throws Exception {
        try (var world = kind.world(Peer::echo);
                var pool = pool(world)) {
            var first = pool.connection(world.endpoint());
            var connection = first.connection();
            var input = connection.input();
            var output = connection.output();
            first.release();
            try (var next = pool.connection(world.endpoint())) {
                assertThatThrownBy(input::read).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(input::available).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> output.write(1)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(input::close).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(connection::shutdownOutput).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> connection.readTimeout(SOON)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(connection::isOpen).isInstanceOf(IllegalStateException.class);
                assertThat(Talk.ask(next.connection(), "untouched")).isEqualTo("untouched");
            }
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadThatWaitsEndsWithItsLeaseAndCostsTheConnection(Kind kind) throws Exception {
        for (Duration timeout : Arrays.asList(PoolConfig.NO_LIMIT, SOON)) {
            try (var world = kind.world(Peer::hold, builder -> builder.readTimeout(timeout));
                    var pool = pool(world)) {
                var lease = pool.connection(world.endpoint());
                var connection = lease.connection();
                var failure = new CompletableFuture<Throwable>();
                var reader = new Thread(() ->
                        failure.complete(catchThrowable(() -> connection.input().read())));
                reader.start();
                var inside = ((SocketConnectionView) connection).connection;
                await().until(() -> !isFree(inside));
                lease.release();
                assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
                pool.connection(world.endpoint()).release();
                assertThat(pool.stats().disposed(DisposeReason.DEAD)).isEqualTo(1);
                assertThat(pool.stats().created()).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadThatWaitsEndsWhenItsLeaseIsGivenUpOrItsPoolCloses(Kind kind) throws Exception {
        for (boolean closes : List.of(false, true)) {
            try (var world = kind.world(Peer::hold, builder -> builder.readTimeout(PoolConfig.NO_LIMIT));
                    var pool = pool(world)) {
                var lease = pool.connection(world.endpoint());
                var connection = lease.connection();
                var failure = new CompletableFuture<Throwable>();
                new Thread(() -> failure.complete(
                                catchThrowable(() -> connection.input().read())))
                        .start();
                var inside = ((SocketConnectionView) connection).connection;
                await().until(() -> !isFree(inside));
                if (closes) {
                    pool.close(Duration.ZERO);
                } else {
                    lease.invalidate();
                }
                assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
                assertThatThrownBy(connection::input).isInstanceOf(IllegalStateException.class);
                await().until(() -> pool.stats().total() == 0);
            }
        }
    }

    private static boolean isFree(BlockingConnection connection) {
        return CompletableFuture.supplyAsync(() -> {
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
    void aConnectionWhoseEndALeaseHasReadIsNotLentAgain(Kind kind) throws Exception {
        try (var world = kind.world(end -> {
                    end.in().read();
                    end.send("bye");
                    end.close();
                });
                var pool = pool(world)) {
            for (int i = 0; i < 3; i++) {
                try (var lease = pool.connection(world.endpoint())) {
                    Talk.send(lease.connection(), "x");
                    assertThat(lease.connection().input().readAllBytes()).hasSize(3);
                }
            }
            assertThat(pool.stats().created()).isEqualTo(3);
            await().until(() -> pool.stats().disposed(DisposeReason.DEAD) == 3);
        }
    }

    @Test
    void aConnectionWhoseOutputWasShutDownIsNotLentAgain() throws Exception {
        try (var world = Kind.TCP.world(Peer::hold);
                var pool = pool(world)) {
            pool.use(world.endpoint(), connection -> {
                connection.shutdownOutput();
                return 0;
            });
            pool.connection(world.endpoint()).release();
            assertThat(pool.stats().created()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatItsHolderClosedIsNotLentAgain() throws Exception {
        try (var world = Kind.TCP.world(Peer::echo);
                var pool = pool(world)) {
            try (var lease = pool.connection(world.endpoint());
                    var closing = lease.connection().input()) {
                assertThat(closing).isNotNull();
            }
            assertThat(ask(pool, world, "x")).isEqualTo("x");
            assertThat(pool.stats().created()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unreadDataIsTheNextLeasesUnlessToldOtherwise(Kind kind) throws Exception {
        try (var world = kind.world(Peer::echo);
                var pool = pool(world)) {
            pool.use(world.endpoint(), connection -> {
                Talk.send(connection, "left over");
                return 0;
            });
            assertThat(pool.<String, Exception>use(world.endpoint(), connection -> Talk.receive(connection, 9)))
                    .isEqualTo("left over");
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionReleasedWithUnreadDataIsDiscardedWhereThatIsSet(Kind kind) throws Exception {
        for (boolean views : new boolean[] {true, false}) {
            try (var world = kind.world(Peer::echo, builder -> builder.unreadData(UnreadData.DISCARD)
                            .leaseViews(views));
                    var pool = pool(world)) {
                pool.use(world.endpoint(), connection -> {
                    Talk.send(connection, "left over");
                    assertThat(connection.input().read()).isEqualTo('l');
                    await().until(() -> hasUnread(connection));
                    return 0;
                });
                assertThat(ask(pool, world, "clean")).isEqualTo("clean");
                assertThat(pool.stats().created()).isEqualTo(2);
                await().until(() -> pool.stats().disposed(DisposeReason.HOOK_FAILED) == 1);
            }
        }
    }

    private static boolean hasUnread(SocketConnection connection) {
        var inside = ((SocketConnectionView) connection).connection;
        return inside.isAlive() && inside.unread() > 0;
    }

    @ParameterizedTest
    @EnumSource
    void unreadDataThatComesLaterIsFoundByTheCheck(Kind kind) throws Exception {
        try (var world = kind.world(Peer::echo, builder -> builder.unreadData(UnreadData.DISCARD));
                var pool = poolOfOne(world.<Object>manager())
                        .alivenessBypass(Duration.ZERO)
                        .build()) {
            SocketConnectionView[] seen = new SocketConnectionView[1];
            pool.use(world.endpoint(), connection -> {
                seen[0] = (SocketConnectionView) connection;
                return Talk.ask(connection, "x");
            });
            world.end().send("late");
            await().until(() -> seen[0].connection.isAlive() && seen[0].connection.unread() == 4);
            assertThat(ask(pool, world, "clean")).isEqualTo("clean");
            assertThat(pool.stats().created()).isEqualTo(2);
        }
    }

    @Test
    void aReadTimeoutLastsForOneLease() throws Exception {
        try (var world = Kind.TCP.world(Peer::echo, builder -> builder.readTimeout(SOON));
                var pool = pool(world)) {
            pool.use(world.endpoint(), connection -> {
                connection.readTimeout(Duration.ofMillis(1));
                return 0;
            });
            Duration timeout = pool.use(world.endpoint(), SocketConnection::readTimeout);
            assertThat(timeout).isEqualTo(SOON);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingThePoolEndsAReadUnderItsHolder(Kind kind) throws Exception {
        try (var world = kind.world(Peer::hold)) {
            var pool = pool(world);
            var lease = pool.connection(world.endpoint());
            var connection = lease.connection();
            var failure = new CompletableFuture<Throwable>();
            new Thread(() -> failure.complete(
                            catchThrowable(() -> connection.input().read())))
                    .start();
            await().until(() -> !isFree(((SocketConnectionView) connection).connection));
            var report = pool.close(Duration.ofMillis(200));
            assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            assertThat(report.isClean()).isFalse();
        }
    }

    @Test
    void aTlsConnectionIsDisposedInTimeThoughItsPeerReadsNothing() throws Exception {
        try (var world = Kind.TLS.world(end -> {
            end.in().read();
            Peer.ignore(end);
        })) {
            SocketConnectionManager<Object> manager = world.manager();
            var connection = manager.create(world.endpoint(), SOON);
            var failure = new CompletableFuture<Throwable>();
            new Thread(() -> failure.complete(catchThrowable(() -> {
                        while (true) {
                            connection.output().write(new byte[100_000]);
                        }
                    })))
                    .start();
            await().until(() -> !isFree(((SocketConnectionView) connection).connection));
            long start = System.nanoTime();
            manager.dispose(world.endpoint(), connection, DisposeReason.IDLE_TIMEOUT, SOON);
            // One that waited for the peer would take all of its time.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON.dividedBy(2));
            assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IDLE_TIMEOUT", "MAX_LIFETIME", "EVICTED", "CLOSED", "INVALIDATED"})
    void tlsSaysGoodbye(DisposeReason reason) throws Exception {
        assertThat(lastWordsFor(reason)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEAD", "PRESSURE", "HOOK_FAILED"})
    void tlsSaysNoGoodbyeWhereNobodyListensOrSomebodyWaits(DisposeReason reason) throws Exception {
        assertThat(lastWordsFor(reason)).isZero();
    }

    /** How many bytes are sent at a disposal. */
    private static long lastWordsFor(DisposeReason reason) throws Exception {
        try (var world = Kind.TLS.world(Peer::echo);
                var relay = Relay.to(world.server.endpoint())) {
            SocketConnectionManager<Object> manager = world.manager();
            var connection = manager.create(relay.endpoint(), SOON);
            Talk.ask(connection, "x");
            relay.awaitQuiet();
            long before = relay.fromClient();
            manager.dispose(relay.endpoint(), connection, reason, SOON);
            relay.awaitEndOfClient();
            return relay.fromClient() - before;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenArrivesWhateverTheReasonOfTheDisposal(Kind kind) throws Exception {
        for (DisposeReason reason : DisposeReason.values()) {
            var got = new CompletableFuture<Integer>();
            var sent = new byte[50_000];
            try (var world = kind.world(end -> {
                int count = 0;
                try {
                    for (int b = end.in().read(new byte[1000]);
                            b > 0;
                            b = end.in().read(new byte[1000])) {
                        count += b;
                    }
                } catch (IOException e) {
                    // TLS without a goodbye.
                }
                got.complete(count);
            })) {
                SocketConnectionManager<Object> manager = world.manager();
                var connection = manager.create(world.endpoint(), SOON);
                connection.output().write(sent);
                manager.dispose(world.endpoint(), connection, reason, SOON);
                assertThat(got.get(20, TimeUnit.SECONDS)).as(reason.name()).isEqualTo(sent.length);
            }
        }
    }
}
