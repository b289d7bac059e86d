package io.genericpool.core.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * Something on its way that is meant for one waiter: a connect, a check, or the disposal that makes room for a new
 * connection. It keeps the pool from starting more than what is needed. All fields are guarded by the endpoint's lock.
 */
public abstract class Cover<E, C> {
    /** The waiter it is meant for; null when it is meant for none in particular. Written by {@link WaiterQueue}. */
    public @Nullable Waiter<E, C> covered;

    /**
     * Whether what is on its way may serve this waiter. Where it may not serve the oldest of a kind, it may not serve a
     * younger one of that kind.
     */
    public abstract boolean accepts(Waiter<E, C> waiter);

    /** Told by the queue, which has written {@link #covered}. */
    void coveredChanged() {}
}
