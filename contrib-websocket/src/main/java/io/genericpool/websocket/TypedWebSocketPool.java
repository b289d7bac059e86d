package io.genericpool.websocket;

import io.genericpool.ConnectionFunction;
import io.genericpool.Lease;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link WebSocketPool} whose connections send and receive values by way of a codec. As good as the pool it was made of,
 * which may be used beside it and has all the rest: closing the one closes the other. Thread-safe as long as the codec is.
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
     * The pool itself, for raw connections, sessions, statistics and all the rest.
     *
     * @return the pool
     */
    public WebSocketPool raw() {
        return pool;
    }

    /**
     * Acquires a connection; see {@link WebSocketPool#connection(String)}.
     *
     * @param pathOrUri where to
     * @return a lease of a connection, reused or new
     */
    public Lease<WebSocketEndpoint, TypedConnection<T>> connection(String pathOrUri) {
        return typed(pool.connection(pathOrUri));
    }

    /**
     * Acquires a connection within a deadline; see {@link WebSocketPool#connection(String, Duration)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now; zero or more
     * @return a lease of a connection, reused or new
     */
    public Lease<WebSocketEndpoint, TypedConnection<T>> connection(String pathOrUri, Duration timeout) {
        return typed(pool.connection(pathOrUri, timeout));
    }

    /**
     * Leases an idle connection or none; see {@link WebSocketPool#tryConnection}.
     *
     * @param pathOrUri where to
     * @return a lease, or empty
     */
    public Optional<Lease<WebSocketEndpoint, TypedConnection<T>>> tryConnection(String pathOrUri) {
        return pool.tryConnection(pathOrUri).map(this::typed);
    }

    /**
     * Acquires a connection without a thread that waits; see {@link WebSocketPool#connectionAsync(String)}. Cancelling the future
     * withdraws the request.
     *
     * @param pathOrUri where to
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, TypedConnection<T>>> connectionAsync(String pathOrUri) {
        return pool.connectionAsync(pathOrUri).thenApply(this::typed);
    }

    /**
     * Acquires a connection within a deadline, without a thread that waits; see
     * {@link WebSocketPool#connectionAsync(String, Duration)}. Cancelling the future withdraws the request.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now; zero or more
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, TypedConnection<T>>> connectionAsync(
            String pathOrUri, Duration timeout) {
        return pool.connectionAsync(pathOrUri, timeout).thenApply(this::typed);
    }

    /**
     * Acquires a connection that was never used before; see {@link WebSocketPool#newConnection(String)}.
     *
     * @param pathOrUri where to
     * @return a lease of a new connection
     */
    public Lease<WebSocketEndpoint, TypedConnection<T>> newConnection(String pathOrUri) {
        return typed(pool.newConnection(pathOrUri));
    }

    /**
     * Acquires a connection that was never used before, within a deadline; see
     * {@link WebSocketPool#newConnection(String, Duration)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now; zero or more
     * @return a lease of a new connection
     */
    public Lease<WebSocketEndpoint, TypedConnection<T>> newConnection(String pathOrUri, Duration timeout) {
        return typed(pool.newConnection(pathOrUri, timeout));
    }

    /**
     * Acquires a connection that was never used before, without a thread that waits; see
     * {@link WebSocketPool#newConnectionAsync(String)}. Cancelling the future withdraws the request.
     *
     * @param pathOrUri where to
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, TypedConnection<T>>> newConnectionAsync(String pathOrUri) {
        return pool.newConnectionAsync(pathOrUri).thenApply(this::typed);
    }

    /**
     * Acquires a connection that was never used before, within a deadline and without a thread that waits; see
     * {@link WebSocketPool#newConnectionAsync(String, Duration)}. Cancelling the future withdraws the request.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now; zero or more
     * @return the future of a lease
     */
    public CompletableFuture<Lease<WebSocketEndpoint, TypedConnection<T>>> newConnectionAsync(
            String pathOrUri, Duration timeout) {
        return pool.newConnectionAsync(pathOrUri, timeout).thenApply(this::typed);
    }

    /**
     * Does some work with a connection; see {@link WebSocketPool#use(String, ConnectionFunction)}.
     *
     * @param pathOrUri where to
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R use(
            String pathOrUri, ConnectionFunction<? super TypedConnection<T>, ? extends R, X> work) throws X {
        return pool.<R, X>use(pathOrUri, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Does some asynchronous work with a connection; see {@link WebSocketPool#useAsync(String, Function)}.
     *
     * @param pathOrUri where to
     * @param work what to do; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            String pathOrUri, Function<? super TypedConnection<T>, ? extends CompletionStage<R>> work) {
        return pool.useAsync(pathOrUri, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Does some work with a connection that must be had within a deadline; see
     * {@link WebSocketPool#use(String, Duration, ConnectionFunction)}.
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
            String pathOrUri, Duration timeout, ConnectionFunction<? super TypedConnection<T>, ? extends R, X> work)
            throws X {
        return pool.<R, X>use(pathOrUri, timeout, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Does some work with a connection, once more where that may help; see
     * {@link WebSocketPool#useOnceMore(String, ConnectionFunction)}.
     *
     * @param pathOrUri where to
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R useOnceMore(
            String pathOrUri, ConnectionFunction<? super TypedConnection<T>, ? extends R, X> work) throws X {
        return pool.<R, X>useOnceMore(pathOrUri, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Does some work with a connection, once more where that may help, within a deadline; see
     * {@link WebSocketPool#useOnceMore(String, Duration, ConnectionFunction)}.
     *
     * @param pathOrUri where to
     * @param timeout the deadline from now until the last connection is had; zero or more
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    public <R extends @Nullable Object, X extends Exception> R useOnceMore(
            String pathOrUri, Duration timeout, ConnectionFunction<? super TypedConnection<T>, ? extends R, X> work)
            throws X {
        return pool.<R, X>useOnceMore(pathOrUri, timeout, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Does some asynchronous work with a connection that must be had within a deadline; see
     * {@link WebSocketPool#useAsync(String, Duration, Function)}.
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
            Function<? super TypedConnection<T>, ? extends CompletionStage<R>> work) {
        return pool.useAsync(pathOrUri, timeout, connection -> work.apply(connection.typed(codec)));
    }

    /**
     * Starts a session that outlives its connections, with the default of every knob; see {@link WebSocketPool#session}.
     *
     * @param pathOrUri where to
     * @param listener is told what arrives and what happens
     * @return the session, which ends with its close or that of the pool
     */
    public TypedWebSocketSession<T> session(String pathOrUri, TypedSessionListener<? super T> listener) {
        return session(pathOrUri, listener, knobs -> {});
    }

    /**
     * Starts a session that outlives its connections; see {@link WebSocketPool#session}.
     *
     * @param pathOrUri where to
     * @param listener is told what arrives and what happens
     * @param knobs is given the session's builder, to set any knob; it need not start it
     * @return the session, which ends with its close or that of the pool
     */
    public TypedWebSocketSession<T> session(
            String pathOrUri,
            TypedSessionListener<? super T> listener,
            Consumer<? super WebSocketSessionBuilder> knobs) {
        Objects.requireNonNull(listener, "listener");
        WebSocketSessionBuilder builder = pool.session(pathOrUri, new DecodingSessionListener<>(listener, codec));
        knobs.accept(builder);
        return new TypedWebSocketSession<>(builder.start(), codec);
    }

    private Lease<WebSocketEndpoint, TypedConnection<T>> typed(Lease<WebSocketEndpoint, WebSocketConnection> lease) {
        return new TypedLease<>(lease, codec);
    }

    /** Closes the pool; see {@link WebSocketPool#close()}. */
    @Override
    public void close() {
        pool.close();
    }
}
