package io.genericpool.websocket;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.HostResolver;
import io.genericpool.spi.LeaseScope;
import io.genericpool.spi.ManagerHook;
import io.genericpool.support.Nanos;
import io.genericpool.support.PoolThreads;
import io.genericpool.websocket.internal.frame.CloseCodes;
import io.genericpool.websocket.internal.handshake.FailureGuard;
import io.genericpool.websocket.internal.handshake.HandshakeRequest;
import io.genericpool.websocket.internal.handshake.NoDelaySockets;
import io.genericpool.websocket.internal.handshake.NoDelayTls;
import io.genericpool.websocket.internal.handshake.Redirects;
import io.genericpool.websocket.internal.pool.WebSocketSettings;
import io.genericpool.websocket.internal.session.Connects;
import io.genericpool.websocket.internal.socket.Handoff;
import io.genericpool.websocket.internal.socket.LeasedConnection;
import io.genericpool.websocket.internal.socket.OkHttpConnection;
import io.genericpool.websocket.internal.socket.RetryingConnect;
import io.genericpool.websocket.internal.socket.SocketRegistry;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/**
 * Opens WebSocket connections over OkHttp, for a pool.
 *
 * <pre>{@code
 * var manager = WebSocketConnectionManager.builder()
 *         .header("Authorization", () -> "Bearer " + tokens.current())
 *         .build();
 * var pool = ConnectionPools.builder(manager).maxSize(20).build();
 * }</pre>
 *
 * <p><b>Connecting</b> blocks no thread of the pool. The timeout covers the whole attempt: the source of headers, name
 * resolution, TCP, proxy, TLS and the upgrade. The attempt fails with {@link WebSocketTimeoutException},
 * {@link WebSocketHandshakeException} or {@link WebSocketConnectException}. OkHttp tries a host's addresses in turn. It
 * also retries once without a report when the server answers 408, or 503 with {@code Retry-After: 0}.
 *
 * <p><b>Threads.</b> Any number of threads and pools may use the manager. One thread of the manager reads each open
 * socket, a virtual thread on JDK 24 and later. The number of sockets is not limited. Writes and OkHttp's own timers
 * run on threads that OkHttp shares within the process.
 *
 * <p><b>Death.</b> The manager reports a close by the peer or a failure to the pool at once, in any state. The
 * aliveness check reads a flag and is instant. Only silence reveals a peer that vanished without a trace.
 *
 * <p><b>Disposal.</b> An idle connection is closed with a handshake (code 1000), within the {@code closeTimeout} of the
 * builder. Under PRESSURE, the handshake has a quarter of a second, because a caller waits for the connection's place.
 * It has one second when the pool closes, or when either side has already started the handshake. A connection that
 * failed or was invalidated is cut.
 *
 * <p><b>Closing.</b> {@link #close()} cuts the remaining connections and ends the manager's threads. Call it after the
 * pools are closed.
 */
public final class WebSocketConnectionManager
        implements AsyncConnectionManager<WebSocketEndpoint, WebSocketConnection>, AutoCloseable {
    private static final Set<ManagerHook> HOOKS = Set.of(
            ManagerHook.CHECK_ALIVENESS,
            ManagerHook.RESET_ASYNC,
            ManagerHook.LEND,
            ManagerHook.BIND,
            ManagerHook.IS_TOO_MANY,
            ManagerHook.ADDRESSES);

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVICE_UNAVAILABLE = 503;

    private static final Duration QUICK_HANDSHAKE = Duration.ofMillis(250);
    private static final Duration SHORT_HANDSHAKE = Duration.ofSeconds(1);

    private static final long KEEP_ALIVE_SECONDS = 5;

    private final WebSocketSettings settings;
    private final ExecutorService threads;
    private final Handoff handoff;
    private final OkHttpClient client;
    private final RetryingConnect connector;
    private final SocketRegistry registry = new SocketRegistry();

    WebSocketConnectionManager(WebSocketSettings settings) {
        this.settings = settings;
        // OkHttp holds one of them for each socket's whole life: a bound would leave a socket waiting for another one's
        // death.
        this.threads = PoolThreads.newExecutor(settings.name() + "-", settings.virtualThreads(), KEEP_ALIVE_SECONDS);
        this.handoff = new Handoff(threads);
        this.client = newClient(settings, threads);
        this.connector = new RetryingConnect(client, settings.sockets(), handoff, registry);
    }

    private static OkHttpClient newClient(WebSocketSettings settings, ExecutorService threads) {
        // Open sockets count as running requests for their whole life: with the default of 64, the 65th would be queued
        // without a word and without a timeout.
        var dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
        var builder = new OkHttpClient.Builder().followRedirects(false).followSslRedirects(false);
        settings.customizer().accept(builder);
        OkHttpClient configured = builder.build();
        X509TrustManager trust = configured.x509TrustManager();
        if (trust != null) {
            builder.sslSocketFactory(new NoDelayTls(configured.sslSocketFactory()), trust);
        }
        builder.interceptors().add(0, new FailureGuard());
        return builder.socketFactory(new NoDelaySockets(configured.socketFactory()))
                .followRedirects(false)
                .dispatcher(dispatcher)
                // Upgraded sockets are never pooled; what a refused upgrade leaves behind would only linger.
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .pingInterval(Duration.ZERO)
                .callTimeout(Duration.ZERO)
                .connectTimeout(settings.ioTimeout())
                .readTimeout(settings.ioTimeout())
                .writeTimeout(settings.ioTimeout())
                .webSocketCloseTimeout(settings.sockets().closeTimeout())
                .addInterceptor(new HandshakeRequest(settings.sockets().handshake(), Redirects.as(configured)))
                .build();
    }

    /**
     * Returns a new builder.
     *
     * @return a new builder
     */
    public static WebSocketConnectionManagerBuilder builder() {
        return new WebSocketConnectionManagerBuilder();
    }

    /**
     * Opens a connection without blocking.
     *
     * @param endpoint the endpoint
     * @param timeout the time limit of the whole attempt
     * @return the future of an open connection; cancelling it ends the attempt
     */
    @Override
    public CompletableFuture<WebSocketConnection> createAsync(WebSocketEndpoint endpoint, Duration timeout) {
        Objects.requireNonNull(endpoint, "endpoint");
        if (registry.isClosed()) {
            return CompletableFuture.failedFuture(new IllegalStateException("the manager was closed"));
        }
        return connector.connect(endpoint, Nanos.of(timeout));
    }

    @Override
    public Optional<Set<ManagerHook>> hooks() {
        return Optional.of(HOOKS);
    }

    @Override
    public boolean isAlivenessCheckInstant() {
        return true;
    }

    @Override
    public boolean checkAliveness(WebSocketEndpoint endpoint, WebSocketConnection connection, Duration timeout) {
        return connection.isOpen();
    }

    @Override
    public CompletionStage<Boolean> checkAlivenessAsync(
            WebSocketEndpoint endpoint, WebSocketConnection connection, Duration timeout) {
        return CompletableFuture.completedFuture(connection.isOpen());
    }

    /**
     * Tells whether a server has refused a connection because there are too many. This is a status 429 or 503 for the
     * upgrade, or close code 1013 for an open connection.
     *
     * @param endpoint the endpoint
     * @param failure the failure of a connection attempt or of an open connection
     * @return whether fewer connections would help
     */
    @Override
    public boolean isTooMany(WebSocketEndpoint endpoint, Throwable failure) {
        if (failure instanceof WebSocketHandshakeException refused) {
            return refused.status() == TOO_MANY_REQUESTS || refused.status() == SERVICE_UNAVAILABLE;
        }
        return failure instanceof WebSocketClosedException closed && closed.code() == CloseCodes.TRY_AGAIN_LATER;
    }

    @Override
    public void bind(WebSocketEndpoint endpoint, WebSocketConnection connection, ConnectionSignals signals) {
        own(connection).bind(signals);
    }

    /**
     * Finds the addresses of the endpoint's host, by the DNS of the OkHttp client. An endpoint that is reached through a
     * proxy has none, because the proxy finds its addresses.
     */
    @Override
    public Set<InetAddress> addresses(WebSocketEndpoint endpoint) throws UnknownHostException {
        HostResolver dns = host -> client.dns().lookup(host);
        return isDirect(endpoint) ? dns.resolveAll(List.of(endpoint.host())) : Set.of();
    }

    private boolean isDirect(WebSocketEndpoint endpoint) {
        Proxy fixed = client.proxy();
        if (fixed != null) {
            return fixed.type() == Proxy.Type.DIRECT;
        }
        List<Proxy> proxies = client.proxySelector().select(endpoint.toHttpUrl().uri());
        return proxies == null || proxies.stream().allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
    }

    @Override
    public WebSocketConnection lend(WebSocketEndpoint endpoint, WebSocketConnection connection, LeaseScope scope) {
        OkHttpConnection own = own(connection);
        own.lent();
        return LeasedConnection.begin(own, scope);
    }

    @Override
    public CompletionStage<?> resetAsync(WebSocketEndpoint endpoint, WebSocketConnection connection) {
        return own(connection).betweenLeases().reset();
    }

    @Override
    public CompletableFuture<?> disposeAsync(
            WebSocketEndpoint endpoint, WebSocketConnection connection, DisposeReason reason, Duration timeout) {
        int code = reason == DisposeReason.CLOSED ? CloseCodes.GOING_AWAY : CloseCodes.NORMAL;
        OkHttpConnection own = own(connection);
        return own.shutDown(code, shorter(handshakeTime(own, reason), timeout));
    }

    private Duration handshakeTime(OkHttpConnection connection, DisposeReason reason) {
        if (connection.isRetired()) {
            return settings.sockets().closeTimeout();
        }
        if (connection.isClosing()) {
            // A cut at once could overtake the close frame, and the peer would never learn the code.
            return shorter(SHORT_HANDSHAKE, settings.sockets().closeTimeout());
        }
        if (reason == DisposeReason.INVALIDATED && settings.goodbyeOnInvalidate()) {
            return settings.sockets().closeTimeout();
        }
        return switch (reason) {
            case DEAD, INVALIDATED, HOOK_FAILED -> Duration.ZERO;
            case PRESSURE -> shorter(QUICK_HANDSHAKE, settings.sockets().closeTimeout());
            case CLOSED -> shorter(SHORT_HANDSHAKE, settings.sockets().closeTimeout());
            default -> settings.sockets().closeTimeout();
        };
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static OkHttpConnection own(WebSocketConnection connection) {
        if (connection instanceof OkHttpConnection own) {
            return own;
        }
        throw new IllegalArgumentException("connection must be one this manager has made, but is a "
                + connection.getClass().getName());
    }

    /**
     * The number of sockets that are open or being closed.
     *
     * @return the gauge
     */
    public int openSockets() {
        return registry.connections();
    }

    /**
     * Returns the statistics of all connections: messages, bytes, connection attempts and closes.
     *
     * @return a snapshot
     */
    public WebSocketManagerStats stats() {
        return registry.snapshot();
    }

    WebSocketSettings settings() {
        return settings;
    }

    /** What the sessions of the pool use. */
    Connects connects() {
        return new Connects(handoff, settings.sockets().clock(), registry);
    }

    /**
     * Cuts all connections, cancels all connection attempts, and ends the manager's threads as soon as their current
     * work has ended. The call does not wait for them. Connection attempts fail from now on. Idempotent.
     */
    @Override
    public void close() {
        registry.close();
        threads.shutdown();
        client.connectionPool().evictAll();
    }

    @Override
    public String toString() {
        return "WebSocketConnectionManager(" + settings.name() + ")";
    }
}
