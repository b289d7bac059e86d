package io.genericpool.core.internal;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.PoolStats;
import io.genericpool.core.internal.call.AddressCalls;
import io.genericpool.core.internal.call.CallContext;
import io.genericpool.core.internal.call.CallLedger;
import io.genericpool.core.internal.call.Checker;
import io.genericpool.core.internal.call.Connector;
import io.genericpool.core.internal.call.Disposer;
import io.genericpool.core.internal.call.GovernorCalls;
import io.genericpool.core.internal.call.HookCalls;
import io.genericpool.core.internal.call.LeaseHooks;
import io.genericpool.core.internal.call.LimitReduction;
import io.genericpool.core.internal.capacity.TotalCapacity;
import io.genericpool.core.internal.config.ManagerHooks;
import io.genericpool.core.internal.config.Periods;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.endpoint.AdminStep;
import io.genericpool.core.internal.endpoint.Backlog;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointOutlet;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.endpoint.EndpointSteps;
import io.genericpool.core.internal.endpoint.JoinStep;
import io.genericpool.core.internal.endpoint.ReleaseCollector;
import io.genericpool.core.internal.endpoint.RequestStep;
import io.genericpool.core.internal.endpoint.ServeStep;
import io.genericpool.core.internal.executor.PoolExecutors;
import io.genericpool.core.internal.executor.TimedSteps;
import io.genericpool.core.internal.flight.Flight;
import io.genericpool.core.internal.jmx.Registration;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.AlivenessCheck;
import io.genericpool.core.internal.queue.ConnectAttempt;
import io.genericpool.core.internal.queue.OwedPermit;
import io.genericpool.core.internal.report.PoolErrors;
import io.genericpool.core.internal.report.PoolEvents;
import io.genericpool.core.internal.report.PoolLog;
import io.genericpool.core.internal.report.RecentStats;
import io.genericpool.core.internal.report.Snapshots;
import io.genericpool.core.internal.report.StateLines;
import io.genericpool.core.internal.share.SharedRoom;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.core.internal.sweep.Collector;
import io.genericpool.core.internal.sweep.RepairStep;
import io.genericpool.core.internal.time.GuardedClock;
import io.genericpool.core.internal.time.Ticker;
import io.genericpool.core.internal.watch.AddressWatch;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a pool is made of, put together from the bottom to the top. */
final class PoolParts<E, C> {
    public final PoolSettings<E> settings;
    public final ManagerHooks traits;
    public final PoolClock clock;
    public final TimedSteps timers;
    public final Ticker ticker;
    public final PoolExecutors executors;
    public final TotalCapacity<E, C> capacity;

    public final EndpointContext<E, C> endpoints;
    public final EndpointRegistry<E, C> registry;
    public final ServeStep<E, C> serve;
    public final EndpointSteps<E, C> steps;
    public final RequestStep<E, C> requests;
    public final Backlog<E, C> backlog;
    public final AdminStep<E, C> admin;
    public final SharedRoom<E, C> shares;
    final JoinStep<E, C> joins;
    public final ReleaseCollector<E, C> releaseCollector;

    final PoolLog log;
    final Flight flight = Flight.shared();
    final PermitReturns returns = new PermitReturns();
    public final PoolEvents<E> events;
    public final Snapshots<E, C> snapshots;
    public final PoolErrors<E, C> failures;
    final RecentStats<E, C> recent;
    final StateLines states;
    /** Held here for the recorder, which holds it weakly. */
    private final Supplier<PoolStats> recordedStats;

    private final Runnable endRecording;
    private volatile Runnable registration = () -> {};

    public final CallLedger calls;
    final HookCalls<E, C> hookCalls;
    public final GovernorCalls<E, C> governor;
    public final Connector<E, C> connector;
    final Checker<E, C> checker;
    public final Disposer<E, C> disposer;
    public final LeaseHooks<E, C> hooks;
    public final RepairStep<E, C> repair;
    final @Nullable AddressWatch<E> addresses;
    /** By name. */
    final ConcurrentHashMap<String, SweptGroup<E, C>> groups = new ConcurrentHashMap<>();

    public PoolParts(PoolSettings<E> settings, ConnectionManager<E, C> manager) {
        this.settings = settings;
        this.traits = new ManagerHooks(manager);
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
        this.shares = new SharedRoom<>(endpoints, registry, admin);
        this.joins = new JoinStep<>(endpoints, registry, admin);
        this.releaseCollector = new ReleaseCollector<>(endpoints, steps);

        this.log = new PoolLog(settings.name());
        this.events = new PoolEvents<>(settings, clock, log);
        var context = new CallContext<>(endpoints, manager, registry, serve, steps, backlog, events);
        this.calls = context.calls;
        this.hookCalls = context.hooks;
        this.governor = new GovernorCalls<>(context);
        this.snapshots = new Snapshots<>(endpoints, registry, events, governor::circuit);
        this.failures = new PoolErrors<>(endpoints, snapshots);
        this.recent = new RecentStats<>(snapshots, clock);
        this.states = new StateLines(log, clock, snapshots::ofPool);
        this.recordedStats = recent::ofPool;

        var limitReduction = new LimitReduction<>(context);
        this.disposer = new Disposer<>(context, limitReduction);
        this.checker = new Checker<>(context, disposer);
        this.connector = new Connector<>(context, governor, limitReduction, disposer);
        this.repair = new RepairStep<>(context, connector, disposer);
        this.hooks = new LeaseHooks<>(context, disposer, failures, releaseCollector);
        this.addresses = addressWatch(manager, context);
        this.endRecording = flight.watch(settings.name(), settings, recordedStats);
    }

    private @Nullable AddressWatch<E> addressWatch(ConnectionManager<E, C> manager, CallContext<E, C> context) {
        if (Nanos.isOff(settings.addressWatch)) {
            return null;
        }
        if (!traits.knowsAddresses) {
            throw new IllegalArgumentException("addressWatch needs a manager that overrides addresses, but "
                    + manager.getClass().getName() + " does not");
        }
        return new AddressWatch<>(settings, new AddressCalls<>(context), new Watched(), timers, clock);
    }

    /** Changes of addresses are noticed from now on, if they are to be. */
    void startWatch() {
        if (addresses != null) {
            addresses.start();
        }
    }

    void stopTimers(@Nullable Collector<E, C> collector) {
        if (collector != null) {
            collector.stop();
        }
        if (addresses != null) {
            addresses.stop();
        }
    }

    /** Takes the connections of an endpoint out of the pool, and forgets what was learnt of it. */
    void evict(E endpoint) {
        EndpointPool<E, C> pool = registry.find(endpoint);
        governor.forget(endpoint);
        if (pool != null) {
            admin.evict(pool, new Backlog.Slice());
            backlog.handOn();
        }
    }

    /** Shows the pool to those who manage it, if they are to see it. */
    void register(ConnectionPool<E, C> pool) {
        if (settings.isManaged) {
            try {
                registration = Registration.of(pool, settings.labels);
            } catch (LinkageError e) {
                throw new IllegalStateException("registerMBean needs the module java.management, which is absent", e);
            }
        }
    }

    /** The pool is closed, or has not started: observers beside it let go of it. */
    void endObservation() {
        endRecording.run();
        registration.run();
        recent.forget();
    }

    /** What the watch of addresses sees of the pool. */
    private final class Watched implements AddressWatch.Endpoints<E> {
        @Override
        public Set<E> present() {
            return registry.endpoints();
        }

        @Override
        public boolean isPresent(E endpoint) {
            return registry.find(endpoint) != null;
        }

        @Override
        public void evict(E endpoint) {
            PoolParts.this.evict(endpoint);
        }
    }

    /** The way from the endpoints up; the parts that it leads to are made after the endpoints' own. */
    private final class Outlet implements EndpointOutlet<E, C> {
        @Override
        public void connect(ConnectAttempt<E, C> attempt, Actions actions) {
            AddressWatch<E> watch = addresses;
            if (watch != null) {
                watch.opening(attempt.slot.owner.endpoint());
            }
            connector.connect(attempt, actions);
        }

        @Override
        public void check(AlivenessCheck<E, C> check, Actions actions) {
            checker.check(check, actions);
        }

        @Override
        public void dispose(Slot<E, C> slot, DisposeReason reason, @Nullable OwedPermit<E, C> owed, Actions actions) {
            disposer.dispose(slot, reason, owed, actions);
        }

        @Override
        public boolean hasWaitingDisposals() {
            return disposer.hasWaiting();
        }

        @Override
        public void left(EndpointPool<E, C> pool) {
            shares.left(pool); // first: what the governor does may fail, and the share would never come back
            governor.endpointRemoved(pool);
        }

        @Override
        public void demandChanged(EndpointPool<E, C> pool) {
            shares.changed(pool);
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
