package io.genericpool.core.internal.call;

import io.genericpool.core.internal.capacity.TotalCapacity;
import io.genericpool.core.internal.config.ManagerHooks;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.endpoint.Backlog;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.endpoint.EndpointSteps;
import io.genericpool.core.internal.endpoint.OfferStep;
import io.genericpool.core.internal.endpoint.ServeStep;
import io.genericpool.core.internal.endpoint.Suspicion;
import io.genericpool.core.internal.executor.PoolExecutors;
import io.genericpool.core.internal.executor.TimedSteps;
import io.genericpool.core.internal.flight.Flight;
import io.genericpool.core.internal.report.PoolEvents;
import io.genericpool.core.internal.time.Ticker;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;

/** What the calls of one pool's manager share. */
public final class CallContext<E, C> {
    public final PoolSettings<E> settings;
    public final ConnectionManager<E, C> manager;
    public final ManagerHooks traits;
    public final PoolClock clock;
    public final TimedSteps timers;
    public final Ticker ticker;
    public final PoolExecutors executors;
    public final TotalCapacity<E, C> capacity;
    public final EndpointRegistry<E, C> registry;
    public final EndpointSteps<E, C> steps;
    public final ServeStep<E, C> serve;
    public final OfferStep<E, C> offer;
    public final Backlog<E, C> backlog;
    final Suspicion<E, C> suspicion;
    public final PoolEvents<E> events;
    final Flight flight = Flight.shared();
    public final CallLedger calls;
    public final HookCalls<E, C> hooks;

    public CallContext(
            EndpointContext<E, C> context,
            ConnectionManager<E, C> manager,
            EndpointRegistry<E, C> registry,
            ServeStep<E, C> serve,
            EndpointSteps<E, C> steps,
            Backlog<E, C> backlog,
            PoolEvents<E> events) {
        this.settings = context.settings;
        this.manager = manager;
        this.traits = context.traits;
        this.clock = context.clock;
        this.timers = context.timers;
        this.ticker = context.ticker;
        this.executors = settings.executors;
        this.capacity = context.capacity;
        this.registry = registry;
        this.steps = steps;
        this.serve = serve;
        this.offer = serve.offer;
        this.backlog = backlog;
        this.suspicion = new Suspicion<>(context, backlog);
        this.events = events;
        this.calls = new CallLedger(timers, executors);
        this.hooks = new HookCalls<>(context, events, calls);
    }
}
