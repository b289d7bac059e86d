package io.genericpool.websocket.internal.socket;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.CauseChain;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;
import io.genericpool.websocket.ConnectionHook;
import io.genericpool.websocket.WebSocketConnectException;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketHandshakeException;
import io.genericpool.websocket.WebSocketTimeoutException;
import io.genericpool.websocket.internal.handshake.ConnectPhases;
import io.genericpool.websocket.internal.handshake.FailureGuard;
import io.genericpool.websocket.internal.handshake.HandshakeAnswer;
import io.genericpool.websocket.internal.handshake.HandshakeRequest;
import io.genericpool.websocket.internal.handshake.HandshakeSettings;
import io.genericpool.websocket.internal.handshake.Upgrade;
import io.genericpool.websocket.internal.queue.MessageAccess;
import io.genericpool.websocket.internal.queue.Termination;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connect, from the request to an open socket that its hook has prepared, under one deadline that covers all of it:
 * OkHttp's timeouts cover only parts.
 *
 * <p>It is decided once: opened, failed, out of time or cancelled; the first to set {@code settled} decides. A socket that
 * opens after the decision is cancelled again, since a cancel that comes too early has no effect in OkHttp. The future is
 * completed on the executor, never on a reader or a timer.
 */
final class UpgradeAttempt implements Attempt, Upgrade {
    /** How long before the pool's own timer the deadline is at most, so that it is this one that tells what took so long. */
    private static final long LONGEST_HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final WebSocketEndpoint endpoint;
    private final SocketSettings settings;
    private final Executor executor;
    private final SocketRegistry registry;
    private final FrameLink link;
    private final ConnectPhases phases;
    private final long beganNanos;

    private final ConnectFuture result;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable WebSocket socket;
    private volatile PoolClock.@Nullable Timer deadline;

    UpgradeAttempt(WebSocketEndpoint endpoint, SocketSettings settings, Executor executor, SocketRegistry registry) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.executor = executor;
        this.registry = registry;
        this.link = new FrameLink(
                settings.queues().maxMessageSize(), settings.handshake().compression());
        this.phases = new ConnectPhases(settings.clock()::nanoTime);
        this.result = new ConnectFuture(endpoint, phases::phase);
        this.beganNanos = settings.clock().nanoTime();
    }

    ConnectFuture start(OkHttpClient client, long nanos) {
        registry.add(this);
        var unused = result.whenComplete((connection, failure) -> ended(failure));
        if (!Nanos.isOff(nanos)) {
            long early = nanos - Math.min(nanos / 20, LONGEST_HEAD_START_NANOS);
            deadline = settings.clock().schedule(() -> outOfTime(Duration.ofNanos(nanos)), early);
        }
        WebSocket started = client.newWebSocket(request(), new SocketListener(this));
        socket = started;
        if (settled.get()) {
            stopTimer();
            if (result.isCompletedExceptionally()) {
                started.cancel();
            }
        }
        return result;
    }

    private Request request() {
        HandshakeSettings handshake = settings.handshake();
        var request =
                new Request.Builder().url(handshake.urls().apply(endpoint)).tag(Upgrade.class, this);
        if (!handshake.subprotocols().isEmpty()) {
            request.header("Sec-WebSocket-Protocol", String.join(", ", handshake.subprotocols()));
        }
        return request.build();
    }

    @Override
    public WebSocketEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public long beganNanos() {
        return beganNanos;
    }

    @Override
    public Response watch(Response answer) throws IOException {
        return link.watch(answer);
    }

    MessageAccess messages() {
        return settings.queues().messages();
    }

    @Override
    public ConnectPhases phases() {
        return phases;
    }

    /** The socket is open. Returns the connection that its messages go to, or null when it is not wanted. */
    @Nullable
    OkHttpConnection opened(WebSocket open, Response response) {
        WebSocketHandshakeException wrong = HandshakeAnswer.subprotocolError(endpoint, response, settings.handshake());
        if (wrong != null) {
            settle(wrong);
            open.cancel();
            return null;
        }
        if (settled.get()) {
            open.cancel();
            return null;
        }
        long now = settings.clock().nanoTime();
        var took = new ConnectTimes(now - beganNanos, now - phases.upgradeBeganNanos());
        var connection = new OkHttpConnection(endpoint, settings, executor, registry, open, response, link, took);
        link.connect(connection);
        ConnectionHook hook = settings.hooks().opened();
        if (hook == null) {
            executor.execute(() -> succeed(connection));
        } else {
            executor.execute(() -> prepare(connection, hook));
        }
        return connection;
    }

    private void prepare(OkHttpConnection connection, ConnectionHook hook) {
        CompletionStage<?> prepared;
        try {
            prepared = Objects.requireNonNull(hook.apply(connection), "the hook for opened ones returned null");
        } catch (Throwable t) {
            prepared = CompletableFuture.failedFuture(t);
        }
        var unused = prepared.whenComplete((nothing, failure) -> {
            if (failure == null) {
                executor.execute(() -> succeed(connection));
            } else {
                Throwable cause = CauseChain.unwrapped(failure);
                settle(new WebSocketConnectException(
                        "no connection to " + endpoint + ": the hook for opened ones failed", cause));
                connection.abort(Termination.failed(cause));
            }
        });
        if (settled.get() && result.isCompletedExceptionally()) {
            connection.abort(Termination.cutByPool());
        }
    }

    private void succeed(OkHttpConnection connection) {
        boolean decided = settled.compareAndSet(false, true);
        if (decided && result.complete(connection)) {
            return;
        }
        if (decided) {
            // Cancelled between the two.
            registry.connectFailed();
        }
        connection.abort(Termination.cutByPool());
    }

    /** OkHttp has given the socket up before it was open. */
    void neverOpened(Throwable failure, @Nullable Response response) {
        failed(failure, response);
        link.abandon();
    }

    void failed(Throwable failure, @Nullable Response response) {
        if (settled.get()) {
            return;
        }
        if (response != null) {
            settle(HandshakeAnswer.refused(endpoint, response, failure));
        } else if (failure instanceof HandshakeRequest.HeaderSourceFailure) {
            settle(new WebSocketConnectException(
                    "no connection to " + endpoint + ": the source of headers failed", failure.getCause()));
        } else if (failure instanceof HandshakeAnswer.WrongAnswer wrong) {
            settle(HandshakeAnswer.wrong(endpoint, wrong));
        } else {
            Throwable cause = failure;
            if (failure instanceof FailureGuard.UnexpectedFailure unexpected && unexpected.getCause() != null) {
                cause = unexpected.getCause();
            }
            settle(new WebSocketConnectException(
                    "no connection to " + endpoint + ": " + SafeText.message(cause), cause));
        }
    }

    private void outOfTime(Duration timeout) {
        settle(new WebSocketTimeoutException(
                "no connection to " + endpoint + " within " + Nanos.text(timeout) + ": it was " + phases.phase(),
                timeout,
                null));
    }

    @Override
    public void abort(RuntimeException why) {
        settle(why);
    }

    static WebSocketConnectException managerClosed(WebSocketEndpoint endpoint) {
        return new WebSocketConnectException(
                "no connection to " + endpoint + ": its manager was closed", new IOException("manager closed"));
    }

    private void settle(RuntimeException failure) {
        if (settled.compareAndSet(false, true)) {
            registry.connectFailed();
            cancelSocket();
            executor.execute(() -> result.completeExceptionally(failure));
        }
    }

    /** Runs when the future has ended, also when a caller has cancelled it. */
    private void ended(@Nullable Throwable failure) {
        registry.remove(this);
        if (settled.compareAndSet(false, true)) {
            registry.connectFailed();
        }
        stopTimer();
        if (failure != null) {
            cancelSocket();
        }
    }

    private void stopTimer() {
        PoolClock.Timer timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
    }

    private void cancelSocket() {
        WebSocket started = socket;
        if (started != null) {
            started.cancel();
        }
    }
}
