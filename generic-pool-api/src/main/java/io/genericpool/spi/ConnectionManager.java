package io.genericpool.spi;

import io.genericpool.DisposeReason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Opens, checks, resets and disposes the connections of a pool. Plug-ins implement this interface. Only {@code create}
 * and one of the two {@code dispose} methods are required.
 *
 * <p><b>Threads.</b> All threads of a pool share its manager. The pool never makes two calls for one connection at the
 * same time. Each call sees the effects of the call before. No call runs under a lock of the pool, and every method may
 * call the pool.
 *
 * <p><b>Timeouts.</b> {@code create}, {@code checkAliveness} and {@code dispose} receive their maximum time and should
 * enforce it themselves. When one of them or {@code resetAsync} exceeds its timeout, the pool interrupts the thread or
 * cancels the stage. When it exceeds twice its timeout, the pool continues without it and counts the connection as
 * abandoned.
 *
 * <p><b>Errors.</b> A hook that throws never breaks the pool. The pool disposes the connection of that call. Each
 * method states what the caller sees.
 *
 * <p>Hooks that are not overridden cost nothing. The pool asks once, when it is built, which ones a manager has:
 * {@link #hooks}. By default, it finds the overridden ones by reflection.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface ConnectionManager<E, C> {
    /**
     * The stage that {@link #resetAsync} returns when nothing needs to happen. The pool recognises it by identity, at
     * no cost.
     */
    CompletionStage<?> NO_RESET = CompletableFuture.completedStage(null);

    /**
     * Tells which optional methods the pool must call. A manager that overrides this method needs no reflection, for
     * example in a native image. It also decides per object: a method that does nothing under some settings costs
     * nothing then. The pool does not call a method that is missing in the set, even when it is overridden.
     *
     * <p>A class that others may extend should not override this method, because a subclass may override more. The
     * contract suite of the test kit compares the set with the methods that are overridden.
     *
     * @return the hooks, the same at every call; empty, as by default, when the pool shall find them by reflection
     */
    default Optional<Set<ManagerHook>> hooks() {
        return Optional.empty();
    }

    /**
     * Opens a connection. Runs on the pool's connect executor.
     *
     * @param endpoint the endpoint
     * @param timeout the maximum time of the attempt; {@code PoolConfig.NO_LIMIT} for no limit
     * @return a connection that is ready for use, not null
     * @throws Exception when the attempt fails. The request that waited longest for this attempt fails with
     *     {@code ConnectionCreateException} and this cause
     */
    C create(E endpoint, Duration timeout) throws Exception;

    /**
     * Disposes a connection, for any reason. Runs on the pool's connect executor, once per connection.
     *
     * @param endpoint the endpoint
     * @param connection the connection; no longer leased, unless closing the pool revoked the lease
     * @param timeout the maximum time of the disposal
     * @throws Exception when the disposal fails. The pool logs and counts it, and treats the connection as closed
     */
    void dispose(E endpoint, C connection, Duration timeout) throws Exception;

    /**
     * Disposes a connection for a known reason. For reasons such as {@link DisposeReason#PRESSURE},
     * {@link DisposeReason#DEAD} and {@link DisposeReason#CLOSED}, the manager may abort the connection instead of
     * closing it with a handshake. The pool calls this method. By default, it calls the other {@code dispose}.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @param reason the reason
     * @param timeout the maximum time of the disposal
     * @throws Exception when the disposal fails. The pool logs and counts it, and treats the connection as closed
     */
    default void dispose(E endpoint, C connection, DisposeReason reason, Duration timeout) throws Exception {
        dispose(endpoint, connection, timeout);
    }

    /**
     * Tells whether a connection is still usable. The pool checks a connection before reuse when it was neither used
     * nor checked within {@code alivenessBypass}. The keepalive checks connections, too. The check runs on the connect
     * executor. If {@link #isAlivenessCheckInstant()}, it runs on the calling thread instead (an acquiring thread, the
     * collector).
     *
     * <p>False, an exception or a timeout means that the connection is dead. The pool then disposes it and serves the
     * request with another one.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @param timeout the maximum time of the check
     * @return whether the connection is alive; true unless overridden
     * @throws Exception when the check fails; treated like false
     */
    default boolean checkAliveness(E endpoint, C connection, Duration timeout) throws Exception {
        return true;
    }

    /**
     * Tells whether {@link #checkAliveness} never waits, for example because it only reads a flag. Such a check may run
     * on any thread that needs the answer.
     *
     * @return false unless overridden
     */
    default boolean isAlivenessCheckInstant() {
        return false;
    }

    /**
     * Called once per lease, before the holder receives the connection. It runs on the acquiring thread, or on the
     * completion executor for a future that was not granted at once. Must not wait for long.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @throws Exception when the connection is not usable. The pool disposes it, and the acquire fails with this cause
     */
    default void onAcquire(E endpoint, C connection) throws Exception {}

    /**
     * Called once per lease when it is released, but not when it is invalidated. Runs on the releasing thread. Must not
     * wait; use {@link #resetAsync} for work that takes time.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @throws Exception when the connection is not reusable. The pool disposes it, and the release returns normally
     */
    default void onRelease(E endpoint, C connection) throws Exception {}

    /**
     * Called once for a connection that was found dead, before its disposal. Runs on the connect executor.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @throws Exception when the hook fails; the pool logs and counts it, with no other effect
     */
    default void onConnectionDead(E endpoint, C connection) throws Exception {}

    /**
     * Tells whether an exception from {@code use} or {@code useAsync} means that the connection is broken.
     *
     * <p>The pool trusts a manager that overrides this method, also for the cause given to {@code Lease.invalidate}.
     * When the answer is yes, the connection counts as killed by an error. Older idle connections of its endpoint are
     * then checked before reuse.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @param failure the exception of the work
     * @return true to discard the connection. The default is true, because a connection whose work failed half-way may
     *     be unclean
     */
    default boolean isFatal(E endpoint, C connection, Throwable failure) {
        return true;
    }

    /**
     * Tells whether an endpoint has refused a connection because there are too many, such as HTTP 429 or SQLState
     * 53300. The pool then holds no more connections to the endpoint than it has, for a while
     * ({@code tooManyRecovery}). Waiting requests keep waiting for these connections.
     *
     * <p>Runs on the connect executor, for exceptions of {@link #create} and for causes of dead connections.
     *
     * @param endpoint the endpoint
     * @param failure the failure of a connection attempt, or the cause given to {@link ConnectionSignals#dead}
     * @return whether fewer connections would help; false unless overridden
     */
    default boolean isTooMany(E endpoint, Throwable failure) {
        return false;
    }

    /**
     * Cleans a connection between a release and the next lease, for example by a drain or a rollback, without delaying
     * the releasing thread. Called on the releasing thread right after {@link #onRelease}. Must return at once. Until
     * the stage completes, the connection counts as pending and serves no request.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @return a stage, never null. It completes normally when the connection is clean, and exceptionally when the
     *     connection must be disposed. {@link #NO_RESET} means that nothing needs to happen
     */
    default CompletionStage<?> resetAsync(E endpoint, C connection) {
        return NO_RESET;
    }

    /**
     * Creates the object that {@code Lease.connection()} returns. By default, this is the connection itself. It may be
     * a view for one lease. Blocking calls of such a view end at the release, and later calls throw
     * {@link IllegalStateException}. Called after {@link #onAcquire}, on the same thread.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @param scope tells the view when its lease has ended
     * @return the view, not null
     * @throws Exception as for {@link #onAcquire}
     */
    default C lend(E endpoint, C connection, LeaseScope scope) throws Exception {
        return connection;
    }

    /**
     * Gives a new connection the means to signal its pool. Called once, on the connect executor, before the connection
     * is leased.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @param signals the signals, usable from now on in every state and from any thread
     * @throws Exception when the connection is not usable. The pool treats it like a failed {@link #create} and
     *     disposes the connection
     */
    default void bind(E endpoint, C connection, ConnectionSignals signals) throws Exception {}

    /**
     * Finds the addresses that a connection to an endpoint may lead to, for a pool with {@code addressWatch}. The pool
     * evicts an endpoint when its addresses have changed. The order has no meaning. Runs on the connect executor, when
     * the first connection of an endpoint is opened and then once per interval. May wait for name servers. The pool
     * interrupts it after {@code connectTimeout}.
     *
     * @param endpoint the endpoint
     * @return the addresses, found anew; empty when those of this endpoint cannot change or are not known, so that it is
     *     not watched. {@link HostResolver#resolveAll} finds the addresses of hosts
     * @throws Exception when the lookup fails. The connections stay, and the pool tries again after the interval
     */
    default Collection<InetAddress> addresses(E endpoint) throws Exception {
        return List.of();
    }
}
