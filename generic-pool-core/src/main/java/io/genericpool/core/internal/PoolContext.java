package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.IdleOrder;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;

/** What the parts of one pool share. */
final class PoolContext<E, C> {
    private static final SafeLog LOG = SafeLog.of(PoolContext.class);

    final PoolSettings<E> settings;
    final ConnectionManager<E, C> manager;
    final ManagerTraits traits;
    final PoolClock clock;
    final Ticker ticker;
    final TotalCapacity<E, C> capacity;
    final PoolExecutors executors;
    final TimedSteps timers;
    final CallLedger calls;
    final PoolEvents<E> events;
    final EndpointRegistry<E, C> registry;
    final Tenants<E, C> tenants;
    final Connector<E, C> connector;
    final Checker<E, C> checker;
    final Disposer<E, C> disposer;
    final Backlog<E, C> backlog;
    final LeaseHooks<E, C> hooks;
    final GovernorCalls<E, C> governor;
    final Suspicion<E, C> suspicion;
    final TooMany<E, C> tooMany;
    final Failures<E, C> failures;
    final ReleaseCollector<E, C> releaseCollector;

    final AdminStep<E, C> admin;
    final RequestStep<E, C> requests;
    final ServeStep<E, C> serve;
    final OfferStep<E, C> offer;
    /** Looks for idle connections to dispose while there is pressure; run without a lock. */
    final Actions.Action relief;

    final boolean isInOrder;
    /** What a release must do beyond one CAS: nothing when true. */
    final boolean releasesPlainly;
    /** How long a connection stays usable unchecked after a use or check; early by the tick's precision. */
    final long bypass;

    final int maxLeases;

    PoolContext(PoolSettings<E> settings, ConnectionManager<E, C> manager) {
        this.settings = settings;
        this.manager = manager;
        this.traits = new ManagerTraits(manager);
        this.clock = GuardedClock.of(settings.clock);
        this.ticker = new Ticker(clock, !settings.backgroundCollector(), Periods.tick(settings, traits));
        this.capacity = new TotalCapacity<>(settings.totalMaxSize(), this::relieve);
        this.executors = settings.executors;
        this.timers = executors.timedSteps(clock);
        this.calls = new CallLedger(timers, executors);
        this.events = new PoolEvents<>(settings);
        this.tenants = new Tenants<>(settings.tenant, endpoint -> label(endpoint));
        this.registry = new EndpointRegistry<>(this);
        this.connector = new Connector<>(this);
        this.checker = new Checker<>(this);
        this.disposer = new Disposer<>(this);
        this.backlog = new Backlog<>(this);
        this.hooks = new LeaseHooks<>(this);
        this.governor = new GovernorCalls<>(this);
        this.suspicion = new Suspicion<>(this);
        this.tooMany = new TooMany<>(this);
        this.failures = new Failures<>(this);
        this.releaseCollector = new ReleaseCollector<>(this);
        this.admin = new AdminStep<>(this);
        this.requests = new RequestStep<>(this);
        this.serve = new ServeStep<>(this);
        this.offer = new OfferStep<>(this);
        this.relief = this::relieve;
        this.isInOrder = settings.idleOrder() == IdleOrder.FIFO;
        this.releasesPlainly = !traits.hasReleaseHooks && !events.isOn;
        this.bypass = bypass(settings, traits, ticker.precision);
        this.maxLeases = settings.maxLeases();
    }

    private static long bypass(PoolSettings<?> settings, ManagerTraits traits, long precision) {
        if (!traits.checks || Nanos.isOff(settings.alivenessBypass)) {
            return Nanos.FOREVER;
        }
        return Math.max(0, settings.alivenessBypass - precision);
    }

    /**
     * Disposes the connections idle longest, until enough permits are on the way or nothing is idle. Those that are reserved
     * for their endpoints go only where the total limit was lowered, after all others.
     */
    private void relieve(Actions actions) {
        while (capacity.pressure() > 0) {
            // Looked for before the claim, which hides the pressure from releases until it is used or given back.
            Slot<E, C> victim = capacity.table.longestIdle(true, capacity.floor());
            if (victim == null && capacity.isOverfull()) {
                victim = capacity.table.longestIdle(
                        true, -1); // for a lowered total it does not matter whose tenant it is
                if (victim == null) {
                    victim = capacity.table.longestIdle(false, -1);
                }
            }
            DisposeReason why = victim == null ? null : capacity.claimShortage(victim);
            if (victim == null || why == null) {
                return;
            }
            victim.pool.disposeClaimed(victim, why, actions);
        }
    }

    private String label(E endpoint) {
        return registry.label(endpoint);
    }

    /** Completes a future of the pool's where its dependents may run. */
    void complete(Runnable completion) {
        try {
            executors.complete(completion);
        } catch (Throwable e) {
            LOG.debug("pool {}: the completion executor refuses a task; it runs here", settings.name(), e);
            completion.run();
        }
    }
}
