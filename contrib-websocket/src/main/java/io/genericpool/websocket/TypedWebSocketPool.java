package io.genericpool.websocket;

import io.genericpool.ConnectionFunction;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.websocket.internal.typed.DecodingSessionListener;
import io.genericpool.websocket.internal.typed.TypedLease;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link WebSocketPool} whose connections send and receive values by a codec. It has the guarantees of the underlying
 * pool, which may be used at the same time and has all other functions. Closing one closes the other. Thread-safe if
 * the codec is.
 *
 * @param <T> the type of values
 */
public final class TypedWebSocketPool<T> implements AutoCloseable {
    private final WebSocketPool pool;
    private final Codec<T> codec;

    TypedWebSocketPool(WebSocketPool pool, Codec<T> codec) {
        this.pool = pool;
        this.codec = Objects.requireNonNull(codec, "codec");
    }

    /**
     * Returns the underlying pool, for raw connections, sessions, statistics and all other functions.
     *
     * @return the pool
     */
    public WebSocketPool raw() {
        return pool;
    }

    /**
     * Acquires a connection as {@link WebSocketPool#connection(String)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return a lease of a connection, reused or new
     */
    public Lease<WebSocketEndpoint, TypedConnection<T>> connection(String pathOrUri) {
        return typed(pool.connection(pathOrUri));
    }

    /**
     * Acquires a connection within a timeout as {@link WebSocketPool#connection(String, Duration)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now; zero or more
     * @return a lease of a connection, reused or new
     */
    public Lease<WebSocketEndpoint, TypedConnection<T>> connection(String pathOrUri, Duration timeout) {
        return typed(pool.connection(pathOrUri, timeout));
    }

    /**
     * Leases an idle connection, or returns empty, as {@link WebSocketPool#tryConnection} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return a lease, or empty
     */
    public Optional<Lease<WebSocketEndpoint, TypedConnection<T>>> tryConnection(String pathOrUri) {
        return pool.tryConnection(pathOrUri).map(this::typed);
    }

    /**
     * Acquires a connection without blocking a thread, as {@link WebSocketPool#connectionAsync(String)} does.
     * Cancelling the future withdraws the request.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, TypedConnection<T>>> connectionAsync(String pathOrUri) {
        return pool.connectionAsync(pathOrUri).thenApply(this::typed);
    }

    /**
     * Acquires a connection within a timeout, without blocking a thread, as
     * {@link WebSocketPool#connectionAsync(String, Duration)} does. Cancelling the future withdraws the request.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now; zero or more
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, TypedConnection<T>>> connectionAsync(
            String pathOrUri, Duration timeout) {
        return pool.connectionAsync(pathOrUri, timeout).thenApply(this::typed);
    }

    /**
     * Acquires a new connection as {@link WebSocketPool#newConnection(String)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return a lease of a new connection
     */
    public Lease<WebSocketEndpoint, TypedConnection<T>> newConnection(String pathOrUri) {
        return typed(pool.newConnection(pathOrUri));
    }

    /**
     * Acquires a new connection within a timeout as {@link WebSocketPool#newConnection(String, Duration)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now; zero or more
     * @return a lease of a new connection
     */
    public Lease<WebSocketEndpoint, TypedConnection<T>> newConnection(String pathOrUri, Duration timeout) {
        return typed(pool.newConnection(pathOrUri, timeout));
    }

    /**
     * Acquires a new connection without blocking a thread, as {@link WebSocketPool#newConnectionAsync(String)} does.
     * Cancelling the future withdraws the request.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, TypedConnection<T>>> newConnectionAsync(String pathOrUri) {
        return pool.newConnectionAsync(pathOrUri).thenApply(this::typed);
    }

    /**
     * Acquires a new connection within a timeout, without blocking a thread, as
     * {@link WebSocketPool#newConnectionAsync(String, Duration)} does. Cancelling the future withdraws the request.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now; zero or more
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, TypedConnection<T>>> newConnectionAsync(
            String pathOrUri, Duration timeout) {
        return pool.newConnectionAsync(pathOrUri, timeout).thenApply(this::typed);
    }

    /**
     * Runs some work with a connection as {@link WebSocketPool#use(String, ConnectionFunction)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R use(
            String pathOrUri, ConnectionFunction<? super TypedConnection<T>, ? extends R, X> work) throws X {
        return pool.<R, X>use(pathOrUri, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Runs some asynchronous work with a connection as {@link WebSocketPool#useAsync(String, Function)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param work the work; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            String pathOrUri, Function<? super TypedConnection<T>, ? extends CompletionStage<R>> work) {
        return pool.useAsync(pathOrUri, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Runs some work with a connection, with the given acquire timeout, as
     * {@link WebSocketPool#use(String, Duration, ConnectionFunction)} does.
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
            String pathOrUri, Duration timeout, ConnectionFunction<? super TypedConnection<T>, ? extends R, X> work)
            throws X {
        return pool.<R, X>use(pathOrUri, timeout, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Runs some work with a connection, and repeats it once when that may help, as
     * {@link WebSocketPool#useOnceMore(String, ConnectionFunction)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R useOnceMore(
            String pathOrUri, ConnectionFunction<? super TypedConnection<T>, ? extends R, X> work) throws X {
        return pool.<R, X>useOnceMore(pathOrUri, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Runs some work with a connection, and repeats it once when that may help, as
     * {@link WebSocketPool#useOnceMore(String, Duration, ConnectionFunction)} does.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param timeout the time limit from now until the last connection is acquired; zero or more
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R useOnceMore(
            String pathOrUri, Duration timeout, ConnectionFunction<? super TypedConnection<T>, ? extends R, X> work)
            throws X {
        return pool.<R, X>useOnceMore(pathOrUri, timeout, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Runs some asynchronous work with a connection, with the given acquire timeout, as
     * {@link WebSocketPool#useAsync(String, Duration, Function)} does.
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
            Function<? super TypedConnection<T>, ? extends CompletionStage<R>> work) {
        return pool.useAsync(pathOrUri, timeout, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Starts a session that outlives its connections, with default settings; see {@link WebSocketPool#session(String, SessionListener)}.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param listener receives the values and events
     * @return the session, which ends when it or the pool is closed
     */
    public TypedWebSocketSession<T> session(String pathOrUri, TypedSessionListener<? super T> listener) {
        return session(pathOrUri, listener, knobs -> {});
    }

    /**
     * Starts a session that outlives its connections; see {@link WebSocketPool#session(String, SessionListener)}.
     *
     * @param pathOrUri a path relative to the base URI, or a full URI
     * @param listener receives the values and events
     * @param knobs receives the session's builder, to change any setting; it need not start the session
     * @return the session, which ends when it or the pool is closed
     */
    public TypedWebSocketSession<T> session(
            String pathOrUri,
            TypedSessionListener<? super T> listener,
            Consumer<? super WebSocketSessionBuilder> knobs) {
        Objects.requireNonNull(listener, "listener");
        return start(pool.session(pathOrUri, new DecodingSessionListener<>(listener, codec)), knobs);
    }

    /**
     * Starts a session over a group; see {@link WebSocketPool#session(EndpointGroup, SessionListener)}.
     *
     * @param group an open group of the pool
     * @param listener receives the values and events
     * @param knobs receives the session's builder, to change any setting; it need not start the session
     * @return the session, which ends when it or the pool is closed
     */
    public TypedWebSocketSession<T> session(
            EndpointGroup<WebSocketEndpoint, WebSocketConnection> group,
            TypedSessionListener<? super T> listener,
            Consumer<? super WebSocketSessionBuilder> knobs) {
        Objects.requireNonNull(listener, "listener");
        return start(pool.session(group, new DecodingSessionListener<>(listener, codec)), knobs);
    }

    private TypedWebSocketSession<T> start(
            WebSocketSessionBuilder builder, Consumer<? super WebSocketSessionBuilder> knobs) {
        knobs.accept(builder);
        return new TypedWebSocketSession<>(builder.start(), codec);
    }

    private Lease<WebSocketEndpoint, TypedConnection<T>> typed(Lease<WebSocketEndpoint, WebSocketConnection> lease) {
        return new TypedLease<>(lease, codec);
    }

    /** Closes the pool as {@link WebSocketPool#close()} does. */
    @Override
    public void close() {
        pool.close();
    }
}
