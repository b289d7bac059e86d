package io.genericpool.core.internal;

import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.group.Member;
import io.genericpool.core.internal.queue.Waiter;
import java.util.List;

/** An acquire of a group that no idle connection could serve: the request of a thread or of a future enters its members. */
final class GroupAcquire<E, C> {
    private final PoolParts<E, C> context;
    private final SlowAcquire<E, C> slow;

    GroupAcquire(PoolParts<E, C> context, SlowAcquire<E, C> slow) {
        this.context = context;
        this.slow = slow;
    }

    /** Waits for a connection, with the deadline running from now. */
    Lease<E, C> await(GroupParts<E, C> group, List<Member<E, C>> ranked, long timeout, boolean isNewOnly) {
        slow.goOnIfBroken();
        var waiter = new ParkedGroupWaiter<>(context, isNewOnly, context.ticker.exact(), timeout);
        waiter.flight = context.flight.acquire();
        var request = new GroupRequest<>(context, group, waiter, ranked);
        try {
            request.enter();
            if (!request.hasHome()) {
                throw group.errors.of(request);
            }
            waiter.await(request.home());
            if (waiter.state() == Waiter.DELIVERED) {
                return slow.granted(EndpointPool.of(waiter.lease().slot), waiter);
            }
        } catch (Throwable e) { // a clock that refuses; memory that is full
            // I23: afterwards it is not queued and holds no lease
            request.giveUp();
            throw e;
        }
        PoolException failure =
                waiter.state() == Waiter.CANCELLED ? group.errors.interrupted(request) : group.errors.of(request);
        throw slow.failed(request.home(), waiter, failure);
    }

    /** Requests a connection for a future, with the deadline running from now. */
    LeaseFuture<E, C> enter(GroupParts<E, C> group, List<Member<E, C>> ranked, long timeout, boolean isNewOnly) {
        slow.goOnIfBroken();
        var waiter = new FutureGroupWaiter<>(context, group.errors, isNewOnly, context.ticker.exact(), timeout);
        waiter.flight = context.flight.acquire();
        var request = new GroupRequest<>(context, group, waiter, ranked);
        try {
            request.enter();
            if (!request.hasHome()) {
                throw group.errors.of(request);
            }
            waiter.entered();
            context.releaseCollector.afterRelease();
        } catch (Throwable e) {
            request.giveUp();
            throw e;
        }
        return waiter.future;
    }
}
