package io.genericpool;

import io.genericpool.group.GroupStats;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several endpoints of one pool, any of which can serve a request: replicas, regions, providers. Created by {@link
 * ConnectionPool#group}.
 *
 * <pre>{@code
 * EndpointGroup<String, Connection> readers =
 *         pool.group("readers", Routing.leastLoaded().spillAfter(Duration.ofMillis(50)), "r1", "r2", "r3");
 * try (Lease<String, Connection> lease = readers.connection()) {
 *     log.debug("reading from {}", lease.endpoint());
 *     ...
 * }
 * readers.members(List.of("r1", "r2", "r4")); // from discovery
 * }</pre>
 *
 * <p><b>Members.</b> Each member keeps its own limits, queue and circuit, and serves requests of its own as well. The
 * group only decides which member serves a request.
 *
 * <p><b>Waiting.</b> A request that finds no idle connection waits at all members of its tier at the same time, and takes
 * the connection that becomes free first. At each member it keeps its place among all requests that ask that member,
 * whether they came through a group or not. It opens connections at one member at a time, in the order of the ranking. It
 * moves on when that member is full, paused or has failed. N requests to members without connections start at most N
 * attempts, unless attempts fail or the policy has {@code spillAfter} or {@code hedgeAfter}.
 *
 * <p><b>Failure.</b> A failed attempt fails a request only when no other member is left. While one is left, the request keeps
 * its place at a member whose attempt has failed or is refused, and takes a connection that becomes free there. The exception has the type that
 * fits the members' failures best: {@link ConnectionCreateException} when an attempt has failed, {@link
 * EndpointUnavailableException} when all are paused or suspended, with the earliest {@code retryAfter}. Its message names
 * each member and the reason. Its cause is the exception of the first member, and its suppressed exceptions are those of
 * the others. {@link PoolException#endpointLabel()} is the name of the group.
 *
 * <p><b>Limits.</b> A waiting request is among the waiters of each member. It counts for {@code maxWaiters} at each member, except where another member is opening
 * a connection for it. A member whose queue is full does not serve it.
 *
 * <p><b>Times, threads, interrupts and close</b> are as for {@link ConnectionPool}. One deadline covers all members. An
 * acquire in the statistics of the pool counts once, at the member that served it, or else at the first one that it asked.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface EndpointGroup<E, C> extends AutoCloseable {
    /**
     * Returns the name of the group.
     *
     * @return the name
     */
    String name();

    /**
     * Acquires a connection to one of the members within the pool's {@code acquireTimeout}.
     *
     * @return a lease; its {@link Lease#endpoint()} says which member serves it
     * @throws AcquireTimeoutException when no connection became available in time
     * @throws AcquireInterruptedException when the thread was interrupted while it waited
     * @throws ConnectionCreateException when connection attempts have failed and no member is left
     * @throws EndpointUnavailableException when all members are suspended, or connection attempts to all of them are refused
     *     for now
     * @throws PoolExhaustedException when too many requests wait already at all members, or the pool may hold no more
     *     endpoints
     * @throws PoolClosedException when the pool is closed
     * @throws IllegalStateException when the group is closed
     */
    Lease<E, C> connection();

    /**
     * Acquires a connection to one of the members within a timeout. The errors are those of {@link #connection()}.
     *
     * @param timeout the time limit for queues, connection attempts and checks at all members together; zero or more
     * @return a lease
     * @throws IllegalArgumentException when the timeout is negative
     */
    Lease<E, C> connection(Duration timeout);

    /**
     * Acquires a new connection to one of the members, opened after this call, within the pool's {@code acquireTimeout}. The
     * connection joins its member at its release.
     *
     * <p>A member that is full makes room as in {@link ConnectionPool#newConnection(Object)}: by the connection that has been
     * idle longest. A member all of whose connections are in use is passed over. When all are, the request takes the place of
     * the first connection that is released at any of them. The errors are those of {@link #connection()}.
     *
     * @return a lease of a new connection
     */
    Lease<E, C> newConnection();

    /**
     * Acquires a new connection to one of the members within a timeout, as {@link #newConnection()} does.
     *
     * @param timeout the time limit from now; zero or more
     * @return a lease of a new connection
     * @throws IllegalArgumentException when the timeout is negative
     */
    Lease<E, C> newConnection(Duration timeout);

    /**
     * Leases an idle connection of one of the members that can be used at once, or returns empty. This method never waits,
     * never opens a connection, and never overtakes a waiting request. It asks the members of all tiers, in the order of the
     * ranking.
     *
     * @return a lease, or empty
     * @throws ConnectionCreateException when a hook of the manager refused the idle connection
     * @throws PoolClosedException when the pool is closed
     * @throws IllegalStateException when the group is closed
     */
    Optional<Lease<E, C>> tryConnection();

    /**
     * Acquires a connection to one of the members within the pool's {@code acquireTimeout}, without blocking a thread. The
     * future behaves as in {@link ConnectionPool#connectionAsync(Object)}.
     *
     * @return the future of a lease
     * @throws IllegalStateException when the group is closed
     */
    CompletableFuture<Lease<E, C>> connectionAsync();

    /**
     * Acquires a connection to one of the members within the given timeout, without blocking a thread. The future behaves as
     * in {@link ConnectionPool#connectionAsync(Object)}.
     *
     * @param timeout the time limit from now; zero or more
     * @return the future of a lease
     * @throws IllegalArgumentException when the timeout is negative
     * @throws IllegalStateException when the group is closed
     */
    CompletableFuture<Lease<E, C>> connectionAsync(Duration timeout);

    /**
     * Acquires a new connection as {@link #newConnection()} does, without blocking a thread. The future behaves as in {@link
     * ConnectionPool#connectionAsync(Object)}.
     *
     * @return the future of a lease
     * @throws IllegalStateException when the group is closed
     */
    CompletableFuture<Lease<E, C>> newConnectionAsync();

    /**
     * Acquires a new connection within the given timeout, as {@link #newConnectionAsync()} does.
     *
     * @param timeout the time limit from now; zero or more
     * @return the future of a lease
     * @throws IllegalArgumentException when the timeout is negative
     * @throws IllegalStateException when the group is closed
     */
    CompletableFuture<Lease<E, C>> newConnectionAsync(Duration timeout);

    /**
     * Runs some work with a connection to one of the members, as {@link ConnectionPool#use(Object, ConnectionFunction)}
     * does for one endpoint.
     *
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     * @throws PoolException when no connection could be acquired: the errors of {@link #connection()}
     */
    <R extends @Nullable Object, X extends Exception> R use(ConnectionFunction<? super C, ? extends R, X> work)
            throws X;

    /**
     * Runs some work with a connection to one of the members, with the given acquire timeout. The timeout does not cover
     * the work itself.
     *
     * @param timeout the time limit of the acquire; zero or more
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     */
    <R extends @Nullable Object, X extends Exception> R use(
            Duration timeout, ConnectionFunction<? super C, ? extends R, X> work) throws X;

    /**
     * Runs some asynchronous work with a connection to one of the members, as {@link ConnectionPool#useAsync(Object,
     * Function)} does for one endpoint.
     *
     * @param work the work; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    <R extends @Nullable Object> CompletableFuture<R> useAsync(Function<? super C, ? extends CompletionStage<R>> work);

    /**
     * Runs some asynchronous work with a connection to one of the members, with the given acquire timeout.
     *
     * @param timeout the time limit of the acquire; zero or more
     * @param work the work; must not block, and must not return null
     * @param <R> the type of the result
     * @return the future of the result
     */
    <R extends @Nullable Object> CompletableFuture<R> useAsync(
            Duration timeout, Function<? super C, ? extends CompletionStage<R>> work);

    /**
     * Returns the members.
     *
     * @return the endpoints in their declared order, unmodifiable
     */
    List<E> members();

    /**
     * Sets the members, for example from service discovery. Requests that wait keep the members they have asked. Leases,
     * connections and queues of a former member stay in the pool, and end there in their own time.
     *
     * @param members the new members in their declared order
     * @throws NullPointerException when the collection or a member is null
     * @throws IllegalArgumentException when there is no member, a member is named twice, a weight is not positive, or a
     *     member's own limits are invalid; the group keeps its members then
     * @throws IllegalStateException when the group is closed
     */
    void members(Collection<? extends E> members);

    /**
     * Takes a snapshot of what the group has counted.
     *
     * @return the statistics
     */
    GroupStats<E> stats();

    /**
     * Removes the group from its pool. Its name is free again, and later requests to it fail with {@link
     * IllegalStateException}. Requests that wait, leases and members are not affected. A second call has no effect. A pool
     * that closes needs no groups to be closed before.
     */
    @Override
    void close();
}
