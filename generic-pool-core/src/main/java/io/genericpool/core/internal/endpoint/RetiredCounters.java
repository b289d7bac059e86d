package io.genericpool.core.internal.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What the endpoints that have left the pool had counted. Its lock is a leaf. */
public final class RetiredCounters {
    private final ReentrantLock lock = new ReentrantLock();
    private final EndpointCounters total = new EndpointCounters();
    /** The walks over all endpoints that are under way. */
    private final List<Walk<?, ?>> walks = new ArrayList<>(1);

    /** A walk that adds up all endpoints, and those that have left since it began. */
    public static final class Walk<E, C> {
        private final List<EndpointState<E, C>> left = new ArrayList<>(0);
    }

    /** Under the lock of an endpoint that leaves: adds what it has counted. */
    <E, C> void retire(EndpointState<E, C> endpoint) {
        lock.lock();
        try {
            for (Walk<?, ?> walk : walks) {
                note(walk, endpoint);
            }
            endpoint.addCountersTo(total); // last, since it cannot fail
        } finally {
            lock.unlock();
        }
    }

    /** All are of one pool. */
    @SuppressWarnings("unchecked")
    private static <E, C> void note(Walk<?, ?> walk, EndpointState<E, C> endpoint) {
        try {
            ((Walk<E, C>) walk).left.add(endpoint);
        } catch (Throwable e) {
            // No memory: the sums of this walk may lack it, those of the next one will not.
        }
    }

    public void count(Consumer<EndpointCounters> change) {
        lock.lock();
        try {
            change.accept(total);
        } finally {
            lock.unlock();
        }
    }

    /** Begins a walk, with what was counted by those that have left before. It must {@linkplain #end end}. */
    public <E, C> Walk<E, C> begin(EndpointCounters sum) {
        var walk = new Walk<E, C>();
        lock.lock();
        try {
            walks.add(walk);
            sum.add(total);
        } finally {
            lock.unlock();
        }
        return walk;
    }

    /**
     * Ends a walk.
     *
     * @return the endpoints that have left since it began; their counts do not change any more
     */
    public <E, C> List<EndpointState<E, C>> end(Walk<E, C> walk) {
        lock.lock();
        try {
            walks.remove(walk);
        } finally {
            lock.unlock();
        }
        return walk.left;
    }
}
