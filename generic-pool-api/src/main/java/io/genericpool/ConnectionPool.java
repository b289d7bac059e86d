package io.genericpool;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections to many endpoints.
 *
 * <p>It holds few, warm, healthy connections to each endpoint, never more than the endpoint's and the pool's limit, and
 * lends them out one lease at a time. Those who find none idle wait in one queue an endpoint, first come first served,
 * whether they block or hold a future. Connections are made by a {@code ConnectionManager} on the pool's connect
 * executor, never on the caller's thread, so that an endpoint that hangs holds nobody beyond his deadline.
 *
 * <p><b>Timeouts.</b> An acquire has one deadline, taken at the call; it covers the queue, the connect and the
 * aliveness check. Zero means: an idle connection or {@link AcquireTimeoutException}, at once. {@link
 * PoolConfig#NO_LIMIT} means: wait for ever. A negative time is an {@link IllegalArgumentException}. A connect that
 * ends after its caller has left joins the pool.
 *
 * <p><b>Threads.</b> All methods may be called by any number of threads, from hooks and listeners too. What a thread
 * does before it releases a lease happens-before what the next holder of that connection does after its acquire.
 *
 * <p><b>Interrupts.</b> A blocking acquire that has to wait ends with {@link AcquireInterruptedException} when its
 * thread is interrupted, the flag set again; one that finds an idle connection does not look at the flag.
 *
 * <p><b>Close.</b> After {@link #close()} every acquire fails with {@link PoolClosedException}; releases are always
 * possible.
 *
 * <p><b>Endpoints</b> are immutable and have {@code equals} and {@code hashCode}. The pool holds one only as long as it
 * has a connection, a request or a setting for it.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface ConnectionPool<E, C> extends AutoCloseable {
    /**
     * Acquires a connection within the pool's {@code acquireTimeout}.
     *
     * @param endpoint where to
     * @return a lease of a connection, reused or new
     * @throws NullPointerException when the endpoint is null
     * @throws AcquireTimeoutException when none could be had in time
     * @throws AcquireInterruptedException when the thread was interrupted while it waited
     * @throws ConnectionCreateException when the connect this request waited for failed
     * @throws EndpointUnavailableException when the endpoint is suspended or may not be connected to for now
     * @throws PoolExhaustedException when too many wait already, or the pool may hold no more endpoints
     * @throws PoolClosedException when the pool is closed
     */
    Lease<E, C> connection(E endpoint);

    /**
     * Acquires a connection within a deadline. Errors are those of {@link #connection(Object)}.
     *
     * @param endpoint where to
     * @param timeout the deadline from now over queue, connect and check; zero or more
     * @return a lease of a connection, reused or new
     * @throws IllegalArgumentException when the timeout is negative
     */
    Lease<E, C> connection(E endpoint, Duration timeout);

    /**
     * Leases a connection that is idle and can be used at once, or none. Never waits, never connects, and never
     * overtakes one who waits; a connection that first needs an aliveness check which is not instant is passed over.
     *
     * @param endpoint where to
     * @return a lease, or empty
     * @throws NullPointerException when the endpoint is null
     * @throws ConnectionCreateException when a hook of the manager refused the connection that was idle
     * @throws PoolClosedException when the pool is closed
     */
    Optional<Lease<E, C>> tryConnection(E endpoint);

    /**
     * Acquires a connection within the pool's {@code acquireTimeout}, without a thread that waits.
     *
     * <p>The future completes with a lease, or exceptionally with one of the errors of {@link #connection(Object)}. One
     * that can be granted at once is returned completed; any other is completed on {@code completionExecutor}.
     * Cancelling it, completing it from outside, or cancelling a stage that depends on it withdraws the request; if it
     * was granted already, the lease is released, or invalidated where a dependent stage may have seen the connection.
     * Holders of the lease must release it; {@link #useAsync} does that for them and is the way to prefer.
     *
     * @param endpoint where to
     * @return the future of a lease; never null, misuse (a null endpoint) is thrown
     * @throws NullPointerException when the endpoint is null
     */
    CompletableFuture<Lease<E, C>> connectionAsync(E endpoint);

    /**
     * As {@link #connectionAsync(Object)}, with a deadline of its own.
     *
     * @param endpoint where to
     * @param timeout the deadline from now; zero or more
     * @return the future of a lease
     * @throws IllegalArgumentException when the timeout is negative
     */
    CompletableFuture<Lease<E, C>> connectionAsync(E endpoint, Duration timeout);

    /**
     * Acquires a connection nobody has used before, made after this call, within the pool's {@code acquireTimeout}. It
     * joins the pool at its release. At the endpoint's limit the longest idle connection is disposed to make room; when
     * none is idle, the next one released is. Errors are those of {@link #connection(Object)}.
     *
     * @param endpoint where to
     * @return a lease of a new connection
     */
    Lease<E, C> newConnection(E endpoint);

    /**
     * As {@link #newConnection(Object)}, with a deadline of its own.
     *
     * @param endpoint where to
     * @param timeout the deadline from now; zero or more
     * @return a lease of a new connection
     * @throws IllegalArgumentException when the timeout is negative
     */
    Lease<E, C> newConnection(E endpoint, Duration timeout);

    /**
     * As {@link #newConnection(Object)}, without a thread that waits; the future is as in
     * {@link #connectionAsync(Object)}.
     *
     * @param endpoint where to
     * @return the future of a lease
     */
    CompletableFuture<Lease<E, C>> newConnectionAsync(E endpoint);

    /**
     * As {@link #newConnectionAsync(Object)}, with a deadline of its own.
     *
     * @param endpoint where to
     * @param timeout the deadline from now; zero or more
     * @return the future of a lease
     * @throws IllegalArgumentException when the timeout is negative
     */
    CompletableFuture<Lease<E, C>> newConnectionAsync(E endpoint, Duration timeout);

    /**
     * Does some work with a connection, acquired within the pool's {@code acquireTimeout} and released afterwards. When
     * the work throws, the manager decides ({@code isFatal}) whether the connection is released or invalidated, and the
     * exception is thrown on as it is.
     *
     * @param endpoint where to
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     * @throws PoolException when no connection could be had: the errors of {@link #connection(Object)}
     */
    <R extends @Nullable Object, X extends Exception> R use(
            E endpoint, ConnectionFunction<? super C, ? extends R, X> work) throws X;

    /**
     * As {@link #use(Object, ConnectionFunction)}, with a deadline of its own for the acquire; the work itself has none.
     *
     * @param endpoint where to
     * @param timeout the deadline of the acquire; zero or more
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    <R extends @Nullable Object, X extends Exception> R use(
            E endpoint, Duration timeout, ConnectionFunction<? super C, ? extends R, X> work) throws X;

    /**
     * Does some asynchronous work with a connection, acquired within the pool's {@code acquireTimeout}, and releases it
     * when the stage that the work returns has ended: the documented way to work asynchronously, since no lease can be
     * lost. When the work throws or its stage fails, the manager decides ({@code isFatal}) whether the connection is
     * released or invalidated. Cancelling the returned future withdraws the request, or cancels the stage; the
     * connection goes back when that stage has ended.
     *
     * @param endpoint where to
     * @param work what to do; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    <R extends @Nullable Object> CompletableFuture<R> useAsync(
            E endpoint, Function<? super C, ? extends CompletionStage<R>> work);

    /**
     * As {@link #useAsync(Object, Function)}, with a deadline of its own for the acquire.
     *
     * @param endpoint where to
     * @param timeout the deadline of the acquire; zero or more
     * @param work what to do; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    <R extends @Nullable Object> CompletableFuture<R> useAsync(
            E endpoint, Duration timeout, Function<? super C, ? extends CompletionStage<R>> work);

    /**
     * Opens connections until the endpoint holds a number of them, a few at a time, with permits that nobody else needs:
     * a warm-up never takes a connection from another endpoint and never goes ahead of one who waits. A connect that
     * fails is counted and does not stop the others.
     *
     * @param endpoint where to
     * @param connections how many connections the endpoint should hold, leased ones included; at most its maxSize counts
     * @return the number of connections this call has opened, once all its connects have ended; fewer than were missing
     *     when connects failed, no permit was free or the endpoint was evicted or suspended meanwhile. Cancelling it
     *     stops further connects
     * @throws IllegalArgumentException when the number is negative
     */
    CompletableFuture<Integer> warmUp(E endpoint, int connections);

    /**
     * Takes every connection of an endpoint that exists or is being made out of the pool: idle ones now, leased ones at
     * their release, those being made, checked or reset as soon as that ends. Connects started afterwards are not
     * touched: use it after a change of credentials or address. What was learnt from failed connects is forgotten: a pause
     * or an open circuit ends, whatever a server has asked for. An endpoint the pool does not hold is not an error.
     *
     * @param endpoint where to
     */
    void evict(E endpoint);

    /** Does what {@link #evict} does, for every endpoint. */
    void evictAll();

    /**
     * Stops handing out and making connections of an endpoint until {@link #resume}. Leases that exist are not touched.
     * The endpoint need not be held yet. A second call changes the mode.
     *
     * @param endpoint where to
     * @param mode what happens to those who ask
     */
    void suspend(E endpoint, SuspendMode mode);

    /**
     * Ends a suspension, and the pause of an endpoint whose connects fail: those who wait are served, and the next connect
     * may start at once.
     *
     * @param endpoint where to
     */
    void resume(E endpoint);

    /**
     * Sets the limits of one endpoint, in place of the pool's. Lowering {@code maxSize} disposes idle connections now and
     * leased ones at their release; raising it serves those who wait.
     *
     * @param endpoint where to
     * @param limits its limits from now on
     * @throws IllegalArgumentException when minIdle is above maxSize, or maxSize above the total limit
     */
    void resize(E endpoint, EndpointLimits limits);

    /**
     * Undoes {@link #resize}: the endpoint has the limits again that the pool was built with. One that was resized stays in
     * the pool until this is called; afterwards it leaves when it has no connection and no request, as all others do. No
     * effect when the endpoint was not resized.
     *
     * @param endpoint where to
     * @throws IllegalArgumentException when the limits that the pool's {@code endpointLimits} gives now are wrong
     */
    void resetLimits(E endpoint);

    /**
     * Sets the total limit. Lowering it disposes idle connections now and leased ones at their release.
     *
     * @param totalMaxSize connections of all endpoints together; 1 or more
     * @throws IllegalArgumentException when the number is below 1
     */
    void resizeTotal(int totalMaxSize);

    /**
     * Takes a snapshot of the whole pool. Walks all connections; meant for metrics and people, not for each request.
     *
     * @return the statistics
     */
    PoolStats stats();

    /**
     * Takes a snapshot of one endpoint.
     *
     * @param endpoint where to
     * @return the statistics, or empty when the pool does not hold the endpoint
     */
    Optional<EndpointStats> stats(E endpoint);

    /**
     * The endpoints the pool holds at the moment.
     *
     * @return an unmodifiable copy
     */
    Set<E> endpoints();

    /**
     * The settings the pool was built with.
     *
     * @return the settings
     */
    PoolConfig config();

    /**
     * Whether {@code close} was called.
     *
     * @return true from the beginning of the first call on
     */
    boolean isClosed();

    /** Closes the pool within its {@code closeTimeout}; as {@link #close(Duration)}. */
    @Override
    void close();

    /**
     * Closes the pool: hands out no more leases, fails those who wait with {@link PoolClosedException}, waits for leases
     * to come back until shortly before the deadline, then disposes the rest under their holders, and waits for the
     * disposals. Returns at the deadline at the latest (plus scheduling), even when a disposal hangs; those are counted
     * and go on by themselves.
     *
     * <p>Idempotent: a second call waits for the first one's end within its own deadline and returns the same report, or
     * the state reached. Called from inside a hook of this pool it does not wait for the connection that hook is about.
     * An interrupt ends the waiting as if the deadline were reached, and the flag is set again.
     *
     * @param timeout the deadline from now, disposals included; zero or more
     * @return what became of the connections
     * @throws IllegalArgumentException when the timeout is negative
     */
    CloseReport close(Duration timeout);
}
