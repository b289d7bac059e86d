package io.genericpool.fleet.simulation;

import static io.genericpool.fleet.simulation.SimulatedTime.MILLI;

import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Giving;
import io.genericpool.spi.SharedLimits.Holder;
import io.genericpool.spi.SharedLimits.Session;
import io.genericpool.spi.SharedLimits.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A process with a pool that obeys its share: a connection is opened at once, a leased one is released within 100 ms, an
 * idle one counts as unused after 1 s and is closed after 3 s, and a disposal takes 20 ms. The process may be paused: then none of its timers runs.
 */
final class SimulatedProcess implements Holder<Integer>, PoolClock {
    private static final long LEASE = 100 * MILLI;
    private static final long UNUSED = 1_000 * MILLI;
    private static final long IDLE = 3_000 * MILLI;
    private static final long DISPOSAL = 20 * MILLI;

    private final int number;
    private final SimulatedTime time;
    private final SimulatedServers servers;
    private final Map<Integer, Connections> endpoints = new HashMap<>();
    private final List<Runnable> missed = new ArrayList<>();
    private boolean paused;
    private boolean dead;
    private @Nullable Session<Integer> session;

    private static final class Connections {
        int demand;
        int held;
        int closing;
        int limit;
        long version;
        int unused;
        boolean seesUnused;
        boolean closesIdle;
        boolean closesLeased;

        @Nullable
        Demand told;

        int open() {
            return held - closing;
        }

        int inUse() {
            return Math.min(demand, open());
        }
    }

    SimulatedProcess(int number, SimulatedTime time, SimulatedServers servers) {
        this.number = number;
        this.time = time;
        this.servers = servers;
    }

    void open(Session<Integer> opened) {
        session = opened;
    }

    // ---- what happens to it

    boolean isAlive() {
        return !dead;
    }

    void demand(int endpoint, int connections) {
        if (dead) {
            return;
        }
        Connections at = endpoints.computeIfAbsent(endpoint, e -> new Connections());
        at.demand = connections;
        changed(endpoint, at);
    }

    int demand(int endpoint) {
        Connections at = endpoints.get(endpoint);
        return at == null ? 0 : at.demand;
    }

    int inUse(int endpoint) {
        Connections at = endpoints.get(endpoint);
        return at == null ? 0 : at.inUse();
    }

    void die() {
        dead = true;
        endpoints.forEach((endpoint, at) -> servers.close(endpoint, at.held));
        endpoints.clear();
    }

    void pause() {
        paused = true;
    }

    void goOn() {
        paused = false;
        List<Runnable> late = List.copyOf(missed);
        missed.clear();
        late.forEach(Runnable::run);
    }

    // ---- its clock

    @Override
    public long nanoTime() {
        return time.now();
    }

    @Override
    public Timer schedule(Runnable task, long delay) {
        var timer = new OwnTimer(task);
        time.after(delay, timer);
        return timer;
    }

    private final class OwnTimer implements Timer, Runnable {
        private @Nullable Runnable task;

        OwnTimer(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            Runnable due = task;
            if (due == null || dead) {
                return;
            }
            if (paused) {
                missed.add(this);
            } else {
                task = null;
                due.run();
            }
        }

        @Override
        public void cancel() {
            task = null;
        }
    }

    @Override
    public boolean isManual() {
        return true;
    }

    @Override
    public void park(Object blocker, long nanos) {
        throw new UnsupportedOperationException("park");
    }

    // ---- its pool

    @Override
    public String name() {
        return "process-" + number;
    }

    @Override
    public PoolClock clock() {
        return this;
    }

    @Override
    public String label(Integer endpoint) {
        return endpoint.toString();
    }

    @Override
    public void reachable(boolean reachable, @Nullable Throwable why) {}

    @Override
    public void share(@Nullable Integer endpoint, Share share) {
        Connections at = endpoints.get(Objects.requireNonNull(endpoint));
        if (at == null) {
            Objects.requireNonNull(session).gone(endpoint, share.version());
            return;
        }
        if (share.version() <= at.version) {
            return;
        }
        at.version = share.version();
        int least = share.giving() == Giving.ALL ? 0 : share.giving() == Giving.IDLE ? at.inUse() : at.held;
        at.limit = share.connections() >= at.limit
                ? share.connections()
                : Math.min(at.limit, Math.max(share.connections(), least));
        changed(endpoint, at);
    }

    private void changed(int endpoint, Connections at) {
        while (at.held < at.limit && at.open() < at.demand) {
            at.held++;
            servers.open(endpoint);
        }
        int excess = at.open() - at.limit;
        int idle = at.open() - at.inUse();
        close(endpoint, at, Math.min(excess, idle));
        if (at.open() > at.limit && !at.closesLeased) {
            at.closesLeased = true;
            schedule(
                    () -> {
                        at.closesLeased = false;
                        close(endpoint, at, at.open() - at.limit);
                        changed(endpoint, at);
                    },
                    LEASE);
        }
        if (at.open() > at.demand && !at.closesIdle) {
            at.closesIdle = true;
            schedule(
                    () -> {
                        at.closesIdle = false;
                        close(endpoint, at, at.open() - at.demand);
                        changed(endpoint, at);
                    },
                    IDLE);
        }
        at.unused = Math.min(at.unused, at.open() - at.inUse());
        if (at.unused < at.open() - at.inUse() && !at.seesUnused) {
            at.seesUnused = true;
            schedule(
                    () -> {
                        at.seesUnused = false;
                        at.unused = at.open() - at.inUse();
                        changed(endpoint, at);
                    },
                    UNUSED);
        }
        tell(endpoint, at);
    }

    private void close(int endpoint, Connections at, int connections) {
        if (connections <= 0) {
            return;
        }
        at.closing += connections;
        schedule(
                () -> {
                    at.closing -= connections;
                    at.held -= connections;
                    servers.close(endpoint, connections);
                    changed(endpoint, at);
                },
                DISPOSAL);
    }

    private void tell(int endpoint, Connections at) {
        int unmet = Math.max(0, at.demand - at.open());
        int unused = unmet > 0 ? 0 : at.unused;
        var demand = new Demand(at.version, at.limit, at.held, at.held - unused + unmet, unused);
        if (at.held == 0 && at.demand == 0) {
            endpoints.remove(endpoint, at);
            Objects.requireNonNull(session).gone(endpoint, at.version);
        } else if (!demand.equals(at.told)) {
            at.told = demand;
            Objects.requireNonNull(session).demand(endpoint, demand);
        }
    }
}
