package io.genericpool.event;

/**
 * Is told what happens in a pool. All methods do nothing unless overridden; more may be added.
 *
 * <p>Calls are made on whatever thread acts (an acquiring or releasing thread, a thread of the connect or completion
 * executor, the collector), never under a lock of the pool, and may overlap. A listener must not wait: it delays the one
 * who acts. What it throws is logged and counted, no more.
 *
 * @param <E> the type of endpoints
 */
public interface PoolListener<E> {
    /**
     * A connection was made and has joined the pool.
     *
     * @param event the details
     */
    default void onConnectionCreated(ConnectionEvent<E> event) {}

    /**
     * A connect failed.
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
     * A call to the manager did not come back in twice its timeout; the pool goes on without that connection.
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
     * A lease has ended.
     *
     * @param event the details; its duration is the time it was held
     */
    default void onReleased(LeaseEvent<E> event) {}

    /**
     * An acquire ended without a lease.
     *
     * @param event the details; its failure is present unless the request was cancelled
     */
    default void onAcquireFailed(LeaseEvent<E> event) {}

    /**
     * A lease has been held for longer than {@code leakDetectionThreshold}. Told once per lease, on the completion
     * executor. When the pool finds many leaks at once, it describes where the threads are for the first few only.
     *
     * @param event the details; its duration is the time it was held so far
     */
    default void onLeakDetected(LeaseEvent<E> event) {}

    /**
     * A hook of the manager threw, overran its timeout or returned null.
     *
     * @param event the details; its failure is always present
     */
    default void onHookFailed(ConnectionEvent<E> event) {}

    /**
     * The circuit of an endpoint has opened, half-opened or closed. Told once a change, on the thread that caused it;
     * not told when the endpoint has left the pool meanwhile.
     *
     * @param event the details; its duration is the time for which no connect may start, zero unless the circuit is open
     *     now
     */
    default void onCircuitChanged(CircuitEvent<E> event) {}
}
