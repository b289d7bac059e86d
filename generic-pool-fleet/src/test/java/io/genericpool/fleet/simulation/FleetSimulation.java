package io.genericpool.fleet.simulation;

import static io.genericpool.fleet.simulation.SimulatedTime.MILLI;
import static io.genericpool.fleet.simulation.SimulatedTime.SECOND;

import io.genericpool.PoolConfig;
import io.genericpool.fleet.InProcessEngine;
import io.genericpool.fleet.internal.keeper.KeeperSettings;
import io.genericpool.fleet.internal.keeper.ShareKeeper;
import io.genericpool.spi.PoolClock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A fleet in virtual time, with the real keepers and the real ledger. A tenth of the endpoints are wanted beyond their
 * caps. Demand moves: each second, a part of the demand goes from one process to another one.
 */
final class FleetSimulation {
    private static final String FLEET = "simulation";

    private final int processCount;
    private final int endpointCount;
    private final long grace;
    private final SplittableRandom random;
    private final SimulatedTime time = new SimulatedTime();
    private final SimulatedServers servers;
    private final SimulatedEngine.Network network;
    private final List<SimulatedProcess> processes = new ArrayList<>();
    /** How many processes' demand moves at an endpoint per second. */
    private final double moves;

    private boolean moving;

    /** What was measured over a while. */
    record Phase(String name, int overCap, double contended, double elsewhere, double callsPerSecond) {}

    FleetSimulation(
            int processCount, int endpointCount, int leastCap, int mostCap, double moves, long grace, long seed) {
        this.processCount = processCount;
        this.endpointCount = endpointCount;
        this.moves = moves;
        this.grace = grace;
        this.random = new SplittableRandom(seed);
        int[] cap = new int[endpointCount];
        for (int i = 0; i < endpointCount; i++) {
            cap[i] = random.nextInt(leastCap, mostCap + 1);
        }
        this.servers = new SimulatedServers(cap);
        this.network = new SimulatedEngine.Network(new InProcessEngine(new EngineClock()), time);
        for (int i = 0; i < processCount; i++) {
            start(i);
        }
        for (int endpoint = 0; endpoint < endpointCount; endpoint++) {
            double part = isContended(endpoint) ? 1.2 + 0.8 * random.nextDouble() : 0.3 + 0.5 * random.nextDouble();
            want(endpoint, (int) (cap[endpoint] * part));
        }
        time.after(SECOND / 2, this::moveEachSecond); // samples are taken half a second later
    }

    private void start(int number) {
        var process = new SimulatedProcess(number, time, servers);
        var settings = new KeeperSettings<Integer>(
                new SimulatedEngine(network, process),
                FLEET,
                endpoint -> servers.cap[endpoint],
                PoolConfig.UNLIMITED,
                String::valueOf,
                15 * SECOND,
                grace,
                5 * SECOND,
                20 * MILLI,
                KeeperSettings.KEEP,
                0,
                null);
        var keeper = new ShareKeeper<Integer>(settings, process, "session-" + number);
        process.open(keeper);
        processes.add(process);
        time.after(random.nextLong(5 * SECOND), keeper::start);
    }

    private boolean isContended(int endpoint) {
        return endpoint % 10 == 0;
    }

    private void want(int endpoint, int connections) {
        for (int left = connections; left > 0; ) {
            int part = Math.min(left, random.nextInt(1, 6));
            SimulatedProcess process = any();
            time.after(random.nextLong(5 * SECOND), () -> process.demand(endpoint, process.demand(endpoint) + part));
            left -= part;
        }
    }

    private SimulatedProcess any() {
        SimulatedProcess process;
        do {
            process = processes.get(random.nextInt(processCount));
        } while (!process.isAlive());
        return process;
    }

    private void moveEachSecond() {
        time.after(SECOND, this::moveEachSecond);
        for (int endpoint = 0; moving && endpoint < endpointCount; endpoint++) {
            if (random.nextDouble() < moves) {
                move(endpoint);
            }
        }
    }

    /** The demand of one process is another one's from now on. */
    private void move(int endpoint) {
        for (int i = 0; i < 20; i++) {
            SimulatedProcess from = any();
            int demand = from.demand(endpoint);
            if (demand > 0) {
                SimulatedProcess to = any();
                from.demand(endpoint, 0);
                to.demand(endpoint, to.demand(endpoint) + demand);
                return;
            }
        }
    }

    // ---- what is played

    void setMoving(boolean moves) {
        moving = moves;
    }

    /** Plays a while and measures it. */
    Phase run(String name, long duration) {
        servers.takeMostOverCap();
        long callsBefore = network.calls;
        double contended = 0;
        double elsewhere = 0;
        int samples = 0;
        for (long left = duration; left > 0; left -= SECOND) {
            time.runUntil(time.now() + SECOND);
            contended += utilisation();
            elsewhere += metElsewhere();
            samples++;
        }
        double seconds = duration / (double) SECOND;
        return new Phase(
                name,
                Math.max(0, servers.takeMostOverCap()),
                contended / samples,
                elsewhere / samples,
                (network.calls - callsBefore) / seconds);
    }

    /** Which part of the caps is in use, at the endpoints whose demand is beyond it. */
    double utilisation() {
        long used = 0;
        long most = 0;
        for (int endpoint = 0; endpoint < endpointCount; endpoint++) {
            if (demand(endpoint) > servers.cap[endpoint]) {
                used += inUse(endpoint);
                most += servers.cap[endpoint];
            }
        }
        return most == 0 ? 1 : used / (double) most;
    }

    double metElsewhere() {
        long used = 0;
        long wanted = 0;
        for (int endpoint = 0; endpoint < endpointCount; endpoint++) {
            int demand = demand(endpoint);
            if (demand <= servers.cap[endpoint]) {
                used += inUse(endpoint);
                wanted += demand;
            }
        }
        return wanted == 0 ? 1 : used / (double) wanted;
    }

    private int demand(int endpoint) {
        return processes.stream().mapToInt(process -> process.demand(endpoint)).sum();
    }

    private int inUse(int endpoint) {
        return processes.stream().mapToInt(process -> process.inUse(endpoint)).sum();
    }

    /** Half of the demand of each contended endpoint goes to processes that had none. @return seconds until they have theirs */
    double shift() {
        record Newcomer(SimulatedProcess process, int endpoint, int due) {}
        var newcomers = new ArrayList<Newcomer>();
        for (int endpoint = 0; endpoint < endpointCount; endpoint++) {
            if (isContended(endpoint)) {
                int at = endpoint;
                List<SimulatedProcess> having =
                        processes.stream().filter(p -> p.demand(at) > 0).toList();
                List<SimulatedProcess> without = processes.stream()
                        .filter(p -> p.isAlive() && p.demand(at) == 0)
                        .toList();
                int level = Math.max(1, servers.cap[endpoint] / Math.max(1, having.size()));
                for (int i = 0; i < Math.min(having.size() / 2, without.size()); i++) {
                    int demand = having.get(i).demand(endpoint);
                    having.get(i).demand(endpoint, 0);
                    without.get(i).demand(endpoint, demand);
                    newcomers.add(new Newcomer(without.get(i), endpoint, Math.min(demand, level)));
                }
            }
        }
        long wanted = newcomers.stream().mapToInt(Newcomer::due).sum();
        long begin = time.now();
        while (time.now() - begin < 60 * SECOND) {
            time.runUntil(time.now() + 100 * MILLI);
            long has = newcomers.stream()
                    .mapToInt(n -> Math.min(n.due, n.process.inUse(n.endpoint)))
                    .sum();
            if (has >= 0.9 * wanted) {
                break;
            }
        }
        return (time.now() - begin) / (double) SECOND;
    }

    /** A part of the processes die; what they wanted is wanted by others from then on. */
    void kill(double part) {
        for (SimulatedProcess process : some(part)) {
            process.die();
        }
        for (int endpoint = 0; endpoint < endpointCount; endpoint++) {
            int missing = isContended(endpoint) ? (int) (servers.cap[endpoint] * 1.2) - demand(endpoint) : 0;
            if (missing > 0) {
                want(endpoint, missing);
            }
        }
    }

    void stopEngine() {
        network.down = true;
        network.engine.stop();
    }

    void startEngine(boolean withData) {
        network.engine.start(withData);
        network.down = false;
    }

    List<SimulatedProcess> some(double part) {
        return processes.stream()
                .filter(SimulatedProcess::isAlive)
                .filter(process -> random.nextDouble() < part)
                .toList();
    }

    private final class EngineClock implements PoolClock {
        @Override
        public long nanoTime() {
            return time.now();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            throw new UnsupportedOperationException("schedule");
        }

        @Override
        public void park(Object blocker, long nanos) {
            throw new UnsupportedOperationException("park");
        }
    }

    // ---- the program

    /** All phases in turn. @return what was measured; the time to rebalance is in the last one's name */
    static List<Phase> play(FleetSimulation fleet) {
        var phases = new ArrayList<Phase>();
        fleet.setMoving(true);
        fleet.run("start", 30 * SECOND);
        phases.add(fleet.run("steady, demand moves", 30 * SECOND));
        fleet.setMoving(false);
        fleet.run("comes to rest", 20 * SECOND);
        phases.add(fleet.run("at rest", 20 * SECOND));
        double rebalanced = fleet.shift();
        phases.add(
                fleet.run("after a shift; 90 %% of the newcomers' part in %.1f s".formatted(rebalanced), 10 * SECOND));
        fleet.setMoving(true);
        fleet.kill(0.1);
        phases.add(fleet.run("10 % die, until their leases end", 15 * SECOND));
        fleet.run("", 5 * SECOND);
        phases.add(fleet.run("10 % died 20 s ago", 10 * SECOND));
        for (boolean withData : new boolean[] {true, false}) {
            fleet.stopEngine();
            phases.add(fleet.run("engine away for 30 s", 30 * SECOND));
            fleet.startEngine(withData);
            phases.add(fleet.run("back " + (withData ? "with" : "without") + " its data", 20 * SECOND));
            phases.add(fleet.run("20 s later", 10 * SECOND));
        }
        List<SimulatedProcess> paused = fleet.some(0.05);
        paused.forEach(SimulatedProcess::pause);
        phases.add(fleet.run("5 % of the processes paused for 25 s", 25 * SECOND));
        paused.forEach(SimulatedProcess::goOn);
        phases.add(fleet.run("and awake again", 20 * SECOND));
        return phases;
    }

    static String table(List<Phase> phases) {
        var text = new StringBuilder(
                "| phase | over the cap | utilisation where demand > cap | met elsewhere | calls/s |\n"
                        + "|---|---:|---:|---:|---:|\n");
        for (Phase phase : phases) {
            text.append("| %s | %d | %.3f | %.3f | %.0f |%n"
                    .formatted(phase.name, phase.overCap, phase.contended, phase.elsewhere, phase.callsPerSecond));
        }
        return text.toString();
    }

    /**
     * Plays the full form: {@code -Dfleet.processes=1000 -Dfleet.endpoints=1000 -Dfleet.grace=0 -Dfleet.seed=1}.
     *
     * @param args none
     */
    public static void main(String @Nullable [] args) {
        var fleet = new FleetSimulation(
                Integer.getInteger("fleet.processes", 1_000),
                Integer.getInteger("fleet.endpoints", 1_000),
                Integer.getInteger("fleet.leastCap", 50),
                Integer.getInteger("fleet.mostCap", 400),
                Double.parseDouble(System.getProperty("fleet.moves", "1")),
                Long.getLong("fleet.grace", 0) * SECOND,
                Long.getLong("fleet.seed", 1));
        System.out.print(table(play(fleet)));
    }
}
