package io.genericpool.core.internal.endpoint;

import io.genericpool.IdleOrder;
import io.genericpool.core.internal.capacity.Reachability;
import io.genericpool.core.internal.capacity.TotalCapacity;
import io.genericpool.core.internal.config.ManagerHooks;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.executor.TimedSteps;
import io.genericpool.core.internal.time.Ticker;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;

/** What the endpoints of one pool share. */
public final class EndpointContext<E, C> {
    public final PoolSettings<E> settings;
    public final ManagerHooks traits;
    public final PoolClock clock;
    public final TimedSteps timers;
    public final Ticker ticker;
    public final TotalCapacity<E, C> capacity;
    public final EndpointOutlet<E, C> outlet;
    public final RetiredCounters retired = new RetiredCounters();
    public final Reachability reachability = new Reachability();

    final boolean fifo;
    /** What a release must do beyond one CAS: nothing when true. */
    final boolean releasesPlainly;
    /** Releases do the work of the collector. */
    final boolean collectsOnRelease;
    /** How long a connection stays usable unchecked after a use or check; early by the tick's precision. */
    public final long bypass;

    public final int maxLeases;

    public EndpointContext(
            PoolSettings<E> settings,
            ManagerHooks traits,
            PoolClock clock,
            TimedSteps timers,
            Ticker ticker,
            EndpointOutlet<E, C> outlet) {
        this.settings = settings;
        this.traits = traits;
        this.clock = clock;
        this.timers = timers;
        this.ticker = ticker;
        this.outlet = outlet;
        this.capacity = new TotalCapacity<>(settings.totalMaxSize(), outlet::relieve);
        this.fifo = settings.idleOrder() == IdleOrder.FIFO;
        this.releasesPlainly = !traits.hasReleaseHooks && !settings.hears.releases && !settings.hears.leases;
        this.collectsOnRelease = !settings.backgroundCollector();
        this.bypass = bypass(settings, traits, ticker.precision);
        this.maxLeases = settings.maxLeases();
    }

    private static long bypass(PoolSettings<?> settings, ManagerHooks traits, long precision) {
        if (!traits.checks || Nanos.isOff(settings.alivenessBypass)) {
            return Nanos.FOREVER;
        }
        return Math.max(0, settings.alivenessBypass - precision);
    }
}
