package io.genericpool.core.internal;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.queue.Actions;
import org.jspecify.annotations.Nullable;

/** A request of a group whose thread waits for it. Its tickets stand in the queues, not it. */
final class ParkedGroupWaiter<E, C> extends ParkedWaiter<E, C> implements GroupWaiter<E, C> {
    private @Nullable GroupRequest<E, C> request;

    ParkedGroupWaiter(PoolParts<E, C> context, boolean isNewOnly, long startedAt, long timeout) {
        super(context, isNewOnly, startedAt, timeout);
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
    void withdraw(EndpointPool<E, C> pool) {
        if (request != null) {
            var actions = new Actions();
            try {
                request.goOn(actions);
            } finally {
                actions.run();
            }
        }
    }
}
