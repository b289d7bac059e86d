package io.genericpool.core.internal;

import io.genericpool.IdleOrder;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;

/** What the endpoints of one pool share. */
final class EndpointContext<E, C> {
    final PoolSettings<E> settings;
    final ManagerTraits traits;
    final PoolClock clock;
    final TimedSteps timers;
    final Ticker ticker;
    final TotalCapacity<E, C> capacity;
    final EndpointOutlet<E, C> outlet;
    final RetiredCounters retired = new RetiredCounters();

    final boolean isInOrder;
    /** What a release must do beyond one CAS: nothing when true. */
    final boolean releasesPlainly;
    /** Releases do the work of the collector. */
    final boolean collectsOnRelease;
    /** How long a connection stays usable unchecked after a use or check; early by the tick's precision. */
    final long bypass;

    final int maxLeases;

    EndpointContext(
            PoolSettings<E> settings,
            ManagerTraits traits,
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
        this.isInOrder = settings.idleOrder() == IdleOrder.FIFO;
        this.releasesPlainly = !traits.hasReleaseHooks && settings.listener == null;
        this.collectsOnRelease = !settings.backgroundCollector();
        this.bypass = bypass(settings, traits, ticker.precision);
        this.maxLeases = settings.maxLeases();
    }

    private static long bypass(PoolSettings<?> settings, ManagerTraits traits, long precision) {
        if (!traits.checks || Nanos.isOff(settings.alivenessBypass)) {
            return Nanos.FOREVER;
        }
        return Math.max(0, settings.alivenessBypass - precision);
    }
}
