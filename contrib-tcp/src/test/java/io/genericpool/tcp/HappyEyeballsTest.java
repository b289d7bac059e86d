package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.support.Nanos;
import io.genericpool.tcp.internal.connect.AddressRace;
import io.genericpool.tcp.internal.connect.BlockingDialer;
import io.genericpool.tcp.internal.connect.ConnectFailures;
import io.genericpool.tcp.internal.connect.ConnectSettings;
import io.genericpool.tcp.internal.connect.Dialer;
import io.genericpool.tcp.internal.connect.NonBlockingDialer;
import io.genericpool.tcp.internal.connect.Pace;
import io.genericpool.tcp.internal.wire.IoLoop;
import io.genericpool.testkit.FakePoolClock;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On virtual time; the sockets are real, and a server with a full backlog is the one that does not answer. */
@Timeout(60)
class HappyEyeballsTest {
    private static final Duration DELAY = Duration.ofMillis(250);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final Pace PACE = new Pace(DELAY.toNanos(), Nanos.FOREVER, MINUTE);
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(10);

    private final FakePoolClock clock = new FakePoolClock();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Peer server;

    @BeforeEach
    void start() throws Exception {
        server = Peer.tcp(Peer::echo);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
        executor.shutdownNow();
    }

    private TcpEndpoint silent() throws Exception {
        var silent = new Refused.FullBacklog();
        opened.add(silent);
        return silent.endpoint();
    }

    /** The views of a connection. */
    private enum ViewKind {
        BLOCKING,
        NON_BLOCKING;

        Dialer<String, ?> dialer(RecordingTransport transport, HappyEyeballsTest test) {
            var settings = new ConnectSettings<>(transport, new IoLoop("race-test-io"), test.executor, test.clock);
            return this == BLOCKING
                    ? new BlockingDialer<>(settings, Nanos.FOREVER, SocketConnectionView::of)
                    : new NonBlockingDialer<>(settings, AsyncSocketConnectionView::of);
        }
    }

    private static void awaitOpened(RecordingTransport transport, int count) {
        await().atMost(SOON).until(() -> transport.opened.size() == count);
    }

    /** An attempt sets the timer of the next one only after its socket is open: time must not move before. */
    private void awaitNextTimer() {
        await().atMost(SOON).until(() -> clock.pendingTimers() == 2); // the deadline's and the next attempt's
    }

    /** Closes what is left, too. */
    private static SocketAddress remoteOf(Object connection) throws Exception {
        if (connection instanceof SocketConnection blocking) {
            SocketAddress remote = blocking.remoteAddress();
            blocking.close();
            return remote;
        }
        var nonBlocking = (AsyncSocketConnection) connection;
        SocketAddress remote = nonBlocking.remoteAddress();
        nonBlocking.close();
        return remote;
    }

    private InetSocketAddress serverAddress() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.endpoint().port());
    }

    @ParameterizedTest
    @EnumSource
    void theNextAddressIsTriedAfterTheDelayBesideTheFirst(ViewKind kind) throws Exception {
        var transport = new RecordingTransport(PACE, List.of(silent(), server.endpoint()));
        var connect = kind.dialer(transport, this).dial("host", TIMEOUT);
        awaitOpened(transport, 1);
        awaitNextTimer();
        clock.advance(DELAY.minusNanos(1));
        assertThat(transport.opened).hasSize(1);
        clock.advance(Duration.ofNanos(1));
        Object connection = Talk.await(connect);
        assertThat(transport.opened).hasSize(2);
        assertThat(transport.opened.get(0).isOpen()).isFalse();
        assertThat(remoteOf(connection)).isEqualTo(serverAddress());
        await().until(() -> transport.open() == 0);
        assertThat(clock.pendingTimers()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anAddressThatFailsIsFollowedAtOnce(ViewKind kind) throws Exception {
        var transport =
                new RecordingTransport(PACE, List.of(Refused.endpoint(), Refused.endpoint(), server.endpoint()));
        assertThat(remoteOf(Talk.await(kind.dialer(transport, this).dial("host", TIMEOUT))))
                .isEqualTo(serverAddress());
        assertThat(transport.opened).hasSize(3);
    }

    /** What ends a race in which addresses are silent. */
    private enum Ending {
        DEADLINE(SocketTimeoutException.class),
        CANCELLED(CancellationException.class),
        COMPLETED_FROM_OUTSIDE(null),
        FAILED_FROM_OUTSIDE(IllegalStateException.class),
        AN_ERROR(StackOverflowError.class);

        final Class<? extends Throwable> failure;

        Ending(Class<? extends Throwable> failure) {
            this.failure = failure;
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndWithoutAWinnerClosesAllThatIsInFlight(Ending ending) throws Exception {
        for (ViewKind kind : ViewKind.values()) {
            TcpEndpoint silent = silent();
            var transport = new RecordingTransport(PACE, List.of(silent, silent, silent, silent));
            CompletableFuture<?> connect = kind.dialer(transport, this).dial("host", TIMEOUT);
            awaitOpened(transport, 1);
            awaitNextTimer();
            clock.advance(DELAY);
            awaitOpened(transport, 2);
            awaitNextTimer();
            assertThat(transport.open()).isEqualTo(2);
            switch (ending) {
                case DEADLINE -> clock.advance(Duration.ofNanos(TIMEOUT));
                case CANCELLED -> connect.cancel(true);
                case COMPLETED_FROM_OUTSIDE -> connect.complete(null);
                case FAILED_FROM_OUTSIDE -> connect.completeExceptionally(new IllegalStateException());
                case AN_ERROR -> {
                    transport.onOpen = () -> {
                        throw new StackOverflowError("thrown by a test");
                    };
                    clock.advance(DELAY);
                }
            }
            if (ending.failure == null) {
                Talk.await(connect);
            } else {
                assertThatThrownBy(() -> connect.get(20, TimeUnit.SECONDS))
                        .satisfies(e -> assertThat(e instanceof CancellationException ? e : e.getCause())
                                .isInstanceOf(ending.failure));
            }
            await().until(() -> transport.open() == 0);
            int openedBefore = transport.opened.size();
            clock.advance(DELAY.multipliedBy(100));
            assertThat(transport.open()).isZero();
            assertThat(transport.opened).hasSizeLessThanOrEqualTo(openedBefore);
            assertThat(clock.pendingTimers()).isZero();
        }
    }

    @Test
    void anInterruptedCallerLeavesNoSocket() throws Exception {
        TcpEndpoint silent = silent();
        var transport = new RecordingTransport(PACE, List.of(silent, silent));
        var manager = manager(ViewKind.BLOCKING.dialer(transport, this));
        var ended = new CompletableFuture<Throwable>();
        var thread = new Thread(() -> {
            try {
                manager.create("host", Duration.ofNanos(TIMEOUT));
                ended.complete(new AssertionError("connected"));
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        thread.start();
        awaitOpened(transport, 1);
        awaitNextTimer();
        clock.advance(DELAY);
        awaitOpened(transport, 2);
        thread.interrupt();
        assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        await().until(() -> transport.open() == 0);
    }

    @SuppressWarnings("unchecked") // a builder's endpoints are no matter here
    private static <C> SocketManagerBase<String, C> manager(Dialer<String, C> dialer) {
        var builder = (SocketManagerBuilder<String, ?>) (SocketManagerBuilder<?, ?>) TcpConnectionManager.builder();
        return new SocketManagerBase<>(dialer, builder) {
            @Override
            ConnectionView<C, ?> viewOf(C connection) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void atMostEightAttemptsAreInFlightAndTheOldestMakesRoom() throws Exception {
        TcpEndpoint silent = silent();
        var transport = new RecordingTransport(PACE, Collections.nCopies(12, silent));
        var dialer = ViewKind.BLOCKING.dialer(transport, this);
        var connect = dialer.dial("host", TIMEOUT);
        for (int i = 1; i <= 12; i++) {
            awaitOpened(transport, i);
            int expected = Math.min(i, AddressRace.MAX_IN_FLIGHT);
            await().until(() -> transport.open() == expected);
            if (i < 12) {
                awaitNextTimer();
            }
            clock.advance(DELAY);
        }
        for (int i = 0; i < 12; i++) {
            assertThat(transport.opened.get(i).isOpen()).isEqualTo(i >= 12 - AddressRace.MAX_IN_FLIGHT);
        }
        connect.cancel(true);
        await().until(() -> transport.open() == 0);
    }

    @Test
    void aShortTimeIsSharedByAllAddresses() throws Exception {
        var transport = new RecordingTransport(PACE, List.of(silent(), silent(), silent(), server.endpoint()));
        var connect = ViewKind.BLOCKING.dialer(transport, this).dial("host", TimeUnit.MILLISECONDS.toNanos(400));
        for (int i = 1; i <= 3; i++) {
            awaitOpened(transport, i);
            awaitNextTimer();
            clock.advance(Duration.ofMillis(100));
        }
        assertThat(remoteOf(Talk.await(connect))).isEqualTo(serverAddress());
    }

    @ParameterizedTest
    @EnumSource
    void fourSilentAddressesCostOneSecondOnceAndNothingAfterwards(ViewKind kind) throws Exception {
        var transport =
                new RecordingTransport(PACE, List.of(silent(), silent(), silent(), silent(), server.endpoint()));
        var dialer = kind.dialer(transport, this);
        var first = dialer.dial("host", TIMEOUT);
        for (int i = 1; i <= 4; i++) {
            awaitOpened(transport, i);
            awaitNextTimer();
            assertThat(first).isNotDone();
            clock.advance(DELAY);
        }
        assertThat(remoteOf(Talk.await(first))).isEqualTo(serverAddress());
        for (int i = 0; i < 3; i++) {
            assertThat(remoteOf(Talk.await(dialer.dial("host", TIMEOUT)))).isEqualTo(serverAddress());
        }
        assertThat(transport.opened).hasSize(8);
        // Not for ever: once that is long ago, the most wanted address is tried first again.
        clock.advance(Duration.ofMinutes(1));
        var later = dialer.dial("host", TIMEOUT);
        awaitOpened(transport, 9);
        assertThat(later).isNotDone();
        later.cancel(true);
        await().until(() -> transport.open() == 0);
    }

    @Test
    void addressesThatFailedLatelyAreTriedLastNotNever() throws Exception {
        TcpEndpoint refused = Refused.endpoint();
        var transport = new RecordingTransport(PACE, List.of(refused, TcpEndpoint.of("127.0.0.2", refused.port())));
        var dialer = ViewKind.BLOCKING.dialer(transport, this);
        for (int connects = 1; connects <= 3; connects++) {
            assertThatThrownBy(() -> Talk.await(dialer.dial("host", TIMEOUT))).isInstanceOf(ConnectException.class);
            assertThat(transport.opened).hasSize(2 * connects);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 3_000})
    void theFailureNamesTheLastAttemptsAndHowManyThereWere(int attempts) {
        TcpEndpoint refused = Refused.endpoint();
        var transport = new RecordingTransport(PACE, Collections.nCopies(attempts, refused));
        var failure = catchThrowableOfType(
                ConnectException.class,
                () -> Talk.await(ViewKind.BLOCKING.dialer(transport, this).dial("host", Nanos.FOREVER)));
        assertThat(failure)
                .hasMessageStartingWith("no connection to host: ")
                .hasMessageEndingWith("the last of " + attempts + " failed attempts")
                .hasCauseInstanceOf(ConnectException.class);
        assertThat(failure.getSuppressed()).hasSize(Math.min(attempts, ConnectFailures.KEPT) - 1);
        assertThat(transport.opened).hasSize(attempts).noneMatch(SocketChannel::isOpen);
    }

    @Test
    void aDeadlineNamesWhatIsSilentAndKeepsWhatHasFailed() throws Exception {
        TcpEndpoint refused = Refused.endpoint();
        TcpEndpoint silent = silent();
        var transport = new RecordingTransport(PACE, List.of(refused, silent));
        var connect = ViewKind.BLOCKING.dialer(transport, this).dial("host", TIMEOUT);
        awaitOpened(transport, 2);
        clock.advance(Duration.ofNanos(TIMEOUT));
        var failure = catchThrowableOfType(SocketTimeoutException.class, () -> Talk.await(connect));
        assertThat(failure).hasMessageEndingWith("still connecting to /" + silent);
        assertThat(failure.getSuppressed()).singleElement().satisfies(e -> assertThat(e)
                .hasMessageContaining(refused.toString()));
    }

    @Test
    void anAttemptHasItsOwnLimitWhereOneIsSet() throws Exception {
        var pace = new Pace(Nanos.FOREVER, TimeUnit.SECONDS.toNanos(1), 0);
        var transport = new RecordingTransport(pace, List.of(silent(), server.endpoint()));
        var connect = ViewKind.BLOCKING.dialer(transport, this).dial("host", TIMEOUT);
        awaitOpened(transport, 1);
        awaitNextTimer();
        clock.advance(Duration.ofMillis(999));
        assertThat(transport.opened).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(remoteOf(Talk.await(connect))).isEqualTo(serverAddress());
    }

    @Test
    void inTurnEachAddressHasAnEqualShareOfTheTime() throws Exception {
        var transport = new RecordingTransport(Pace.IN_TURN, List.of(silent(), silent(), server.endpoint()));
        var connect = ViewKind.BLOCKING.dialer(transport, this).dial("host", TimeUnit.SECONDS.toNanos(9));
        for (int i = 1; i <= 2; i++) {
            awaitOpened(transport, i);
            awaitNextTimer();
            clock.advance(Duration.ofSeconds(3));
        }
        assertThat(remoteOf(Talk.await(connect))).isEqualTo(serverAddress());
    }

    /** Time runs so fast that further attempts start at any moment of a connect. */
    @Test
    void aServerThatCountsSeesNoLeftOverConnections() throws Exception {
        var open = new AtomicInteger();
        var isOver = new AtomicBoolean();
        try (var counting = Peer.tcp(end -> {
                    open.incrementAndGet();
                    Peer.hold(end);
                    open.decrementAndGet();
                })
                .forgetting()) {
            TcpEndpoint same = counting.endpoint();
            var transport = new RecordingTransport(PACE, List.of(same, same, same, same));
            var dialer = ViewKind.BLOCKING.dialer(transport, this);
            var time = executor.submit(() -> {
                while (!isOver.get()) {
                    clock.advance(DELAY);
                }
            });
            for (int i = 0; i < 200; i++) {
                var connection = (SocketConnection) Talk.await(dialer.dial("host", Nanos.FOREVER));
                assertThat(transport.open()).isEqualTo(1);
                await().pollInterval(Duration.ofMillis(1)).until(() -> open.get() == 1);
                connection.close();
                await().pollInterval(Duration.ofMillis(1)).until(() -> open.get() == 0);
            }
            isOver.set(true);
            Talk.await(time);
            assertThat(transport.opened).noneMatch(SocketChannel::isOpen);
        }
    }
}
