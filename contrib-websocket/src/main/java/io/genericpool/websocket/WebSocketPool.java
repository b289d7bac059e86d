package io.genericpool.websocket;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionFunction;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.PoolStats;
import io.genericpool.group.Routing;
import io.genericpool.support.SafeText;
import io.genericpool.websocket.internal.pool.OnceMore;
import io.genericpool.websocket.internal.session.PoolSessions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pool of WebSockets. It combines a {@link ConnectionPool} with its own {@link WebSocketConnectionManager}. Endpoints
 * are paths relative to a base URI, or full URIs.
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
 * <p>Timeouts, errors, threads, interrupts and closing are those of {@link ConnectionPool}. A text that is no valid
 * endpoint causes an {@link IllegalArgumentException}.
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
        this.sessions = new PoolSessions(pool, manager.connects());
        this.warmedUp = builder.warmUps().stream()
                .map(warmUp -> pool.warmUp(endpoint(warmUp.pathOrUri()), warmUp.connections()))
                .reduce(CompletableFuture.completedFuture(0), (one, other) -> one.thenCombine(other, Integer::sum));
    }

    /**
     * Returns a new builder.
     *
     * @return a builder with default values
     */
    public static WebSocketPoolBuilder builder() {
        return new WebSocketPoolBuilder();
    }

    /**
     * Returns the endpoint of a text.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return the endpoint
     * @throws IllegalArgumentException when the text is no valid endpoint, is a path without a base URI, or leads to an
     *     origin that is not allowed
     */
    public WebSocketEndpoint endpoint(String pathOrUri) {
        return resolver.apply(pathOrUri);
    }

    /**
     * Acquires a connection as {@link ConnectionPool#connection(Object)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return a lease of a connection, reused or new
     */
    public Lease<WebSocketEndpoint, WebSocketConnection> connection(String pathOrUri) {
        return pool.connection(endpoint(pathOrUri));
    }

    /**
     * Acquires a connection within a timeout as {@link ConnectionPool#connection(Object, Duration)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now; zero or more
     * @return a lease of a connection, reused or new
     */
    public Lease<WebSocketEndpoint, WebSocketConnection> connection(String pathOrUri, Duration timeout) {
        return pool.connection(endpoint(pathOrUri), timeout);
    }

    /**
     * Leases an idle connection, or returns empty, as {@link ConnectionPool#tryConnection} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return a lease, or empty
     */
    public Optional<Lease<WebSocketEndpoint, WebSocketConnection>> tryConnection(String pathOrUri) {
        return pool.tryConnection(endpoint(pathOrUri));
    }

    /**
     * Acquires a connection without blocking a thread, as {@link ConnectionPool#connectionAsync(Object)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> connectionAsync(String pathOrUri) {
        return pool.connectionAsync(endpoint(pathOrUri));
    }

    /**
     * Acquires a connection within a timeout, without blocking a thread, as
     * {@link ConnectionPool#connectionAsync(Object, Duration)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now; zero or more
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> connectionAsync(
            String pathOrUri, Duration timeout) {
        return pool.connectionAsync(endpoint(pathOrUri), timeout);
    }

    /**
     * Acquires a new connection as {@link ConnectionPool#newConnection(Object)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return a lease of a new connection
     */
    public Lease<WebSocketEndpoint, WebSocketConnection> newConnection(String pathOrUri) {
        return pool.newConnection(endpoint(pathOrUri));
    }

    /**
     * Acquires a new connection within a timeout as {@link ConnectionPool#newConnection(Object, Duration)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now; zero or more
     * @return a lease of a new connection
     */
    public Lease<WebSocketEndpoint, WebSocketConnection> newConnection(String pathOrUri, Duration timeout) {
        return pool.newConnection(endpoint(pathOrUri), timeout);
    }

    /**
     * Acquires a new connection without blocking a thread, as {@link ConnectionPool#newConnectionAsync(Object)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> newConnectionAsync(String pathOrUri) {
        return pool.newConnectionAsync(endpoint(pathOrUri));
    }

    /**
     * Acquires a new connection within a timeout, without blocking a thread, as
     * {@link ConnectionPool#newConnectionAsync(Object, Duration)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now; zero or more
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> newConnectionAsync(
            String pathOrUri, Duration timeout) {
        return pool.newConnectionAsync(endpoint(pathOrUri), timeout);
    }

    /**
     * Runs some work with a connection as {@link ConnectionPool#use(Object, ConnectionFunction)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R use(
            String pathOrUri, ConnectionFunction<? super WebSocketConnection, ? extends R, X> work) throws X {
        return pool.use(endpoint(pathOrUri), work);
    }

    /**
     * Runs some work with a connection, with the given acquire timeout, as
     * {@link ConnectionPool#use(Object, Duration, ConnectionFunction)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit of the acquire; zero or more
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R use(
            String pathOrUri, Duration timeout, ConnectionFunction<? super WebSocketConnection, ? extends R, X> work)
            throws X {
        return pool.use(endpoint(pathOrUri), timeout, work);
    }

    /**
     * Runs some work with a connection as {@link #use(String, ConnectionFunction)} does, and may repeat it once. The
     * work is repeated on a new connection when it fails because its connection was closed before anything had arrived
     * on it. Use this only for work that may be done twice, because the peer may have received what the work has sent.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it; when both runs fail, the second failure has the first as a suppressed
     *     exception
     */
    public <R extends @Nullable Object, X extends Exception> R useOnceMore(
            String pathOrUri, ConnectionFunction<? super WebSocketConnection, ? extends R, X> work) throws X {
        return useOnceMore(pathOrUri, pool.config().acquireTimeout(), work);
    }

    /**
     * Runs some work, and may repeat it once, as {@link #useOnceMore(String, ConnectionFunction)} does, within a
     * timeout.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now until the last connection is acquired; zero or more
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it; when both runs fail, the second failure has the first as a suppressed
     *     exception
     */
    public <R extends @Nullable Object, X extends Exception> R useOnceMore(
            String pathOrUri, Duration timeout, ConnectionFunction<? super WebSocketConnection, ? extends R, X> work)
            throws X {
        return new OnceMore<R, X>(pool, endpoint(pathOrUri), work).run(timeout);
    }

    /**
     * Runs some asynchronous work with a connection as {@link ConnectionPool#useAsync(Object, Function)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param work the work; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            String pathOrUri, Function<? super WebSocketConnection, ? extends CompletionStage<R>> work) {
        return pool.useAsync(endpoint(pathOrUri), work);
    }

    /**
     * Runs some asynchronous work with a connection, with the given acquire timeout, as
     * {@link ConnectionPool#useAsync(Object, Duration, Function)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit of the acquire; zero or more
     * @param work the work; must not block, and must not return null
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
     * Opens connections ahead of use as {@link ConnectionPool#warmUp} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param connections the number of connections the endpoint should hold
     * @return the number of connections this call has opened
     */
    public CompletableFuture<Integer> warmUp(String pathOrUri, int connections) {
        return pool.warmUp(endpoint(pathOrUri), connections);
    }

    /**
     * Returns the future of the warm-up that the pool was built with. Failed connection attempts do not fail it.
     *
     * @return the number of connections it has opened
     */
    public CompletableFuture<Integer> warmedUp() {
        return warmedUp.copy();
    }

    /**
     * Returns a builder of a session that outlives its connections.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param listener receives the messages and events
     * @return a builder
     */
    public WebSocketSessionBuilder session(String pathOrUri, SessionListener listener) {
        return new WebSocketSessionBuilder(
                sessions, sessions.target(endpoint(pathOrUri)), Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Returns a builder of a session over a group, such as the regions of a service. The group decides about each
     * connection of the session, so the session moves to another member when the one that serves it is down. It takes its
     * subscriptions along; see {@link SessionListener#onMoved}.
     *
     * <p>A session stays where it is while its connection lives. With {@link WebSocketSessionBuilder#rotateAfter}, it asks
     * the group again after that time, and so returns to a better member that is back. With {@code spillAfter}, it does not
     * wait for a member that does not answer. Detect a connection that hangs by a heartbeat.
     *
     * <p>With {@link WebSocketSessionBuilder#replay}, all members must use the same sequence numbers.
     *
     * @param group an open group of this pool
     * @param listener receives the messages and events
     * @return a builder
     * @throws IllegalArgumentException when the group is not an open group of this pool
     */
    public WebSocketSessionBuilder session(
            EndpointGroup<WebSocketEndpoint, WebSocketConnection> group, SessionListener listener) {
        if (pool.groups().get(group.name()) != group) {
            throw new IllegalArgumentException(
                    "group must be an open group of this pool, but " + SafeText.label(group.name()) + " is not");
        }
        return new WebSocketSessionBuilder(
                sessions, sessions.target(group), Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Creates a group of endpoints, any of which can serve a request or a session, as {@link ConnectionPool#group} does.
     * Headers of the pool go only to members at the origin of the base URI or at an allowed one; see
     * {@link WebSocketPoolBuilder#allowOrigin}.
     *
     * @param name the name of the group; no other open group of this pool may have it
     * @param routing which member should serve a request
     * @param pathsOrUris the members in their declared order, mostly full URIs; at least one, none twice
     * @return the group
     * @throws IllegalArgumentException when the name or a member is not valid
     * @throws IllegalStateException when the pool is closed
     */
    public EndpointGroup<WebSocketEndpoint, WebSocketConnection> group(
            String name, Routing<? super WebSocketEndpoint> routing, String... pathsOrUris) {
        return pool.group(
                name, routing, Stream.of(pathsOrUris).map(this::endpoint).toList());
    }

    /**
     * Returns a view of this pool for values instead of messages.
     *
     * @param codec converts between values and messages
     * @param <T> the type of values
     * @return a view of this pool; closing it closes this pool
     */
    public <T> TypedWebSocketPool<T> typed(Codec<T> codec) {
        return new TypedWebSocketPool<>(this, codec);
    }

    /**
     * Returns the underlying pool, for all its other functions.
     *
     * @return the pool; closing it does the same as closing this object, except that the manager stays open
     */
    public ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool() {
        return pool;
    }

    /**
     * Returns the statistics of the pool.
     *
     * @return a snapshot
     */
    public PoolStats stats() {
        return pool.stats();
    }

    /**
     * Returns the statistics of all connections: messages, bytes, connection attempts and closes.
     *
     * @return a snapshot
     */
    public WebSocketManagerStats traffic() {
        return manager.stats();
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
     * Closes the sessions, then the pool, then its manager, as {@link ConnectionPool#close(Duration)} does. Connection
     * attempts in progress are cancelled, because no request can wait for them any more.
     *
     * @param timeout the time limit from now; zero or more
     * @return the report of what happened to the connections
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
