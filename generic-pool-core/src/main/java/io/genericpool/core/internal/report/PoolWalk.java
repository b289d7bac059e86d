package io.genericpool.core.internal.report;

import io.genericpool.CircuitStats;
import io.genericpool.EndpointStats;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointState;
import io.genericpool.core.internal.endpoint.RetiredCounters.Walk;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the endpoints of a pool, each under its lock in turn, so that one endpoint is held up at a time. It is made once: an
 * endpoint that leaves meanwhile is in the sums once, whether it was read before or not (I52).
 */
final class PoolWalk<E, C> {
    private final EndpointContext<E, C> context;
    private final CountsSnapshot sums = new CountsSnapshot();
    /** Those that had left when their turn came. */
    private final Set<EndpointState<E, C>> skipped = Collections.newSetFromMap(new IdentityHashMap<>(0));

    private int present;

    PoolWalk(EndpointContext<E, C> context) {
        this.context = context;
    }

    /** Reads the sums alone. */
    PoolSnapshot run(Collection<EndpointPool<E, C>> all, long listenerFailures) {
        return run(all, this::addTo, listenerFailures);
    }

    /**
     * Reads the sums, and each endpoint.
     *
     * @param circuits asked for each endpoint without a lock, as its label is
     * @param details gets the statistics of each endpoint
     */
    PoolSnapshot run(
            Collection<EndpointPool<E, C>> all,
            long listenerFailures,
            Function<EndpointPool<E, C>, CircuitStats> circuits,
            Map<E, EndpointStats> details) {
        return run(
                all,
                pool -> {
                    CircuitStats circuit = circuits.apply(pool);
                    String label = pool.label();
                    EndpointSnapshot read = read(pool, label, circuit);
                    if (read != null) {
                        details.put(pool.endpoint, read);
                    }
                },
                listenerFailures);
    }

    private interface Reader<E, C> {
        void read(EndpointPool<E, C> pool);
    }

    private PoolSnapshot run(Collection<EndpointPool<E, C>> all, Reader<E, C> reader, long listenerFailures) {
        // I52: before the endpoints are listed, so that each one is on the list, has left by then, or is new
        Walk<E, C> walk = context.retired.begin(sums.counters());
        EndpointPool<E, C>[] pools = listed();
        boolean ended = false;
        try {
            pools = all.toArray(pools);
            for (EndpointPool<E, C> pool : pools) {
                reader.read(pool);
            }
            addThoseWhoLeft(walk, pools);
            ended = true;
        } finally {
            if (!ended) {
                context.retired.end(walk);
            }
        }
        return new PoolSnapshot(context, sums, present, listenerFailures);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <E, C> EndpointPool<E, C>[] listed() {
        return (EndpointPool<E, C>[]) new EndpointPool[0];
    }

    private void addTo(EndpointPool<E, C> pool) {
        pool.lock();
        try {
            if (isPresent(pool)) {
                sums.addAll(pool);
            }
        } finally {
            pool.unlock();
        }
    }

    private @Nullable EndpointSnapshot read(EndpointPool<E, C> pool, String label, CircuitStats circuit) {
        pool.lock();
        try {
            if (!isPresent(pool)) {
                return null;
            }
            var taken = new EndpointSnapshot(pool, label, circuit);
            sums.add(taken);
            return taken;
        } finally {
            pool.unlock();
        }
    }

    private boolean isPresent(EndpointPool<E, C> pool) {
        boolean hasLeft = pool.has(EndpointPool.REMOVED);
        if (hasLeft) {
            skipped.add(pool);
        } else {
            present++;
        }
        return !hasLeft;
    }

    /** What one that has left since the beginning had counted, unless it was read while it was there. */
    private void addThoseWhoLeft(Walk<E, C> walk, EndpointPool<E, C>[] pools) {
        Set<EndpointState<E, C>> missed = Collections.newSetFromMap(new IdentityHashMap<>());
        missed.addAll(context.retired.end(walk));
        if (missed.isEmpty()) {
            return;
        }
        for (EndpointPool<E, C> pool : pools) {
            if (!skipped.contains(pool)) {
                missed.remove(pool);
            }
        }
        missed.forEach(sums::addCounters);
    }
}
