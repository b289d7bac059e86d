package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.AlivenessCheck;
import io.genericpool.core.internal.queue.ConnectAttempt;
import io.genericpool.core.internal.queue.OwedPermit;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import org.jspecify.annotations.Nullable;

/**
 * Where the books and the steps of endpoints end and the rest of the pool begins: what an endpoint has decided and others
 * carry out. It is the only way from here to the calls of the manager.
 */
public interface EndpointOutlet<E, C> {
    // ---- decided under the lock, done without it

    /** Makes the connection of an attempt. */
    void connect(ConnectAttempt<E, C> attempt, Actions actions);

    /** Asks whether a connection is alive. */
    void check(AlivenessCheck<E, C> check, Actions actions);

    /** Disposes the connection of a slot, which is in the state DISPOSING. */
    void dispose(Slot<E, C> slot, DisposeReason reason, @Nullable OwedPermit<E, C> owed, Actions actions);

    /** Whether a disposal waits for its turn. */
    boolean hasWaitingDisposals();

    /** What an endpoint holds or wants of a shared limit has changed. */
    void demandChanged(EndpointPool<E, C> pool);

    /** An endpoint has left the pool. */
    void left(EndpointPool<E, C> pool);

    // ---- beyond the fast path

    /** Ends a lease whose release needs more than one CAS, or may be stale. */
    void release(SlotLease<E, C> lease);

    /** Ends a lease whose connection is given up. */
    void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause);

    /** A plain release has made a slot idle while something asked for attention. */
    void offerAgain(EndpointPool<E, C> pool, Slot<E, C> slot);

    /** A plain release has ended, in a pool whose releases do the work of the collector. */
    void collect();

    /** Under the lock of an endpoint: serves it. */
    void serve(EndpointPool<E, C> pool, Actions actions);

    /** Looks for idle connections to dispose while there is pressure on the total. */
    void relieve(Actions actions);
}
