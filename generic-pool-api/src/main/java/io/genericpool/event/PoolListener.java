package io.genericpool.event;

/**
 * Receives the events of a pool. All methods do nothing unless overridden. Later versions may add methods.
 *
 * <p>The pool calls the listener on the thread that causes the event. This is an acquiring or releasing thread, a
 * thread of the connect or completion executor, or the collector. Calls never run under a lock of the pool, and they
 * may overlap. A listener must not wait, because it delays the thread that calls it. The pool logs and counts
 * exceptions of a listener, and ignores them otherwise.
 *
 * <p>The pool looks up once which methods a listener overrides. A listener that does not override {@link #onAcquired}
 * costs an acquire nothing, and one that does not override {@link #onReleased} costs a release nothing.
 *
 * @param <E> the type of endpoints
 */
public interface PoolListener<E> {
    /**
     * A connection was opened and has joined the pool.
     *
     * @param event the details
     */
    default void onConnectionCreated(ConnectionEvent<E> event) {}

    /**
     * A connection attempt failed.
     *
     * @param event the details; its failure is always present
     */
    default void onConnectFailed(ConnectionEvent<E> event) {}

    /**
     * A connection was disposed and no longer counts against the limits.
     *
     * @param event the details; its reason is always present
     */
    default void onConnectionDisposed(ConnectionEvent<E> event) {}

    /**
     * A call to the manager did not return within twice its timeout. The pool continues without that connection.
     *
     * @param event the details
     */
    default void onConnectionAbandoned(ConnectionEvent<E> event) {}

    /**
     * A lease was granted.
     *
     * @param event the details; its duration is the time since the acquire began
     */
    default void onAcquired(LeaseEvent<E> event) {}

    /**
     * A lease was granted to an acquire that had to wait ({@link LeaseEvent#hasWaited}). A listener that overrides this
     * method alone measures waits, and costs an acquire that finds an idle connection nothing. When {@link #onAcquired}
     * is overridden too, both are called, that one first.
     *
     * @param event the details; its duration is the time since the acquire began
     */
    default void onAcquiredAfterWait(LeaseEvent<E> event) {}

    /**
     * A lease has ended.
     *
     * @param event the details; its duration is the time it was held
     */
    default void onReleased(LeaseEvent<E> event) {}

    /**
     * A lease has ended, told with its exact times. A listener that overrides this method takes each acquire and release off the
     * shortest path, and has the clock read for both. When {@link #onReleased} is overridden too, that one is called first.
     *
     * @param event the details
     */
    default void onLeaseEnded(LeaseEndEvent<E> event) {}

    /**
     * An acquire ended without a lease.
     *
     * @param event the details; its failure is present unless the request was cancelled
     */
    default void onAcquireFailed(LeaseEvent<E> event) {}

    /**
     * A lease has been held for longer than {@code leakDetectionThreshold}. The pool reports each lease once, on the
     * completion executor. When it finds many leaks at once, it describes the current stacks of the threads for the
     * first few only.
     *
     * @param event the details; its duration is the time it was held so far
     */
    default void onLeakDetected(LeaseEvent<E> event) {}

    /**
     * A hook of the manager threw, timed out or returned null.
     *
     * @param event the details; its failure is always present
     */
    default void onHookFailed(ConnectionEvent<E> event) {}

    /**
     * The circuit of an endpoint has opened, half-opened or closed. The pool reports each change once, on the thread
     * that caused it. It reports nothing when the endpoint has left the pool meanwhile.
     *
     * @param event the details; its duration is the time during which no connection attempt may start, zero unless the
     *     circuit is open now
     */
    default void onCircuitChanged(CircuitEvent<E> event) {}

    /**
     * A request of an endpoint group has moved to another member, was allowed a second connection attempt, or could not be
     * ranked. The duration is the time since the request began.
     *
     * @param event the details
     */
    default void onGroupEvent(GroupEvent<E> event) {}
}
