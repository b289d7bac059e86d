package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.websocket.internal.socket.ConnectionView;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResetTest {
    private static final Duration QUIET = Duration.ofMillis(60);

    private final FakePoolClock clock = new FakePoolClock();
    private final WebSocketConnectionManagerBuilder builder = WebSocketConnectionManager.builder();
    private EchoServer server;
    private WebSocketConnectionManager manager;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (manager != null) {
            manager.close();
        }
        server.close();
    }

    private Managed connect() throws Exception {
        manager = builder.build();
        return Managed.connect(manager, server.endpoint("/a"));
    }

    private CompletableFuture<?> reset(Managed managed) {
        CompletionStage<?> stage = manager.resetAsync(server.endpoint("/a"), managed.connection);
        return stage.toCompletableFuture();
    }

    @Test
    void costsNothingWhenNothingIsToBeDone() throws Exception {
        var managed = connect();
        managed.lease().close();
        assertThat((Object) manager.resetAsync(server.endpoint("/a"), managed.connection))
                .isSameAs(ConnectionManager.NO_RESET);
    }

    @Test
    void waitsUntilThePeerIsQuiet() throws Exception {
        var drained = new AtomicInteger();
        builder.clock(clock).drain(Drain.quietFor(QUIET).onlyIf(message -> drained.incrementAndGet() > 0));
        var managed = connect();
        managed.lease().close();
        var reset = reset(managed);
        clock.advance(QUIET.minusMillis(1));
        server.push("/a", "late");
        await().until(() -> drained.get() == 1);
        clock.advance(QUIET.minusMillis(1));
        assertThat(reset).isNotDone();
        clock.advance(Duration.ofMillis(1));
        reset.get(30, TimeUnit.SECONDS);
        try (var next = managed.lease()) {
            assertThat(next.connection.tryReceive()).isEmpty();
            assertThat(next.connection.isOpen()).isTrue();
        }
    }

    @Test
    void discardsAConnectionOnWhichSomethingElseThanTheHarmlessIsLeftOver() throws Exception {
        builder.drain(Drain.quietFor(QUIET).onlyIf(message -> message.text().startsWith("notification")));
        var managed = connect();
        var lease = managed.lease();
        server.push("/a", "notification 1");
        await().until(() -> managed.connection.inbound().size() == 1);
        lease.close();
        reset(managed).get(30, TimeUnit.SECONDS);

        var second = managed.lease();
        second.connection.send("question");
        await().until(() -> managed.connection.inbound().size() == 1);
        second.close();
        var reset = reset(managed);
        assertThatThrownBy(() -> reset.get(30, TimeUnit.SECONDS)).hasMessageContaining("left over");
    }

    @Test
    void discardsAConnectionWhoseConditionThrows() throws Exception {
        builder.clock(clock).drain(Drain.quietFor(QUIET).onlyIf(message -> {
            throw new IllegalStateException("boom");
        }));
        var managed = connect();
        managed.lease().close();
        var reset = reset(managed);
        server.push("/a", "x");
        assertThatThrownBy(() -> reset.get(30, TimeUnit.SECONDS)).hasMessageContaining("boom");
        assertThat(managed.connection.isOpen()).isTrue();
    }

    @Test
    void runsTheApplicationsResetAndThenTheDrain() throws Exception {
        builder.drain(Drain.quietFor(QUIET)).onReset(connection -> {
            connection.send("unsubscribe");
            return connection.receiveAsync().thenAccept(answer -> assertThat(answer.text())
                    .isEqualTo("/a|unsubscribe"));
        });
        var managed = connect();
        managed.lease().close();
        reset(managed).get(30, TimeUnit.SECONDS);
        try (var next = managed.lease()) {
            assertThat(next.connection.tryReceive()).isEmpty();
        }
    }

    @Test
    void seesInTheDrainWhatComesAfterTheApplicationsReset() throws Exception {
        var hooked = new CompletableFuture<Void>();
        builder.clock(clock)
                .drain(Drain.quietFor(QUIET).onlyIf(message -> false))
                .onReset(connection -> hooked);
        var managed = connect();
        managed.lease().close();
        var reset = reset(managed);
        hooked.complete(null);
        server.push("/a", "late");
        assertThatThrownBy(() -> reset.get(30, TimeUnit.SECONDS)).hasMessageContaining("left over");
    }

    @Test
    void discardsAConnectionWhoseResetFailsOrThrows() throws Exception {
        builder.onReset(connection -> CompletableFuture.failedFuture(new IllegalStateException("no")));
        var managed = connect();
        managed.lease().close();
        var failed = reset(managed);
        assertThatThrownBy(() -> failed.get(30, TimeUnit.SECONDS)).hasMessageContaining("no");
        manager.close();

        builder.onReset(connection -> {
            throw new AssertionError("boom");
        });
        var other = connect();
        other.lease().close();
        var threw = reset(other);
        assertThatThrownBy(() -> threw.get(30, TimeUnit.SECONDS)).hasMessageContaining("boom");
    }

    @Test
    void preparesAConnectionBeforeItsFirstLease() throws Exception {
        builder.onOpen(connection -> {
            connection.send("login");
            return connection.receiveAsync().thenAccept(answer -> assertThat(answer.text())
                    .isEqualTo("/a|login"));
        });
        var managed = connect();
        try (var lease = managed.lease()) {
            lease.connection.send("x");
            assertThat(lease.connection.receive(SOON).text()).isEqualTo("/a|x");
        }
    }

    @Test
    void failsAConnectWhoseHookFailsOrDoesNotEnd() throws Exception {
        builder.onOpen(connection -> CompletableFuture.failedFuture(new IllegalStateException("bad login")));
        assertThatThrownBy(this::connect)
                .isInstanceOf(WebSocketConnectException.class)
                .hasRootCauseMessage("bad login");
        await().until(() -> server.open() == 0 && manager.openSockets() == 0);
        manager.close();

        builder.onOpen(connection -> new CompletableFuture<>());
        manager = builder.build();
        assertThatThrownBy(() -> manager.create(server.endpoint("/a"), Duration.ofMillis(200)))
                .isInstanceOf(WebSocketTimeoutException.class);
        await().until(() -> server.open() == 0 && manager.openSockets() == 0);
    }

    @Test
    void retiresAConnectionWhosePeerGivesNotice() throws Exception {
        builder.retireOn(message -> message.isText() && message.text().contains("GoAway"));
        var managed = connect();
        try (var lease = managed.lease()) {
            server.push("/a", "GoAway");
            assertThat(lease.connection.receive(SOON).text()).isEqualTo("GoAway");
            managed.retired.get(30, TimeUnit.SECONDS);
            assertThat(lease.connection.isOpen()).isTrue();
        }
        assertThat(managed.death).isNotDone();
    }

    @Test
    void disposesAnIdleConnectionWhosePeerGivesNotice() {
        try (var pool = WebSocketPool.builder()
                .retireOn(message -> message.isText() && message.text().contains("GoAway"))
                .build()) {
            pool.connection(server.endpoint("/b").uri().toString()).release();
            server.push("/b", "GoAway");
            await().until(() -> pool.stats().total() == 0 && server.open("/b") == 0);
            assertThat(server.closeCodes()).containsExactly(1000);
        }
    }

    @Test
    void retiresAConnectionWhosePeerGaveNoticeWhileItWasPrepared() throws Exception {
        builder.retireOn(message -> message.text().contains("GoAway")).onOpen(connection -> {
            connection.send("GoAway");
            return connection.receiveAsync();
        });
        assertThat(connect().retired).isDone();
    }

    @Test
    void retiresAConnectionThatIsReleasedWhileMoreWaitsToBeRead() throws Exception {
        builder.inboundCapacity(1, 1000);
        var managed = connect();
        floodUntilItsReaderIsBlocked(managed);
        assertThat((Object) manager.resetAsync(server.endpoint("/a"), managed.connection))
                .isSameAs(ConnectionManager.NO_RESET);
        assertThat(managed.retired).isDone();
    }

    @Test
    void drainsAConnectionThatIsReleasedWhileMoreWaitsToBeRead() throws Exception {
        var drained = new AtomicInteger();
        builder.clock(clock)
                .inboundCapacity(1, 1000)
                .drain(Drain.quietFor(QUIET).onlyIf(message -> drained.incrementAndGet() > 0));
        var managed = connect();
        floodUntilItsReaderIsBlocked(managed);
        var reset = reset(managed);
        await().until(() -> drained.get() == 10);
        assertThat(reset).isNotDone();
        clock.advance(QUIET);
        reset.get(30, TimeUnit.SECONDS);
        assertThat(managed.retired).isNotDone();
        assertThat(managed.connection.inbound().dropped()).isEqualTo(10);
    }

    @Test
    void retiresAConnectionWhoseHookLeavesMoreToBeRead() throws Exception {
        builder.inboundCapacity(1, 1000).onReset(connection -> {
            var leased = (ConnectionView) connection;
            server.push("/a", "one");
            server.push("/a", "two");
            await().until(() -> leased.open().inbound().isReaderBlocked());
            return CompletableFuture.completedFuture(null);
        });
        var managed = connect();
        managed.lease().close();
        reset(managed).get(30, TimeUnit.SECONDS);
        assertThat(managed.retired).isDone();
    }

    private void floodUntilItsReaderIsBlocked(Managed managed) {
        try (var ignored = managed.lease()) {
            for (int i = 0; i < 10; i++) {
                server.push("/a", "m" + i);
            }
            await().until(() -> managed.connection.inbound().isReaderBlocked());
        }
    }
}
