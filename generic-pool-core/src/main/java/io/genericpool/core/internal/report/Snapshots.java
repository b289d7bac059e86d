package io.genericpool.core.internal.report;

import io.genericpool.CircuitStats;
import io.genericpool.EndpointStats;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.endpoint.RareEndpointState;
import java.util.Map;
import java.util.function.Function;

/** Takes the statistics of a pool and of its endpoints. */
public final class Snapshots<E, C> {
    /** Up to this many connections are counted for each error. */
    private static final int COUNTED_AT_ONCE = 256;

    private final EndpointContext<E, C> context;
    private final EndpointRegistry<E, C> registry;
    private final PoolEvents<E> events;
    private final Function<EndpointPool<E, C>, CircuitStats> circuits;

    /**
     * Takes what the statistics are made of.
     *
     * @param circuits the circuit of an endpoint; asked for without a lock
     */
    public Snapshots(
            EndpointContext<E, C> context,
            EndpointRegistry<E, C> registry,
            PoolEvents<E> events,
            Function<EndpointPool<E, C>, CircuitStats> circuits) {
        this.context = context;
        this.registry = registry;
        this.events = events;
        this.circuits = circuits;
    }

    public EndpointSnapshot of(EndpointPool<E, C> pool) {
        CircuitStats circuit = circuits.apply(pool);
        String label = pool.label();
        pool.lock();
        try {
            return new EndpointSnapshot(pool, label, circuit);
        } finally {
            pool.unlock();
        }
    }

    /** Takes the statistics for an error. With many connections, one count serves all errors of a moment. */
    ToldStats.Told forError(EndpointPool<E, C> pool) {
        if (pool.places() <= COUNTED_AT_ONCE) {
            return new ToldStats.Told(of(pool), null);
        }
        return told(pool).get(() -> count(pool));
    }

    private ToldStats told(EndpointPool<E, C> pool) {
        RareEndpointState rare = pool.extrasOrNull();
        return rare != null && rare.told instanceof ToldStats told ? told : firstTold(pool);
    }

    private ToldStats firstTold(EndpointPool<E, C> pool) {
        var made = new ToldStats(context.ticker::exact);
        pool.lock();
        try {
            RareEndpointState rare = pool.extras();
            if (rare.told instanceof ToldStats told) {
                return told;
            }
            rare.told = made;
            return made;
        } finally {
            pool.unlock();
        }
    }

    private ToldStats.Told count(EndpointPool<E, C> pool) {
        CircuitStats circuit = circuits.apply(pool);
        String label = pool.label();
        pool.lock();
        try {
            var holders = new LeaseHolders(pool.places());
            return new ToldStats.Told(new EndpointSnapshot(pool, label, circuit, holders), holders);
        } finally {
            pool.unlock();
        }
    }

    public PoolSnapshot ofPool() {
        return new PoolWalk<>(context).run(registry.all(), events.failures());
    }

    /** As {@link #ofPool}, and in the same walk the statistics of each endpoint. */
    PoolSnapshot ofPool(Map<E, EndpointStats> details) {
        return new PoolWalk<>(context).run(registry.all(), events.failures(), circuits, details);
    }
}
