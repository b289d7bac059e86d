package io.genericpool.spi;

import io.genericpool.DisposeReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes, checks, resets and disposes the connections of a pool: what a plug-in implements. Only {@code create} and one
 * of the two {@code dispose} methods must be written.
 *
 * <p><b>Threads.</b> A manager is shared by all threads of a pool. For one connection, the pool never makes two calls at
 * once, and each sees what the one before did. No call is made under a lock of the pool, and every method may call the
 * pool.
 *
 * <p><b>Timeouts.</b> {@code create}, {@code checkAliveness}, {@code resetAsync} and {@code dispose} are told how long
 * they may take and are best bounded by themselves. When one overruns, the pool interrupts its thread (or cancels its
 * stage); when it overruns as long again, the pool goes on without it and counts the connection as abandoned.
 *
 * <p><b>Errors.</b> A hook that throws never breaks the pool: the connection it was about is disposed. What the caller
 * sees is said at each method.
 *
 * <p>Hooks that are not overridden cost nothing; which ones are is looked up once, by reflection, when a pool is built.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface ConnectionManager<E, C> {
    /** What {@link #resetAsync} returns when nothing needs to happen: recognised by identity, and free. */
    CompletionStage<?> NO_RESET = CompletableFuture.completedStage(null);

    /**
     * Makes a connection. Runs on the pool's connect executor.
     *
     * @param endpoint where to
     * @param timeout how long it may take; {@code PoolConfig.NO_LIMIT} for any time
     * @return a connection that is ready for use, not null
     * @throws Exception when it fails; the request that waited longest for this connect fails with
     *     {@code ConnectionCreateException} and this cause
     */
    C create(E endpoint, Duration timeout) throws Exception;

    /**
     * Disposes a connection. Runs on the pool's connect executor, for any reason, once a connection.
     *
     * @param endpoint where to
     * @param connection the connection; leased to nobody any more, unless the pool was closed under its holder
     * @param timeout how long it may take
     * @throws Exception when it fails: logged and counted, the connection counts as gone
     */
    void dispose(E endpoint, C connection, Duration timeout) throws Exception;

    /**
     * Disposes a connection, knowing why: for reasons such as {@link DisposeReason#PRESSURE}, {@link DisposeReason#DEAD}
     * and {@link DisposeReason#CLOSED} it may abort where it would otherwise shake hands. This is the method the pool
     * calls; it calls the other one unless overridden.
     *
     * @param endpoint where to
     * @param connection the connection
     * @param reason why
     * @param timeout how long it may take
     * @throws Exception when it fails: logged and counted, the connection counts as gone
     */
    default void dispose(E endpoint, C connection, DisposeReason reason, Duration timeout) throws Exception {
        dispose(endpoint, connection, timeout);
    }

    /**
     * Tells whether a connection can still be used. Called before a connection is handed out that was neither used nor
     * checked within {@code alivenessBypass}, and by the keepalive. Runs on the connect executor, or on
     * whatever thread needs to know (an acquiring one, the collector) if {@link #isAlivenessCheckInstant()}. False, an exception or an overrun mean that it is dead: it is
     * disposed, and the request is served by another one.
     *
     * @param endpoint where to
     * @param connection the connection
     * @param timeout how long it may take
     * @return whether it is alive; true unless overridden
     * @throws Exception taken for false
     */
    default boolean checkAliveness(E endpoint, C connection, Duration timeout) throws Exception {
        return true;
    }

    /**
     * Tells whether {@link #checkAliveness} never waits (it reads a flag, say), so that it may run on the thread of
     * whoever needs to know.
     *
     * @return false unless overridden
     */
    default boolean isAlivenessCheckInstant() {
        return false;
    }

    /**
     * Called once a lease, before its holder gets the connection: on the acquiring thread, or on the completion executor
     * for a future that was not granted at once. Must not wait for long.
     *
     * @param endpoint where to
     * @param connection the connection
     * @throws Exception when the connection cannot be used: it is disposed and the acquire fails with this cause
     */
    default void onAcquire(E endpoint, C connection) throws Exception {}

    /**
     * Called once a lease, when it is released (not when it is invalidated), on the releasing thread. Must not wait; what
     * takes time belongs into {@link #resetAsync}.
     *
     * @param endpoint where to
     * @param connection the connection
     * @throws Exception when the connection cannot be used again: it is disposed, and the release returns normally
     */
    default void onRelease(E endpoint, C connection) throws Exception {}

    /**
     * Called once for a connection that was found dead, before it is disposed, on the connect executor.
     *
     * @param endpoint where to
     * @param connection the connection
     * @throws Exception logged and counted, no more
     */
    default void onConnectionDead(E endpoint, C connection) throws Exception {}

    /**
     * Tells whether an exception that came out of {@code use} or {@code useAsync} means that the connection is broken.
     *
     * <p>A manager that overrides this is taken to know: where it says yes, there or of the cause given to {@code
     * Lease.invalidate}, the connection counts as one that died of an error, and older idle ones of its endpoint are
     * checked before they are used again.
     *
     * @param endpoint where to
     * @param connection the connection
     * @param failure what the user's work threw
     * @return true to discard the connection; true unless overridden: a connection whose work failed half-way is not
     *     known to be clean
     */
    default boolean isFatal(E endpoint, C connection, Throwable failure) {
        return true;
    }

    /**
     * Tells whether an endpoint has refused a connection because there are too many: HTTP 429, SQLState 53300 and the like.
     * The pool then holds no more connections to it than it has, for a while ({@code tooManyRecovery}), and those who wait
     * go on waiting for these. Asked on the connect executor, of what {@link #create} threw and of what connections died
     * of.
     *
     * @param endpoint where to
     * @param failure what a connect failed with, or what was given to {@link ConnectionSignals#dead}
     * @return whether fewer connections would help; false unless overridden
     */
    default boolean isTooMany(E endpoint, Throwable failure) {
        return false;
    }

    /**
     * Does what must happen between a release and the next lease, without holding the releaser: a drain, a rollback.
     * Called on the releasing thread right after {@link #onRelease}; must return at once. Until the stage ends, the
     * connection counts as pending and serves nobody.
     *
     * @param endpoint where to
     * @param connection the connection
     * @return a stage that ends normally when the connection is clean, exceptionally when it must be disposed;
     *     {@link #NO_RESET} when nothing needs to happen; never null
     */
    default CompletionStage<?> resetAsync(E endpoint, C connection) {
        return NO_RESET;
    }

    /**
     * Makes what {@code Lease.connection()} returns: a view for one lease, whose waiting calls end at the release and
     * which throws {@link IllegalStateException} afterwards; or the connection itself, the default. Called after
     * {@link #onAcquire}, on the same thread.
     *
     * @param endpoint where to
     * @param connection the connection
     * @param scope tells the view when its lease has ended
     * @return the view, not null
     * @throws Exception as {@link #onAcquire}
     */
    default C lend(E endpoint, C connection, LeaseScope scope) throws Exception {
        return connection;
    }

    /**
     * Gives a new connection the means to speak up by itself. Called once, on the connect executor, before the
     * connection is handed out.
     *
     * @param endpoint where to
     * @param connection the connection
     * @param signals valid from now on, in every state, from any thread
     * @throws Exception when the connection cannot be used: as a failed {@link #create}, and it is disposed
     */
    default void bind(E endpoint, C connection, ConnectionSignals signals) throws Exception {}
}
