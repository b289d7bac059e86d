package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import org.jspecify.annotations.Nullable;

/** What a pool is made of, put together from the bottom to the top. */
final class PoolParts<E, C> {
    final PoolSettings<E> settings;
    final ManagerTraits traits;
    final PoolClock clock;
    final TimedSteps timers;
    final Ticker ticker;
    final PoolExecutors executors;
    final TotalCapacity<E, C> capacity;

    final EndpointContext<E, C> endpoints;
    final EndpointRegistry<E, C> registry;
    final ServeStep<E, C> serve;
    final EndpointSteps<E, C> steps;
    final RequestStep<E, C> requests;
    final Backlog<E, C> backlog;
    final AdminStep<E, C> admin;
    final JoinStep<E, C> joins;
    final ReleaseCollector<E, C> releaseCollector;

    final PoolEvents<E> events;
    final Snapshots<E, C> snapshots;
    final Failures<E, C> failures;

    final CallLedger calls;
    final HookCalls<E, C> hookCalls;
    final GovernorCalls<E, C> governor;
    final Connector<E, C> connector;
    final Checker<E, C> checker;
    final Disposer<E, C> disposer;
    final LeaseHooks<E, C> hooks;
    final RepairStep<E, C> repair;

    PoolParts(PoolSettings<E> settings, ConnectionManager<E, C> manager) {
        this.settings = settings;
        this.traits = new ManagerTraits(manager);
        this.clock = GuardedClock.of(settings.clock);
        this.ticker = new Ticker(clock, !settings.backgroundCollector(), Periods.tick(settings, traits));
        this.executors = settings.executors;
        this.timers = executors.timedSteps(clock);

        this.endpoints = new EndpointContext<>(settings, traits, clock, timers, ticker, new Outlet());
        this.capacity = endpoints.capacity;
        this.registry = new EndpointRegistry<>(endpoints);
        this.serve = new ServeStep<>(endpoints, registry);
        this.steps = new EndpointSteps<>(endpoints, serve);
        this.requests = new RequestStep<>(endpoints, serve, steps);
        this.backlog = new Backlog<>(endpoints, serve);
        this.admin = new AdminStep<>(serve, backlog);
        this.joins = new JoinStep<>(endpoints, registry, admin);
        this.releaseCollector = new ReleaseCollector<>(endpoints, steps);

        this.events = new PoolEvents<>(settings);
        var context = new CallContext<>(endpoints, manager, registry, serve, steps, backlog, events);
        this.calls = context.calls;
        this.hookCalls = context.hooks;
        this.governor = new GovernorCalls<>(context);
        this.snapshots = new Snapshots<>(endpoints, registry, events, governor::circuit);
        this.failures = new Failures<>(endpoints, snapshots);

        var tooMany = new TooMany<>(context);
        this.disposer = new Disposer<>(context, tooMany);
        this.checker = new Checker<>(context, disposer);
        this.connector = new Connector<>(context, governor, tooMany, disposer);
        this.repair = new RepairStep<>(context, connector, disposer);
        this.hooks = new LeaseHooks<>(context, disposer, failures, releaseCollector);
    }

    /** The way from the endpoints up; the parts that it leads to are made after the endpoints' own. */
    private final class Outlet implements EndpointOutlet<E, C> {
        @Override
        public void connect(ConnectAttempt<E, C> attempt, Actions actions) {
            connector.connect(attempt, actions);
        }

        @Override
        public void check(AlivenessCheck<E, C> check, Actions actions) {
            checker.check(check, actions);
        }

        @Override
        public void dispose(Slot<E, C> slot, DisposeReason reason, @Nullable OwedRoom<E, C> owed, Actions actions) {
            disposer.dispose(slot, reason, owed, actions);
        }

        @Override
        public boolean hasWaitingDisposals() {
            return disposer.hasWaiting();
        }

        @Override
        public void left(EndpointPool<E, C> pool) {
            governor.endpointRemoved(pool);
        }

        @Override
        public void release(SlotLease<E, C> lease) {
            hooks.release(lease);
        }

        @Override
        public void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause) {
            hooks.invalidate(lease, cause);
        }

        @Override
        public void offerAgain(EndpointPool<E, C> pool, Slot<E, C> slot) {
            steps.offerAgain(pool, slot);
        }

        @Override
        public void collect() {
            releaseCollector.collect();
        }

        @Override
        public void serve(EndpointPool<E, C> pool, Actions actions) {
            steps.serveLocked(pool, actions);
        }

        @Override
        public void relieve(Actions actions) {
            steps.relieve(actions);
        }
    }
}
