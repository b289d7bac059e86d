package io.genericpool.websocket.internal.socket;

import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.MessageTooLargeException;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.internal.frame.CloseCodes;
import io.genericpool.websocket.internal.frame.FrameViolation;
import io.genericpool.websocket.internal.handshake.HandshakeAnswer;
import io.genericpool.websocket.internal.queue.InboundQueue;
import io.genericpool.websocket.internal.queue.OutboundGate;
import io.genericpool.websocket.internal.queue.Termination;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Response;
import okhttp3.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * One open socket: its queue of received messages, its gate for sending, its end.
 *
 * <p>The end comes in two steps. <em>Terminated</em>: set once by CAS, by the first that notices (the peer's close, a
 * failure, a close on this side, the pool); from then on nothing is sent, receivers are told, the pool is signalled. <em>
 * Gone</em>: OkHttp has reported the socket's last event, or it was cut and given up on. Between the two a close handshake
 * is under way, under a timer that cuts it.
 *
 * <p>All of OkHttp's callbacks may come from different threads at once.
 */
public final class OkHttpConnection extends ConnectionView {
    /** How long after a cut OkHttp may take to report the end, before it is taken for granted. */
    private static final Duration CUT_GRACE = Duration.ofSeconds(1);

    /** How long the way from the upgrade to a waiting request may take. */
    private static final long BIRTH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WebSocketEndpoint endpoint;
    private final SocketSettings settings;
    private final Executor executor;
    private final SocketRegistry registry;
    private final WebSocket socket;
    private final Map<String, List<String>> headers;
    private final InboundQueue inbound;
    private final OutboundGate outbound;
    private final FrameLink link;
    private final Pings pings;
    private final @Nullable HeartbeatMonitor heart;
    private final BetweenLeases betweenLeases;
    private final ReaderCalls callbacks;
    private final Arrivals arrivals = new Arrivals();
    private final ConnectTimes took;
    private final long openedNanos;

    /** As {@link #openedNanos}, by the clock of the settings. */
    private final long bornNanos;

    private final AtomicReference<@Nullable Termination> termination = new AtomicReference<>();
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private volatile @Nullable ConnectionSignals signals;
    private volatile boolean retired;
    private volatile boolean lent;
    private volatile long closedNanos;

    OkHttpConnection(
            WebSocketEndpoint endpoint,
            SocketSettings settings,
            Executor executor,
            SocketRegistry registry,
            WebSocket socket,
            Response response,
            FrameLink link,
            ConnectTimes took) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.executor = executor;
        this.registry = registry;
        this.socket = socket;
        this.inbound = new InboundQueue(endpoint, settings.queues(), executor);
        this.headers = HandshakeAnswer.headersOf(response);
        this.outbound = new OutboundGate(endpoint, socket, settings.queues(), executor);
        this.link = link;
        this.pings = new Pings(link.socket(), executor);
        this.callbacks = new ReaderCalls(endpoint);
        this.heart = settings.heartbeat() == null
                ? null
                : new HeartbeatMonitor(this, pings, link.socket(), settings.heartbeat(), settings, executor);
        this.betweenLeases = new BetweenLeases(this, settings, executor);
        this.took = took;
        this.openedNanos = System.nanoTime();
        this.bornNanos = settings.clock().nanoTime();
        registry.add(this, took);
        if (heart != null) {
            heart.start();
        }
    }

    // What the pool does, by way of the manager.

    /** From now on messages are received for leases only; what arrives before the first one is kept for that. */
    public void bind(ConnectionSignals given) {
        long preparing = inbound.currentEpoch();
        inbound.endPreparation();
        outbound.end(preparing);
        signals = given;
        if (retired) {
            given.retire();
        }
        Termination how = termination.get();
        if (how != null) {
            given.dead(how.signalBeforeLease(endpoint));
        }
    }

    /** A lease begins. */
    public void lent() {
        lent = true;
    }

    public BetweenLeases betweenLeases() {
        return betweenLeases;
    }

    /**
     * Closes the socket: with a handshake where there is time for one, by cutting it otherwise or when the time is up.
     *
     * @param handshake how long the peer may take to answer, zero for cutting at once
     * @return ends when the socket is gone; cancelling it cuts the socket
     */
    public CompletableFuture<@Nullable Void> shutDown(int code, Duration handshake) {
        boolean begins = terminate(handshake.isZero() ? Termination.cutByPool() : Termination.byPool(code));
        if (handshake.isZero()) {
            cut();
        } else {
            // Otherwise the handshake is under way, or there is none: then there is only waiting to be done.
            if (begins) {
                socket.close(code, null);
            }
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

    public void abort(Termination how) {
        terminate(how);
        cut();
    }

    // What OkHttp reports.

    void messageBegun() {
        arrivals.begun(inbound.currentEpoch());
    }

    void received(Message message) {
        long arrivedIn = arrivals.delivered();
        if (heart != null && heart.takes(message)) {
            return;
        }
        if (callbacks.test("retireOn", settings.hooks().retireOn(), message)) {
            retire();
        }
        switch (inbound.offer(message, arrivedIn)) {
            case LATE -> betweenLeases.late(message);
            case OVERFLOW ->
                refuse(
                        CloseCodes.POLICY_VIOLATION,
                        "receive queue full",
                        new IOException("the queue of received messages is full"));
            case TAKEN -> {}
        }
    }

    /** The present lease is the last one: the peer has given notice, or more is on its way than any lease will read. */
    void retire() {
        retired = true;
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.retire();
        }
    }

    /** Calls the application's conditions on messages. */
    ReaderCalls callbacks() {
        return callbacks;
    }

    /** Whether it is disposed for that, and so may shake hands. */
    public boolean isRetired() {
        return retired && isOpen();
    }

    /** Whether a close handshake was begun, by either side. */
    public boolean isClosing() {
        Termination how = termination.get();
        return how != null && how.code() != CloseCodes.ABNORMAL;
    }

    /** The peer has sent what cannot be accepted; the watch has told it so, and OkHttp's reader is about to fail. */
    void violated(FrameViolation violation) {
        Throwable cause = violation.code() == FrameViolation.TOO_LARGE
                ? new MessageTooLargeException(
                        "A message of " + endpoint + ": " + violation.getMessage(),
                        violation.size(),
                        settings.queues().maxMessageSize())
                : violation;
        terminate(Termination.refused(violation.code(), "", cause));
    }

    private void refuse(int code, String reason, Exception cause) {
        terminate(Termination.refused(code, reason, cause));
        socket.close(code, reason);
        cutAfter(settings.closeTimeout());
    }

    /** The peer has sent its close. It is answered, as the socket would otherwise stay open for ever. */
    void peerClosing(int code, String reason) {
        terminate(Termination.byPeer(code, reason));
        socket.close(CloseCodes.answerTo(code), null);
        cutAfter(settings.closeTimeout());
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

    /** Returns whether this call did it. */
    private boolean terminate(Termination how) {
        if (!termination.compareAndSet(null, how)) {
            return false;
        }
        closedNanos = System.nanoTime();
        if (heart != null) {
            heart.stop();
        }
        registry.closed(how.code());
        outbound.terminate(how);
        inbound.terminate(how);
        pings.terminate(how.toException(endpoint));
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.dead(isStillborn() ? how.signalBeforeLease(endpoint) : how.signal(endpoint));
        }
        return true;
    }

    /** Whether it has ended on the way to its first lease, which is then told why. */
    private boolean isStillborn() {
        return !lent && settings.clock().nanoTime() - bornNanos < BIRTH_NANOS;
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
        PoolClock.Timer timer = settings.clock().schedule(task, Nanos.of(delay));
        var unused = gone.whenComplete((nothing, failure) -> timer.cancel());
    }

    // What the views need; a user without a lease is in whatever is the present epoch.

    @Override
    public OkHttpConnection open() {
        return this;
    }

    @Override
    long epoch() {
        return inbound.currentEpoch();
    }

    @Override
    public WebSocketEndpoint endpoint() {
        return endpoint;
    }

    SocketSettings settings() {
        return settings;
    }

    public InboundQueue inbound() {
        return inbound;
    }

    public OutboundGate outbound() {
        return outbound;
    }

    Pings pings() {
        return pings;
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    @Nullable
    Termination termination() {
        return termination.get();
    }

    CompletableFuture<Duration> ping() {
        if (termination.get() != null) {
            throw closed();
        }
        CompletableFuture<Duration> roundTrip = pings.start();
        if (termination.get() != null) {
            // It may have ended before the ping was there to be told.
            pings.terminate(closed());
        }
        return roundTrip;
    }

    /** OkHttp refuses a message after an end that its callback has not reported yet. */
    void checkSent(boolean sent) {
        if (!sent) {
            fail(Termination.failed(new IOException("the socket takes no more messages")));
            throw closed();
        }
    }

    WebSocketClosedException closed() {
        Termination how = termination.get();
        if (how == null) {
            throw new IllegalStateException("not closed");
        }
        return how.toException(endpoint);
    }

    void closeByUser(int code, String reason) {
        terminate(Termination.byUser(code, reason));
        if (socket.close(code, reason)) {
            cutAfter(settings.closeTimeout());
        }
    }

    public ConnectionSnapshot snapshot() {
        long now = System.nanoTime();
        Termination how = termination.get();
        long age = (how == null ? now : closedNanos) - openedNanos;
        Duration roundTrip = heart == null ? null : heart.roundTrip();
        return new ConnectionSnapshot(
                link.socket().counts(),
                inbound.dropped(),
                roundTrip == null ? pings.roundTrip() : roundTrip,
                Duration.ofNanos(took.connect()),
                Duration.ofNanos(took.upgrade()),
                Duration.ofNanos(age),
                Duration.ofNanos(Math.min(age, now - link.socket().lastReadNanos())));
    }

    @Override
    public String toString() {
        return "connection to " + endpoint + (termination.get() == null ? ", open" : ", closed");
    }
}
