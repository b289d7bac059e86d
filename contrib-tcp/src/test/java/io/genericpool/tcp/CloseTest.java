package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.tcp.internal.wire.BlockingConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tlschannel.NeedsWriteException;

/** Ending a connection waits for nobody: neither for the peer nor for threads that are inside. */
@Timeout(60)
class CloseTest {
    /** A tenth of what each end is allowed, with room for a machine that is busy. */
    /** Whatever waits here waits for {@link Kind#SOON} or for ever; a busy machine stays below. */
    private static final Duration AT_ONCE = SOON.dividedBy(2);

    private interface Ending {
        void end(SocketConnectionManager<Object> manager, Object endpoint, SocketConnection connection)
                throws Exception;
    }

    /** The ways to end a connection. */
    private enum Way {
        CLOSED_BY_HOLDER((manager, endpoint, connection) -> connection.close()),
        INPUT_CLOSED((manager, endpoint, connection) -> connection.input().close()),
        DISPOSED_WITH_GOODBYE((manager, endpoint, connection) ->
                manager.dispose(endpoint, connection, DisposeReason.IDLE_TIMEOUT, SOON)),
        DISPOSED_WITHOUT(
                (manager, endpoint, connection) -> manager.dispose(endpoint, connection, DisposeReason.PRESSURE, SOON));

        private final Ending ending;

        Way(Ending ending) {
            this.ending = ending;
        }

        void assertEndsAtOnce(Kind.World world, SocketConnectionManager<Object> manager, SocketConnection connection)
                throws Exception {
            long start = System.nanoTime();
            ending.end(manager, world.endpoint(), connection);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
            assertThat(((SocketConnectionView) connection).connection.wire.isOpen())
                    .isFalse();
        }
    }

    private static boolean isBusy(SocketConnection connection) {
        var inside = ((SocketConnectionView) connection).connection;
        boolean isFree = inside.tryHoldOff();
        if (isFree) {
            inside.letOn();
        }
        return !isFree;
    }

    private static CompletableFuture<Throwable> inThread(ThrowingCallable work) {
        var failure = new CompletableFuture<Throwable>();
        var thread = new Thread(() -> failure.complete(catchThrowable(work)), "inside");
        thread.setDaemon(true);
        thread.start();
        return failure;
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatNeverReadsHoldsUpNoEnd(Way way) throws Exception {
        for (Kind kind : Kind.values()) {
            try (var world = kind.world(end -> {
                end.in().read(); // with TLS this is what shakes hands
                Peer.ignore(end);
            })) {
                SocketConnectionManager<Object> manager = world.manager();
                var connection = manager.create(world.endpoint(), SOON);
                var writer = inThread(() -> {
                    while (true) {
                        connection.output().write(new byte[100_000]);
                    }
                });
                await().until(() -> isBusy(connection));
                way.assertEndsAtOnce(world, manager, connection);
                assertThat(writer.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            }
        }
    }

    /** There is no room left for a goodbye either. */
    @ParameterizedTest
    @EnumSource
    void aPeerThatHasStoppedReadingHoldsUpNoEndOfAnIdleConnection(Way way) throws Exception {
        try (var world = Kind.TLS.world(end -> {
            end.in().read();
            Peer.ignore(end);
        })) {
            SocketConnectionManager<Object> manager = world.manager();
            var connection = manager.create(world.endpoint(), SOON);
            Talk.send(connection, "x");
            fill(connection);
            way.assertEndsAtOnce(world, manager, connection);
        }
    }

    /** Writes whole records until the system takes no more, without waiting. */
    private static void fill(SocketConnection connection) throws IOException {
        BlockingConnection inside = ((SocketConnectionView) connection).connection;
        inside.wire.setWaits(false);
        var record = ByteBuffer.allocate(10_000);
        try {
            while (true) {
                inside.link.write(record.clear());
            }
        } catch (NeedsWriteException e) {
            inside.wire.setWaits(true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatNeverAnswersHoldsUpNoEnd(Way way) throws Exception {
        for (Kind kind : Kind.values()) {
            try (var world = kind.world(Peer::hold)) {
                SocketConnectionManager<Object> manager = world.manager();
                var connection = manager.create(world.endpoint(), SOON);
                Talk.send(connection, "x");
                way.assertEndsAtOnce(world, manager, connection);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThreadThatWaitsToReadHoldsUpNoEndAndIsSentHome(Way way) throws Exception {
        for (Kind kind : Kind.values()) {
            try (var world = kind.world(Peer::hold)) {
                SocketConnectionManager<Object> manager = world.manager();
                var connection = manager.create(world.endpoint(), SOON);
                var reader = inThread(() -> connection.input().read());
                await().until(() -> isBusy(connection));
                way.assertEndsAtOnce(world, manager, connection);
                assertThat(reader.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void theGoodbyeOfTlsArrivesThoughThePeerNeverAnswersIt() throws Exception {
        var heard = new CompletableFuture<Integer>();
        try (var world = Kind.TLS.world(end -> {
            end.in().read();
            heard.complete(end.in().read()); // an end without close_notify would be an exception
            Peer.ignore(end);
        })) {
            SocketConnectionManager<Object> manager = world.manager();
            var connection = manager.create(world.endpoint(), SOON);
            Talk.send(connection, "x");
            manager.dispose(world.endpoint(), connection, DisposeReason.IDLE_TIMEOUT, SOON);
            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }
}
