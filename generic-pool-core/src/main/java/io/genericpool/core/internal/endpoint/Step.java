package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.Waiter;
import org.jspecify.annotations.Nullable;

/** One step of an endpoint, under its lock: what it is about, what it leaves to others, and what it has found so far. */
public final class Step<E, C> {
    public final EndpointPool<E, C> endpoint;
    public final long now;
    final Actions actions;

    /** The request whose own step this is. */
    @Nullable
    Waiter<E, C> arriving;

    /** A waiter that could have had a connect got no permit for it. */
    boolean refused;
    /** It has made something idle, or wants more permits: a thread has to look for idle connections. */
    boolean mayRelieve;

    public Step(EndpointPool<E, C> endpoint, long now, Actions actions) {
        this.endpoint = endpoint;
        this.now = now;
        this.actions = actions;
    }

    /** A step that begins now. */
    public static <E, C> Step<E, C> of(EndpointPool<E, C> endpoint, Actions actions) {
        return new Step<>(endpoint, endpoint.now(), actions);
    }
}
