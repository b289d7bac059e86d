package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static io.genericpool.websocket.internal.session.SessionBuffer.NOT_NUMBERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.websocket.internal.session.SessionBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SessionBufferTest {
    private EchoServer server;
    private WebSocketConnectionManager manager;
    private WebSocketConnection connection;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        manager = WebSocketConnectionManager.builder().build();
        connection = Managed.connect(manager, server.endpoint("/b")).lease().connection;
    }

    @AfterEach
    void stop() throws Exception {
        manager.close();
        server.close();
    }

    private static List<Message> send(SessionBuffer buffer, String text) {
        return buffer.send(Message.text(text), NOT_NUMBERED, true);
    }

    private void arrive(String... texts) {
        for (String text : texts) {
            assertThat(connection.receive(SOON).text()).isEqualTo("/b|" + text);
        }
    }

    /** A send that has begun to wait. */
    private static CompletableFuture<List<Message>> waitingSend(SessionBuffer buffer, String text) {
        var thread = new CompletableFuture<Thread>();
        var sent = Async.supply(() -> {
            thread.complete(Thread.currentThread());
            return send(buffer, text);
        });
        await().until(() -> thread.join().getState() == Thread.State.WAITING);
        return sent;
    }

    @Test
    void sendsWhatItHasKeptAndThenAtOnce() {
        var buffer = new SessionBuffer(10, OverflowPolicy.FAIL);
        send(buffer, "1");
        send(buffer, "2");
        buffer.attach(connection, 0);
        send(buffer, "3");
        arrive("1", "2", "3");
        assertThat(buffer.close()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void sendsWhatWaitedForRoomOnceThereIsAConnection(int capacity) throws Exception {
        var buffer = new SessionBuffer(capacity, OverflowPolicy.BLOCK);
        for (int i = 0; i < capacity; i++) {
            send(buffer, "kept");
        }
        var waiting = waitingSend(buffer, "waited");
        buffer.attach(connection, 0);
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
        send(buffer, "last");
        arrive(capacity == 0 ? new String[] {"waited", "last"} : new String[] {"kept", "waited", "last"});
        assertThat(buffer.close()).isEmpty();
    }

    @Test
    void failsWhatWaitsForRoomWhenItIsClosed() {
        var buffer = new SessionBuffer(0, OverflowPolicy.BLOCK);
        var waiting = waitingSend(buffer, "x");
        buffer.close();
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void letsASenderThatWaitsForRoomBeInterrupted() throws Exception {
        var buffer = new SessionBuffer(0, OverflowPolicy.BLOCK);
        var interrupted = new CompletableFuture<Boolean>();
        var thread = new Thread(() -> {
            try {
                send(buffer, "x");
            } catch (WebSocketInterruptedException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void leavesOutWhatAConnectionWasToldAtItsBeginning() {
        var buffer = new SessionBuffer(10, OverflowPolicy.FAIL);
        buffer.send(Message.text("subscription 1"), 1, true);
        send(buffer, "plain");
        buffer.send(Message.text("subscription 3"), 3, true);
        buffer.attach(connection, 2);
        buffer.send(Message.text("subscription 2"), 2, true);
        buffer.send(Message.text("subscription 4"), 4, true);
        arrive("plain", "subscription 3", "subscription 4");
        assertThat(connection.tryReceive()).isEmpty();
    }

    @Test
    void keepsForTheNextConnectionWhatOneCouldNotTake() throws Exception {
        var buffer = new SessionBuffer(10, OverflowPolicy.FAIL);
        send(buffer, "1");
        send(buffer, "2");
        WebSocketConnection ended =
                Managed.connect(manager, server.endpoint("/b")).lease().connection;
        ended.close();
        assertThatThrownBy(() -> buffer.attach(ended, 0)).isInstanceOf(WebSocketClosedException.class);
        send(buffer, "3");
        buffer.attach(connection, 0);
        arrive("1", "2", "3");
    }

    @Test
    void keepsWhatIsSentOnAConnectionThatHasEnded() throws Exception {
        var buffer = new SessionBuffer(10, OverflowPolicy.FAIL);
        WebSocketConnection ended =
                Managed.connect(manager, server.endpoint("/b")).lease().connection;
        buffer.attach(ended, 0);
        ended.close();
        send(buffer, "1");
        buffer.attach(connection, 0);
        arrive("1");
    }

    @Test
    void tellsAtItsCloseWhatWasNeverSent() {
        var buffer = new SessionBuffer(2, OverflowPolicy.DROP_OLDEST);
        send(buffer, "1");
        send(buffer, "2");
        assertThat(send(buffer, "3")).containsExactly(Message.text("1"));
        assertThat(buffer.close()).containsExactly(Message.text("2"), Message.text("3"));
        assertThat(buffer.close()).isEmpty();
    }
}
