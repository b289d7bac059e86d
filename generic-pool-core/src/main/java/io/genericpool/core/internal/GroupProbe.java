package io.genericpool.core.internal;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.group.Member;
import io.genericpool.core.internal.queue.Waiter;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets one request of a group at a time find out whether a member is up again, while all of them are down. Each member has one
 * probe at a time by its own circuit. Without this, requests that come at the same moment would probe each of the members.
 */
final class GroupProbe<E, C> {
    /** One that takes longer holds the others back no more: it may hang while another member is up again. */
    private static final long ALONE = 1_000_000_000L;

    private final PoolParts<E, C> context;
    private final AtomicReference<@Nullable Turn<E, C>> turn = new AtomicReference<>();

    private record Turn<E, C>(Waiter<E, C> request, long since) {
        long left(long now) {
            return request.isWaiting() ? Math.max(0, since + ALONE - now) : 0;
        }
    }

    GroupProbe(PoolParts<E, C> context) {
        this.context = context;
    }

    /**
     * Whether a request may start attempts. Without a lock; asks the governor.
     *
     * @return 0 if it may; else how long another request may still be the only one, in nanoseconds
     */
    long begin(Waiter<E, C> request, List<Member<E, C>> members) {
        if (members.size() < 2 || !areDown(members)) {
            return 0;
        }
        long now = context.ticker.exact();
        var mine = new Turn<E, C>(request, now);
        for (; ; ) {
            Turn<E, C> other = turn.get();
            long left = other == null ? 0 : other.left(now);
            // I57: one CAS gives the turn, and only where no other request has it
            if (left > 0 || turn.compareAndSet(other, mine)) {
                return left;
            }
        }
    }

    /** A request has an outcome. */
    void end(Waiter<E, C> request) {
        Turn<E, C> present = turn.get();
        if (present != null && present.request == request) {
            turn.compareAndSet(present, null);
        }
    }

    /** Whether no member has a connection or is suspended, and the circuits of all are open. */
    private boolean areDown(List<Member<E, C>> members) {
        for (Member<E, C> member : members) {
            EndpointPool<E, C> pool = member.pool();
            boolean mayServe = pool != null && pool.heldNow() > pool.connectingNow();
            if (mayServe || (pool != null && pool.isSuspended())) { // while suspended, requests wait or fail by that
                return false;
            }
        }
        for (Member<E, C> member : members) {
            EndpointPool<E, C> pool = member.pool();
            CircuitStats circuit =
                    pool == null ? context.governor.circuitOf(member.endpoint) : context.governor.circuit(pool);
            if (circuit.state() == CircuitState.CLOSED) {
                return false;
            }
        }
        return true;
    }
}
