package io.genericpool.websocket;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionFunction;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolStats;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool of WebSockets: a {@link ConnectionPool} with a {@link WebSocketConnectionManager} of its own, whose endpoints are
 * written as paths against a base URI, or as full URIs.
 *
 * <pre>{@code
 * try (var pool = WebSocketPool.builder()
 *                 .baseUri("wss://stream.example.com")
 *                 .header("Authorization", () -> "Bearer " + tokens.current())
 *                 .maxSize(50)
 *                 .build();
 *         var lease = pool.connection("/ws/btcusdt")) {
 *     lease.connection().send("{\"subscribe\":\"trades\"}");
 *     Message message = lease.connection().receive(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>Times, errors, threads, interrupts and closing are those of {@link ConnectionPool}. A text that leads to no endpoint
 * is an {@link IllegalArgumentException}.
 */
public final class WebSocketPool implements AutoCloseable {
    private final ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool;
    private final WebSocketConnectionManager manager;
    private final Function<String, WebSocketEndpoint> resolver;
    private final CompletableFuture<Integer> warmedUp;

    private final PoolSessions sessions;

    WebSocketPool(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool,
            WebSocketConnectionManager manager,
            WebSocketPoolBuilder builder) {
        this.pool = pool;
        this.manager = manager;
        this.resolver = builder.resolver();
        this.sessions = new PoolSessions(pool, manager);
        this.warmedUp = builder.warmUps().stream()
                .map(warmUp -> pool.warmUp(endpoint(warmUp.pathOrUri()), warmUp.connections()))
                .reduce(CompletableFuture.completedFuture(0), (one, other) -> one.thenCombine(other, Integer::sum));
    }

    /**
     * Begins to configure a pool.
     *
     * @return a builder with the default of every knob
     */
    public static WebSocketPoolBuilder builder() {
        return new WebSocketPoolBuilder();
    }

    /**
     * The endpoint that a text leads to.
     *
     * @param pathOrUri a path against the base URI, or a full URI
     * @return the endpoint
     * @throws IllegalArgumentException when it leads to none, is a path and there is no base URI, or leads to an origin
     *     that is not allowed
     */
    public WebSocketEndpoint endpoint(String pathOrUri) {
        return resolver.apply(pathOrUri);
    }

    /**
     * Acquires a connection; see {@link ConnectionPool#connection(Object)}.
     *
     * @param pathOrUri where to
     * @return a lease of a connection, reused or new
     */
    public Lease<WebSocketEndpoint, WebSocketConnection> connection(String pathOrUri) {
        return pool.connection(endpoint(pathOrUri));
    }

    /**
     * Acquires a connection within a deadline; see {@link ConnectionPool#connection(Object, Duration)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now; zero or more
     * @return a lease of a connection, reused or new
     */
    public Lease<WebSocketEndpoint, WebSocketConnection> connection(String pathOrUri, Duration timeout) {
        return pool.connection(endpoint(pathOrUri), timeout);
    }

    /**
     * Leases an idle connection or none; see {@link ConnectionPool#tryConnection}.
     *
     * @param pathOrUri where to
     * @return a lease, or empty
     */
    public Optional<Lease<WebSocketEndpoint, WebSocketConnection>> tryConnection(String pathOrUri) {
        return pool.tryConnection(endpoint(pathOrUri));
    }

    /**
     * Acquires a connection without a thread that waits; see {@link ConnectionPool#connectionAsync(Object)}.
     *
     * @param pathOrUri where to
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> connectionAsync(String pathOrUri) {
        return pool.connectionAsync(endpoint(pathOrUri));
    }

    /**
     * Acquires a connection within a deadline, without a thread that waits; see
     * {@link ConnectionPool#connectionAsync(Object, Duration)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now; zero or more
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> connectionAsync(
            String pathOrUri, Duration timeout) {
        return pool.connectionAsync(endpoint(pathOrUri), timeout);
    }

    /**
     * Acquires a connection that was never used before; see {@link ConnectionPool#newConnection(Object)}.
     *
     * @param pathOrUri where to
     * @return a lease of a new connection
     */
    public Lease<WebSocketEndpoint, WebSocketConnection> newConnection(String pathOrUri) {
        return pool.newConnection(endpoint(pathOrUri));
    }

    /**
     * Acquires a connection that was never used before, within a deadline; see
     * {@link ConnectionPool#newConnection(Object, Duration)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now; zero or more
     * @return a lease of a new connection
     */
    public Lease<WebSocketEndpoint, WebSocketConnection> newConnection(String pathOrUri, Duration timeout) {
        return pool.newConnection(endpoint(pathOrUri), timeout);
    }

    /**
     * Acquires a connection that was never used before, without a thread that waits; see
     * {@link ConnectionPool#newConnectionAsync(Object)}.
     *
     * @param pathOrUri where to
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> newConnectionAsync(String pathOrUri) {
        return pool.newConnectionAsync(endpoint(pathOrUri));
    }

    /**
     * Acquires a connection that was never used before, within a deadline and without a thread that waits; see
     * {@link ConnectionPool#newConnectionAsync(Object, Duration)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now; zero or more
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> newConnectionAsync(
            String pathOrUri, Duration timeout) {
        return pool.newConnectionAsync(endpoint(pathOrUri), timeout);
    }

    /**
     * Does some work with a connection; see {@link ConnectionPool#use(Object, ConnectionFunction)}.
     *
     * @param pathOrUri where to
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R use(
            String pathOrUri, ConnectionFunction<? super WebSocketConnection, ? extends R, X> work) throws X {
        return pool.use(endpoint(pathOrUri), work);
    }

    /**
     * Does some work with a connection that must be had within a deadline; see
     * {@link ConnectionPool#use(Object, Duration, ConnectionFunction)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline of the acquire from now; zero or more
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R use(
            String pathOrUri, Duration timeout, ConnectionFunction<? super WebSocketConnection, ? extends R, X> work)
            throws X {
        return pool.use(endpoint(pathOrUri), timeout, work);
    }

    /**
     * As {@link #use(String, ConnectionFunction)}, but the work is done once more, on a new connection, when it fails because
     * its connection was closed before anything had arrived on it. For work that may be done twice: what it has sent may
     * have reached the peer.
     *
     * @param pathOrUri where to
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it; the failure of the first time is suppressed in that of the second
     */
    public <R extends @Nullable Object, X extends Exception> R useOnceMore(
            String pathOrUri, ConnectionFunction<? super WebSocketConnection, ? extends R, X> work) throws X {
        return useOnceMore(pathOrUri, pool.config().acquireTimeout(), work);
    }

    /**
     * As {@link #useOnceMore(String, ConnectionFunction)}, within a deadline.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now until the last connection is had; zero or more
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it; the failure of the first time is suppressed in that of the second
     */
    public <R extends @Nullable Object, X extends Exception> R useOnceMore(
            String pathOrUri, Duration timeout, ConnectionFunction<? super WebSocketConnection, ? extends R, X> work)
            throws X {
        return new OnceMore<R, X>(pool, endpoint(pathOrUri), work).run(timeout);
    }

    /**
     * Does some asynchronous work with a connection; see {@link ConnectionPool#useAsync(Object, Function)}.
     *
     * @param pathOrUri where to
     * @param work what to do; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            String pathOrUri, Function<? super WebSocketConnection, ? extends CompletionStage<R>> work) {
        return pool.useAsync(endpoint(pathOrUri), work);
    }

    /**
     * Does some asynchronous work with a connection that must be had within a deadline; see
     * {@link ConnectionPool#useAsync(Object, Duration, Function)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline of the acquire from now; zero or more
     * @param work what to do; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            String pathOrUri,
            Duration timeout,
            Function<? super WebSocketConnection, ? extends CompletionStage<R>> work) {
        return pool.useAsync(endpoint(pathOrUri), timeout, work);
    }

    /**
     * Opens connections ahead of use; see {@link ConnectionPool#warmUp}.
     *
     * @param pathOrUri where to
     * @param connections how many connections the endpoint should hold
     * @return the number of connections this call has opened
     */
    public CompletableFuture<Integer> warmUp(String pathOrUri, int connections) {
        return pool.warmUp(endpoint(pathOrUri), connections);
    }

    /**
     * Tells when the warm-up that the pool was built with has ended. A connect that failed does not fail it.
     *
     * @return the number of connections it has opened
     */
    public CompletableFuture<Integer> warmedUp() {
        return warmedUp.copy();
    }

    /**
     * Begins to configure a session that outlives its connections.
     *
     * @param pathOrUri where to
     * @param listener is told what arrives and what happens
     * @return a builder
     */
    public WebSocketSessionBuilder session(String pathOrUri, SessionListener listener) {
        return new WebSocketSessionBuilder(
                this, endpoint(pathOrUri), Objects.requireNonNull(listener, "listener"), manager);
    }

    /**
     * This pool for values instead of messages.
     *
     * @param codec turns the ones into the others
     * @param <T> the type of values
     * @return a view of this pool; closing it closes this pool
     */
    public <T> TypedWebSocketPool<T> typed(Codec<T> codec) {
        return new TypedWebSocketPool<>(this, codec);
    }

    /**
     * The pool behind this face, for all it can do beyond.
     *
     * @return the pool; closing it is closing this one but for the manager
     */
    public ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool() {
        return pool;
    }

    /**
     * Counts of connections, leases and waiters.
     *
     * @return a snapshot
     */
    public PoolStats stats() {
        return pool.stats();
    }

    /**
     * Counts of messages, bytes, connects and closes.
     *
     * @return a snapshot
     */
    public WebSocketManagerStats traffic() {
        return manager.stats();
    }

    /** Its sessions, and the connects that they no longer want. */
    PoolSessions sessions() {
        return sessions;
    }

    /** Closes the sessions, then the pool within its {@code closeTimeout}, then its manager. */
    @Override
    public void close() {
        sessions.beginClosing();
        try {
            pool.close();
        } finally {
            manager.close();
        }
    }

    /**
     * Closes the sessions, then the pool, then its manager; see {@link ConnectionPool#close(Duration)}. Connects that are
     * under way are given up, as nothing can wait for them any more.
     *
     * @param timeout the deadline from now; zero or more
     * @return what became of the connections
     */
    public CloseReport close(Duration timeout) {
        sessions.beginClosing();
        try {
            return pool.close(timeout);
        } finally {
            manager.close();
        }
    }
}
