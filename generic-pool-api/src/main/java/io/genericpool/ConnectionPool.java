package io.genericpool;

import io.genericpool.group.Routing;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections to many endpoints.
 *
 * <p>The pool holds a few warm, healthy connections per endpoint, never more than the endpoint's limit and the pool's
 * limit. It lends each connection to one lease at a time. Requests that find no idle connection wait in one queue per
 * endpoint, first come, first served, whether they block or hold a future. A {@code ConnectionManager} opens
 * connections on the pool's connect executor, never on the caller's thread. When an endpoint hangs, callers wait no
 * longer than their own timeout.
 *
 * <p><b>Timeouts.</b> An acquire has one deadline, computed at the call. The deadline covers the queue, the connection
 * attempt and the aliveness check. With a timeout of zero, the acquire returns an idle connection or throws
 * {@link AcquireTimeoutException} at once. With {@link PoolConfig#NO_LIMIT}, it waits without limit. A negative timeout
 * throws {@link IllegalArgumentException}. When a caller leaves before its connection attempt ends, the new connection
 * joins the pool.
 *
 * <p><b>Threads.</b> Any number of threads may call all methods, also from hooks and listeners. Actions of a thread
 * before it releases a lease happen-before actions of the connection's next holder after its acquire.
 *
 * <p><b>Interrupts.</b> When a thread is interrupted while it waits in a blocking acquire, the acquire throws
 * {@link AcquireInterruptedException} and sets the interrupt flag again. An acquire that finds an idle connection does
 * not check the flag.
 *
 * <p><b>Close.</b> After {@link #close()}, every acquire fails with {@link PoolClosedException}. Releases are always
 * possible.
 *
 * <p><b>Endpoints</b> must be immutable and must implement {@code equals} and {@code hashCode}. The pool keeps an
 * endpoint only while it has a connection, a request or a setting for it.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface ConnectionPool<E, C> extends AutoCloseable {
    /**
     * Acquires a connection within the pool's {@code acquireTimeout}.
     *
     * @param endpoint the endpoint
     * @return a lease of a connection, reused or new
     * @throws NullPointerException when the endpoint is null
     * @throws AcquireTimeoutException when no connection became available in time
     * @throws AcquireInterruptedException when the thread was interrupted while it waited
     * @throws ConnectionCreateException when the connection attempt that this request waited for failed
     * @throws EndpointUnavailableException when the endpoint is suspended, or connection attempts to it are refused for
     *     now
     * @throws PoolExhaustedException when too many requests wait already, or the pool may hold no more endpoints
     * @throws PoolClosedException when the pool is closed
     */
    Lease<E, C> connection(E endpoint);

    /**
     * Acquires a connection within a timeout. The errors are those of {@link #connection(Object)}.
     *
     * @param endpoint the endpoint
     * @param timeout the time limit for queue, connection attempt and check together; zero or more
     * @return a lease of a connection, reused or new
     * @throws IllegalArgumentException when the timeout is negative
     */
    Lease<E, C> connection(E endpoint, Duration timeout);

    /**
     * Leases an idle connection that can be used at once, or returns empty. This method never waits, never opens a
     * connection, and never overtakes a waiting request. It passes over a connection that first needs an aliveness
     * check, unless that check is instant. It returns empty after 16 connections whose check has failed.
     *
     * @param endpoint the endpoint
     * @return a lease, or empty
     * @throws NullPointerException when the endpoint is null
     * @throws ConnectionCreateException when a hook of the manager refused the idle connection
     * @throws PoolClosedException when the pool is closed
     */
    Optional<Lease<E, C>> tryConnection(E endpoint);

    /**
     * Acquires a connection within the pool's {@code acquireTimeout}, without blocking a thread.
     *
     * <p>The future completes with a lease, or exceptionally with one of the errors of {@link #connection(Object)}. A
     * request that can be granted at once returns a completed future. All other futures complete on
     * {@code completionExecutor}.
     *
     * <p>Three actions withdraw the request: cancelling the future, completing it from outside, and cancelling a stage
     * that depends on it. If the request was granted already, the pool releases the lease. It invalidates the lease
     * instead when a dependent stage may have seen the connection.
     *
     * <p>The receiver of the lease must release it. That includes a receiver which no longer wants the lease when the
     * future has completed. The pool cannot tell a future that was dropped from one whose lease is in use, so the
     * connection stays leased until leak detection reports it. Adapters such as {@code await} of Kotlin's coroutines or
     * {@code Mono.fromFuture} drop a completed future when they are cancelled. Prefer {@link #useAsync}, which releases the
     * lease itself.
     *
     * @param endpoint the endpoint
     * @return the future of a lease, never null; misuse such as a null endpoint throws at once
     * @throws NullPointerException when the endpoint is null
     */
    CompletableFuture<Lease<E, C>> connectionAsync(E endpoint);

    /**
     * Acquires a connection within the given timeout, without blocking a thread. The future behaves as in
     * {@link #connectionAsync(Object)}.
     *
     * @param endpoint the endpoint
     * @param timeout the time limit from now; zero or more
     * @return the future of a lease
     * @throws IllegalArgumentException when the timeout is negative
     */
    CompletableFuture<Lease<E, C>> connectionAsync(E endpoint, Duration timeout);

    /**
     * Acquires a new connection, opened after this call, within the pool's {@code acquireTimeout}. The connection joins
     * the pool at its release. At the endpoint's limit, the pool disposes the connection that has been idle longest to
     * make room. When none is idle, it disposes the next one released. The errors are those of
     * {@link #connection(Object)}.
     *
     * @param endpoint the endpoint
     * @return a lease of a new connection
     */
    Lease<E, C> newConnection(E endpoint);

    /**
     * Acquires a new connection within the given timeout, as {@link #newConnection(Object)} does.
     *
     * @param endpoint the endpoint
     * @param timeout the time limit from now; zero or more
     * @return a lease of a new connection
     * @throws IllegalArgumentException when the timeout is negative
     */
    Lease<E, C> newConnection(E endpoint, Duration timeout);

    /**
     * Acquires a new connection as {@link #newConnection(Object)} does, without blocking a thread. The future behaves
     * as in {@link #connectionAsync(Object)}.
     *
     * @param endpoint the endpoint
     * @return the future of a lease
     */
    CompletableFuture<Lease<E, C>> newConnectionAsync(E endpoint);

    /**
     * Acquires a new connection within the given timeout, as {@link #newConnectionAsync(Object)} does.
     *
     * @param endpoint the endpoint
     * @param timeout the time limit from now; zero or more
     * @return the future of a lease
     * @throws IllegalArgumentException when the timeout is negative
     */
    CompletableFuture<Lease<E, C>> newConnectionAsync(E endpoint, Duration timeout);

    /**
     * Runs some work with a connection. The pool acquires the connection within its {@code acquireTimeout} and releases
     * it afterwards. When the work throws, the manager decides ({@code isFatal}) whether the connection is released or
     * invalidated. The exception then reaches the caller unchanged.
     *
     * @param endpoint the endpoint
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     * @throws PoolException when no connection could be acquired: the errors of {@link #connection(Object)}
     */
    <R extends @Nullable Object, X extends Exception> R use(
            E endpoint, ConnectionFunction<? super C, ? extends R, X> work) throws X;

    /**
     * Runs some work with a connection, as {@link #use(Object, ConnectionFunction)} does, with the given acquire
     * timeout. The timeout does not cover the work itself.
     *
     * @param endpoint the endpoint
     * @param timeout the time limit of the acquire; zero or more
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    <R extends @Nullable Object, X extends Exception> R use(
            E endpoint, Duration timeout, ConnectionFunction<? super C, ? extends R, X> work) throws X;

    /**
     * Runs some asynchronous work with a connection. The pool acquires the connection within its {@code acquireTimeout}
     * and releases it when the stage returned by the work has ended. Prefer this method for asynchronous work, because
     * no lease can be lost. When the work throws or its stage fails, the manager decides ({@code isFatal}) whether the
     * connection is released or invalidated. Cancelling the returned future withdraws the request or cancels the stage.
     * The connection goes back when that stage has ended.
     *
     * @param endpoint the endpoint
     * @param work the work; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    <R extends @Nullable Object> CompletableFuture<R> useAsync(
            E endpoint, Function<? super C, ? extends CompletionStage<R>> work);

    /**
     * Runs some asynchronous work with a connection, as {@link #useAsync(Object, Function)} does, with the given
     * acquire timeout.
     *
     * @param endpoint the endpoint
     * @param timeout the time limit of the acquire; zero or more
     * @param work the work; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    <R extends @Nullable Object> CompletableFuture<R> useAsync(
            E endpoint, Duration timeout, Function<? super C, ? extends CompletionStage<R>> work);

    /**
     * Creates a group: a set of endpoints any of which can serve a request. The pool need not hold the endpoints yet. They
     * may belong to several groups, and may be asked on their own as well.
     *
     * @param name the name of the group for errors, events and statistics; no other open group of this pool may have it
     * @param routing which member should serve a request
     * @param endpoints the members in their declared order; at least one, none twice
     * @return the group
     * @throws NullPointerException when an argument or an endpoint is null
     * @throws IllegalArgumentException when the name is blank or in use, there is no endpoint, an endpoint is named twice,
     *     a weight is not positive, or an endpoint's own limits are invalid
     * @throws IllegalStateException when the pool is closed
     * @throws UnsupportedOperationException when this implementation of the interface has no groups
     */
    default EndpointGroup<E, C> group(String name, Routing<? super E> routing, Collection<? extends E> endpoints) {
        throw new UnsupportedOperationException("this pool has no groups");
    }

    /**
     * Creates a group of the given endpoints, as {@link #group(String, Routing, Collection)} does.
     *
     * @param name the name of the group
     * @param routing which member should serve a request
     * @param endpoints the members in their declared order; at least one, none twice
     * @return the group
     */
    @SuppressWarnings("unchecked") // the array is only read
    default EndpointGroup<E, C> group(String name, Routing<? super E> routing, E... endpoints) {
        return group(name, routing, Arrays.asList(endpoints));
    }

    /**
     * Returns the open groups of this pool.
     *
     * @return the groups by name, an unmodifiable copy
     */
    default Map<String, EndpointGroup<E, C>> groups() {
        return Map.of();
    }

    /**
     * Opens connections, a few at a time, until the endpoint holds the given number. A warm-up uses only permits that
     * no other endpoint needs. It never takes a connection from another endpoint and never overtakes a waiting request.
     * A failed connection attempt is counted and does not stop the others.
     *
     * @param endpoint the endpoint
     * @param connections the number of connections the endpoint should hold, leased ones included; at most its maxSize
     *     counts
     * @return the number of connections this call opened, available once all its attempts have ended. The number is
     *     smaller than needed when attempts failed, no permit was free, or the endpoint was evicted or suspended
     *     meanwhile. Cancelling the future stops further attempts
     * @throws IllegalArgumentException when the number is negative
     */
    CompletableFuture<Integer> warmUp(E endpoint, int connections);

    /**
     * Takes all connections of an endpoint out of the pool, for example after a change of credentials or address. Idle
     * connections are disposed now, and leased ones at their release. Those being opened, checked or reset are disposed
     * as soon as that ends. Connection attempts that start after this call are not affected.
     *
     * <p>The pool also forgets what it learnt from failed attempts. A pause or an open circuit ends, even if a server
     * asked for it. Evicting an endpoint that the pool does not hold has no other effect and is not an error.
     *
     * @param endpoint the endpoint
     */
    void evict(E endpoint);

    /** Evicts every endpoint, as {@link #evict} does for one. */
    void evictAll();

    /**
     * Stops lending and opening connections of an endpoint until {@link #resume}. Existing leases are not affected. The
     * pool need not hold the endpoint yet. A second call changes the mode.
     *
     * @param endpoint the endpoint
     * @param mode what happens to requests for the endpoint
     */
    void suspend(E endpoint, SuspendMode mode);

    /**
     * Ends a suspension, and also the pause of an endpoint after failed connection attempts. Waiting requests are
     * served, and the next connection attempt may start at once.
     *
     * @param endpoint the endpoint
     */
    void resume(E endpoint);

    /**
     * Brings the whole pool to rest, and keeps waiting requests, as {@link #quiesce(SuspendMode, Duration)} does with
     * {@link SuspendMode#WAIT}.
     *
     * @param timeout the time limit from now; zero or more
     * @return the report
     * @throws IllegalArgumentException when the timeout is negative
     */
    default QuiesceReport quiesce(Duration timeout) {
        return quiesce(SuspendMode.WAIT, timeout);
    }

    /**
     * Brings the whole pool to rest, for example before a checkpoint of the process or a maintenance window. The call
     * suspends all endpoints, those that come later included, and evicts all connections. Then it waits until no
     * connection is open. Leased connections are disposed at their release, and none is taken from its holder. The pool
     * stays at rest until {@link #endQuiesce}, whether this call ends in time or not.
     *
     * <p>Requests wait within their own deadline, or fail at once, as the mode says. An endpoint that is suspended on its
     * own ({@link #suspend}) stays so afterwards. {@link #resume} of an endpoint does not end the rest of the pool.
     *
     * <p>A second call sets the mode, and waits as well. The wait ends early when another thread calls {@code
     * endQuiesce}. An interrupt ends it too, and the interrupt flag is set again. When a hook of this pool makes the call,
     * the call does not wait for the hook's own connection. A closed pool opens no connections, so the call only waits.
     *
     * @param mode what happens to requests
     * @param timeout the time limit from now; zero or more
     * @return the report of what was still open at the end
     * @throws IllegalArgumentException when the timeout is negative
     */
    QuiesceReport quiesce(SuspendMode mode, Duration timeout);

    /**
     * Ends the rest that {@link #quiesce} has begun. Waiting requests are served, and connections are opened as they are
     * needed. The pool also forgets what it learnt from failed connection attempts. The call has no effect when the pool
     * is not at rest.
     */
    void endQuiesce();

    /**
     * Sets the limits of one endpoint, in place of the pool's default limits. Lowering {@code maxSize} disposes idle
     * connections now and leased ones at their release. Raising it serves waiting requests.
     *
     * @param endpoint the endpoint
     * @param limits the new limits
     * @throws IllegalArgumentException when minIdle is above maxSize, or maxSize above the total limit
     */
    void resize(E endpoint, EndpointLimits limits);

    /**
     * Undoes {@link #resize} and gives the endpoint the limits again that the pool was built with. The pool keeps a
     * resized endpoint until this call. Afterwards, the endpoint leaves the pool when it has no connection and no
     * request, like all others. The call has no effect when the endpoint was not resized.
     *
     * @param endpoint the endpoint
     * @throws IllegalArgumentException when the limits that the pool's {@code endpointLimits} returns now are invalid
     */
    void resetLimits(E endpoint);

    /**
     * Sets the total limit. Lowering the limit disposes idle connections now and leased ones at their release.
     *
     * @param totalMaxSize the maximum number of connections of all endpoints together; 1 or more
     * @throws IllegalArgumentException when the number is below 1
     */
    void resizeTotal(int totalMaxSize);

    /**
     * Takes a snapshot of the whole pool. This call visits all connections, so use it for metrics and diagnostics, not
     * per request.
     *
     * @return the statistics
     */
    PoolStats stats();

    /**
     * Takes a snapshot of one endpoint.
     *
     * @param endpoint the endpoint
     * @return the statistics, or empty when the pool does not hold the endpoint
     */
    Optional<EndpointStats> stats(E endpoint);

    /**
     * Returns the snapshot of the whole pool that all observers share: metrics, JMX and consoles read this one. The first
     * call after a second takes a new snapshot. Calls that come meanwhile return the old one, so they do not wait.
     *
     * <p>This default takes a snapshot per call, as {@link #stats()} does.
     *
     * @return the statistics, unchanged as long as the same object is returned
     */
    default PoolStats recentStats() {
        return stats();
    }

    /**
     * Returns the snapshots of all endpoints that all observers share, with the ages that {@link #recentStats()} has.
     * While calls come, both methods share one walk over the pool. No call waits for another one. A pool with a background
     * collector forgets the snapshots some seconds after the last call, one without when memory is short.
     *
     * <p>This default takes a snapshot of each endpoint per call.
     *
     * @return the statistics by endpoint, an unmodifiable map
     */
    default Map<E, EndpointStats> recentEndpointStats() {
        var taken = new HashMap<E, EndpointStats>();
        for (E endpoint : endpoints()) {
            stats(endpoint).ifPresent(stats -> taken.put(endpoint, stats));
        }
        return Collections.unmodifiableMap(taken);
    }

    /**
     * Returns the endpoints that the pool holds at the moment.
     *
     * @return an unmodifiable copy
     */
    Set<E> endpoints();

    /**
     * Returns the settings the pool was built with.
     *
     * @return the settings
     */
    PoolConfig config();

    /**
     * Tells whether {@code close} was called.
     *
     * @return true from the beginning of the first call
     */
    boolean isClosed();

    /** Closes the pool within its {@code closeTimeout}, as {@link #close(Duration)} does. */
    @Override
    void close();

    /**
     * Closes the pool. No more leases are granted, and waiting requests fail with {@link PoolClosedException}. The call
     * waits until shortly before the deadline for leases to be released. It then disposes the remaining connections,
     * even while they are leased, and waits for the disposals. The call returns at the deadline at the latest (plus
     * scheduling), even when a disposal hangs. The report counts such disposals, and they continue in the background.
     *
     * <p>The call is idempotent. A second call waits, within its own deadline, for the first one to end. It returns the
     * same report, or the state reached so far. When a hook of this pool makes the call, the call does not wait for the
     * hook's own connection. An interrupt ends the waiting as if the deadline were reached, and the interrupt flag is
     * set again.
     *
     * @param timeout the time limit from now, disposals included; zero or more
     * @return the report of what happened to the connections
     * @throws IllegalArgumentException when the timeout is negative
     */
    CloseReport close(Duration timeout);
}
