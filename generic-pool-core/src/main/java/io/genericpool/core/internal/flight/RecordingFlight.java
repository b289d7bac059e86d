package io.genericpool.core.internal.flight;

import io.genericpool.CircuitStats;
import io.genericpool.PoolConfig;
import io.genericpool.PoolStats;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the recorder is present. One shared event of each kind is asked before another one is made. */
final class RecordingFlight extends Flight {
    private final ConnectFlight connects = new ConnectFlight();
    private final WaitFlight waits = new WaitFlight();
    private final CloseFlight closes = new CloseFlight();
    private final DisposeFlight disposals = new DisposeFlight();
    private final CircuitFlight circuits = new CircuitFlight();
    private final LeakFlight leaks = new LeakFlight();
    private final LeaseFlight leases = new LeaseFlight();

    @Override
    public @Nullable FlightSpan connect() {
        if (!connects.isEnabled()) {
            return null;
        }
        var event = new ConnectFlight();
        event.begin();
        return event;
    }

    @Override
    public @Nullable FlightSpan acquire() {
        if (!waits.isEnabled()) {
            return null;
        }
        var event = new WaitFlight();
        event.begin();
        return event;
    }

    @Override
    public @Nullable CloseSpan close() {
        if (!closes.isEnabled()) {
            return null;
        }
        var event = new CloseFlight();
        event.begin();
        return event;
    }

    @Override
    public boolean hearsDisposals() {
        return disposals.isEnabled();
    }

    @Override
    public void disposed(String pool, String endpoint, String reason, long ageNanos, long leases) {
        var event = new DisposeFlight();
        event.pool = pool;
        event.endpoint = endpoint;
        event.reason = reason;
        event.age = ageNanos;
        event.leases = leases;
        event.commit();
    }

    @Override
    public boolean hearsCircuits() {
        return circuits.isEnabled();
    }

    @Override
    public void circuit(String pool, String endpoint, String before, CircuitStats after) {
        var event = new CircuitFlight();
        event.pool = pool;
        event.endpoint = endpoint;
        event.before = before;
        event.after = after.state().name();
        event.failures = after.failures();
        event.commit();
    }

    @Override
    public boolean hearsLeaks() {
        return leaks.isEnabled();
    }

    @Override
    public void leaked(String pool, String endpoint, long heldNanos, String holder) {
        var event = new LeakFlight();
        event.pool = pool;
        event.endpoint = endpoint;
        event.held = heldNanos;
        event.holder = holder;
        event.commit();
    }

    @Override
    public boolean hearsLeases() {
        return leases.isEnabled();
    }

    @Override
    public void leased(String pool, String endpoint, LeaseTimes times, long requester, boolean isInvalidated) {
        var event = new LeaseFlight();
        event.pool = pool;
        event.endpoint = endpoint;
        event.waited = times.waited();
        event.handOver = times.handOver();
        event.held = times.held();
        event.endedAt = times.endedAt();
        event.requester = requester;
        event.invalidated = isInvalidated;
        event.commit();
    }

    @Override
    public Runnable watch(String pool, PoolConfig config, Supplier<PoolStats> stats) {
        var watch = new StateWatch(pool, new KnobsWatch(pool, config), stats);
        watch.start();
        return watch::stop;
    }
}
