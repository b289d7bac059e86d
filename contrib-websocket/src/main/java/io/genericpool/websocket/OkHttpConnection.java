package io.genericpool.websocket;

import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.PoolClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Response;
import okhttp3.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * One open socket: its queue of received messages, its gate for sending, its end.
 *
 * <p>The end comes in two steps. <em>Terminated</em>: set once by CAS, by whoever notices first (the peer's close, a
 * failure, a close on this side, the pool); from then on nothing is sent, receivers are told, the pool is signalled. <em>
 * Gone</em>: OkHttp has reported the socket's last event, or it was cut and given up on. Between the two a close handshake
 * is under way, under a timer that cuts it.
 *
 * <p>All of OkHttp's callbacks may come from different threads at once.
 */
final class OkHttpConnection implements WebSocketConnection {
    /** How long after a cut OkHttp may take to report the end, before it is taken for granted. */
    private static final Duration CUT_GRACE = Duration.ofSeconds(1);

    private final WebSocketEndpoint endpoint;
    private final WebSocketSettings settings;
    private final Executor executor;
    private final SocketRegistry registry;
    private final WebSocket socket;
    private final @Nullable String subprotocol;
    private final InboundQueue inbound;
    private final OutboundGate outbound;

    private final AtomicReference<@Nullable Termination> termination = new AtomicReference<>();
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private volatile @Nullable ConnectionSignals signals;

    OkHttpConnection(
            WebSocketEndpoint endpoint,
            WebSocketSettings settings,
            Executor executor,
            SocketRegistry registry,
            WebSocket socket,
            Response response) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.executor = executor;
        this.registry = registry;
        this.socket = socket;
        this.subprotocol = response.header("Sec-WebSocket-Protocol");
        this.inbound = new InboundQueue(endpoint, settings, executor);
        this.outbound = new OutboundGate(endpoint, socket, settings.highWaterMark);
        registry.add(this);
    }

    // What the pool does, by way of the manager.

    /** From now on messages are received for leases only. */
    void bind(ConnectionSignals given) {
        inbound.end(inbound.currentEpoch());
        signals = given;
        Termination how = termination.get();
        if (how != null) {
            given.dead(how.signal(endpoint));
        }
    }

    long beginLease() {
        long epoch = inbound.begin();
        outbound.begin(epoch);
        return epoch;
    }

    void endLease(long epoch) {
        outbound.end(epoch);
        inbound.end(epoch);
    }

    /**
     * Closes the socket: with a handshake where there is time for one, by cutting it otherwise or when the time is up.
     *
     * @param handshake how long the peer may take to answer, zero for cutting at once
     * @return ends when the socket is gone; cancelling it cuts the socket
     */
    CompletableFuture<@Nullable Void> shutDown(int code, Duration handshake) {
        terminate(Termination.byPool(code));
        if (handshake.isZero()) {
            cut();
        } else {
            // False when it has failed, or the handshake is under way already: then there is only waiting to be done.
            socket.close(code, null);
            cutAfter(handshake);
        }
        CompletableFuture<@Nullable Void> shutDown = gone.copy();
        var unused = shutDown.whenComplete((nothing, failure) -> {
            if (failure != null) {
                cut();
            }
        });
        return shutDown;
    }

    void abort(Termination how) {
        terminate(how);
        cut();
    }

    // What OkHttp reports.

    void received(Message message) {
        if (message.weight() > settings.maxMessageSize) {
            refuse(
                    CloseCodes.TOO_LARGE,
                    "message too large",
                    new MessageTooLargeException(
                            "A message of " + endpoint + " may have at most " + settings.maxMessageSize
                                    + " bytes, but has " + message.weight(),
                            message.weight(),
                            settings.maxMessageSize));
        } else if (!inbound.offer(message)) {
            refuse(
                    CloseCodes.POLICY_VIOLATION,
                    "receive queue full",
                    new IOException("the queue of received messages is full"));
        }
    }

    private void refuse(int code, String reason, Exception cause) {
        terminate(Termination.refused(code, reason, cause));
        socket.close(code, reason);
        cutAfter(settings.closeTimeout);
    }

    /** The peer has sent its close. It is answered, as the socket would otherwise stay open for ever. */
    void peerClosing(int code, String reason) {
        terminate(Termination.byPeer(code, reason));
        socket.close(CloseCodes.NORMAL, null);
        cutAfter(settings.closeTimeout);
    }

    /** The socket's last event. */
    void gone(Termination how) {
        terminate(how);
        becomeGone();
    }

    void fail(Termination how) {
        terminate(how);
        cut();
    }

    private void terminate(Termination how) {
        if (!termination.compareAndSet(null, how)) {
            return;
        }
        outbound.terminate(how);
        inbound.terminate(how);
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.dead(how.signal(endpoint));
        }
    }

    /** Closes the socket under its reader, which then reports a failure; should it not, that is taken for granted. */
    private void cut() {
        socket.cancel();
        if (!gone.isDone()) {
            later(CUT_GRACE, this::becomeGone);
        }
    }

    private void cutAfter(Duration time) {
        if (!gone.isDone()) {
            later(time, this::cut);
        }
    }

    private void becomeGone() {
        registry.remove(this);
        // Elsewhere: the pool's next step depends on it, and OkHttp has still to close its streams on this thread.
        executor.execute(() -> gone.complete(null));
    }

    private void later(Duration delay, Runnable task) {
        PoolClock.Timer timer = settings.clock.schedule(task, Nanos.of(delay));
        var unused = gone.whenComplete((nothing, failure) -> timer.cancel());
    }

    // What users do without a lease; a lease has its own view.

    @Override
    public WebSocketEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public void send(Message message) {
        send(inbound.currentEpoch(), message, settings.sendTimeout);
    }

    @Override
    public void send(Message message, Duration timeout) {
        send(inbound.currentEpoch(), message, timeout);
    }

    void send(long epoch, Message message, Duration timeout) {
        if (!outbound.send(epoch, message, Nanos.ofTimeout(timeout))) {
            // OkHttp refuses after an end that its callback has not reported yet.
            fail(Termination.failed(new IOException("the socket takes no more messages")));
            throw closed();
        }
    }

    private WebSocketClosedException closed() {
        Termination how = termination.get();
        if (how == null) {
            throw new IllegalStateException("not closed");
        }
        return how.toException(endpoint);
    }

    @Override
    public Message receive(Duration timeout) {
        return receive(inbound.currentEpoch(), timeout);
    }

    Message receive(long epoch, Duration timeout) {
        return inbound.receive(epoch, Nanos.ofTimeout(timeout));
    }

    @Override
    public Optional<Message> tryReceive() {
        return tryReceive(inbound.currentEpoch());
    }

    Optional<Message> tryReceive(long epoch) {
        return inbound.tryReceive(epoch);
    }

    @Override
    public CompletableFuture<Message> receiveAsync() {
        return receiveAsync(inbound.currentEpoch());
    }

    CompletableFuture<Message> receiveAsync(long epoch) {
        return inbound.receiveAsync(epoch);
    }

    @Override
    public boolean isOpen() {
        return termination.get() == null;
    }

    @Override
    public OptionalInt closeCode() {
        Termination how = termination.get();
        return how == null ? OptionalInt.empty() : OptionalInt.of(how.code());
    }

    @Override
    public Optional<String> closeReason() {
        Termination how = termination.get();
        return how == null ? Optional.empty() : Optional.of(how.reason());
    }

    @Override
    public Optional<String> subprotocol() {
        return Optional.ofNullable(subprotocol);
    }

    @Override
    public void close(int code, String reason) {
        CloseCodes.checkSendable(code, reason);
        terminate(Termination.byUser(code, reason));
        if (socket.close(code, reason)) {
            cutAfter(settings.closeTimeout);
        }
    }

    OutboundGate outbound() {
        return outbound;
    }

    InboundQueue inbound() {
        return inbound;
    }

    Duration sendTimeout() {
        return settings.sendTimeout;
    }

    @Override
    public String toString() {
        return "connection to " + endpoint + (isOpen() ? ", open" : ", closed");
    }
}
