package io.genericpool.core.internal;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;

/** What the calls of one pool's manager share. */
final class CallContext<E, C> {
    final PoolSettings<E> settings;
    final ConnectionManager<E, C> manager;
    final ManagerTraits traits;
    final PoolClock clock;
    final TimedSteps timers;
    final Ticker ticker;
    final PoolExecutors executors;
    final TotalCapacity<E, C> capacity;
    final EndpointRegistry<E, C> registry;
    final EndpointSteps<E, C> steps;
    final ServeStep<E, C> serve;
    final OfferStep<E, C> offer;
    final Backlog<E, C> backlog;
    final Suspicion<E, C> suspicion;
    final PoolEvents<E> events;
    final CallLedger calls;
    final HookCalls<E, C> hooks;

    CallContext(
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
