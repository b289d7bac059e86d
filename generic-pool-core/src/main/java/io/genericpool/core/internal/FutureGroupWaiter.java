package io.genericpool.core.internal;

import static java.util.Objects.requireNonNull;

import io.genericpool.PoolException;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.queue.Actions;
import org.jspecify.annotations.Nullable;

/** A request of a group whose future waits for it. Its tickets stand in the queues, not it. */
final class FutureGroupWaiter<E, C> extends FutureWaiter<E, C> implements GroupWaiter<E, C> {
    private final GroupErrors<E, C> errors;
    private @Nullable GroupRequest<E, C> request;
    /** No lock guards the arrival at several members. */
    private volatile boolean isArriving = true;

    FutureGroupWaiter(
            PoolParts<E, C> context, GroupErrors<E, C> errors, boolean isNewOnly, long startedAt, long timeout) {
        super(context, isNewOnly, startedAt, timeout);
        this.errors = errors;
    }

    @Override
    public void belongTo(GroupRequest<E, C> group) {
        request = group;
    }

    @Override
    public boolean hasWaited() {
        return request != null && request.hasWaited();
    }

    @Override
    boolean endEntering() {
        // I46: written before the outcome is read; a thread that decides it writes the outcome and then reads this
        isArriving = false;
        return !isWaiting();
    }

    @Override
    public void signal(Actions more) {
        if (!isArriving) {
            super.signal(more);
        }
    }

    @Override
    void withdrawn() {
        var actions = new Actions();
        try {
            requireNonNull(request).goOn(actions);
        } finally {
            actions.run();
        }
    }

    @Override
    PoolException problem() {
        return errors.of(requireNonNull(request));
    }

    @Override
    EndpointPool<E, C> told() {
        return state() == DELIVERED
                ? EndpointPool.of(lease().slot)
                : requireNonNull(request).home();
    }
}
