package io.genericpool.core.outage;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.SeededCircuits;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One endpoint of ten is down for ten seconds under load, and comes back; all in virtual time and on one thread. The
 * seed gives the load and the jitter of the backoff. What is compared is before, during and after.
 */
final class OutageDrill {
    static final int MAX_SIZE = 4;
    static final int MAX_CONNECTS = 3;
    private static final int ENDPOINTS = 10;
    private static final int CALLERS = 6;
    private static final long BEFORE = TimeUnit.SECONDS.toNanos(3);
    private static final long OUTAGE = TimeUnit.SECONDS.toNanos(10);
    private static final long AFTER = TimeUnit.SECONDS.toNanos(3);
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long CONNECT_WINDOW = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String DOWN = "endpoint 0";

    /** One acquire that got a lease. */
    private record Grant(long at, long waited) {}

    private final SplittableRandom random;
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor tasks = new ManualExecutor();
    private final DrillServer server;
    private final ConnectionPool<String, DrillServer.Connection> pool;
    private final DrillServer.Outage how;

    private final List<Grant> downGrants = new ArrayList<>();
    private final List<Grant> otherGrants = new ArrayList<>();
    private final List<Long> refusals = new ArrayList<>();
    private boolean isOver;

    /** Dead connections that were handed out although a holder had noticed before that the endpoint is down. */
    int deadHandedOut;

    int attemptsInOutage;
    double p99Before;
    double p99InOutage;
    long medianRefusal;
    long backAfter;
    int peakConnects;

    OutageDrill(long seed, DrillServer.Outage how) {
        this.random = new SplittableRandom(seed);
        this.how = how;
        this.server = new DrillServer(clock, random.split());
        this.pool = ConnectionPools.builder(server)
                .clock(clock)
                .connectExecutor(tasks)
                .completionExecutor(tasks)
                .maxSize(MAX_SIZE)
                .totalMaxSize(ENDPOINTS * MAX_SIZE)
                .maxConnectsPerEndpoint(MAX_CONNECTS)
                .connectTimeout(Duration.ofMillis(100))
                .acquireTimeout(Duration.ofSeconds(2))
                .minIdle(1)
                .maxLifetimeJitter(0)
                .idleTimeoutJitter(0)
                .connectGovernor(SeededCircuits.withChance(random.split()::nextDouble))
                .build();
    }

    OutageDrill run() {
        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            for (int caller = 0; caller < CALLERS; caller++) {
                String name = "endpoint " + endpoint;
                clock.schedule(() -> call(name), random.nextLong(TimeUnit.MILLISECONDS.toNanos(20)));
            }
        }
        pass(BEFORE);
        long down = clock.nanoTime();
        server.goDown(DOWN, how);
        pass(OUTAGE);
        long back = clock.nanoTime();
        server.comeBack(DOWN);
        pass(AFTER);
        isOver = true;
        pool.close(Duration.ZERO);
        tasks.runAll();
        conclude(down, back);
        return this;
    }

    /** From event to event, so that whatever is due at some moment is done at that moment. */
    private void pass(long nanos) {
        long left = nanos;
        tasks.runAll();
        while (left > 0) {
            long step = Math.min(left, Math.max(1, clock.nanosToNextEvent().orElse(left)));
            clock.advance(Duration.ofNanos(step));
            tasks.runAll();
            left -= step;
        }
    }

    private void call(String endpoint) {
        if (isOver) {
            return;
        }
        long began = clock.nanoTime();
        var unused = pool.connectionAsync(endpoint).whenComplete((lease, failure) -> {
            long now = clock.nanoTime();
            if (failure == null) {
                (endpoint.equals(DOWN) ? downGrants : otherGrants).add(new Grant(now, now - began));
                if (lease.connection().isBroken && server.noticed.contains(endpoint)) {
                    deadHandedOut++;
                }
                clock.schedule(() -> end(endpoint, lease), between(4, 8));
            } else {
                refusals.add(now - began);
                clock.schedule(() -> call(endpoint), between(10, 30));
            }
        });
    }

    private void end(String endpoint, Lease<String, DrillServer.Connection> lease) {
        if (isOver) {
            return;
        }
        if (lease.connection().isBroken) {
            lease.invalidate(new IOException("broken pipe"));
            server.noticed.add(endpoint);
        } else {
            lease.release();
        }
        clock.schedule(() -> call(endpoint), between(2, 10));
    }

    private long between(int least, int most) {
        return TimeUnit.MICROSECONDS.toNanos(random.nextInt(least * 1_000, most * 1_000));
    }

    private void conclude(long down, long back) {
        attemptsInOutage = count(server.connects(DOWN), down, back);
        p99Before = p99(otherGrants, down - BEFORE / 2, down); // when all is warm
        p99InOutage = p99(otherGrants, down, back);
        refusals.sort(null);
        medianRefusal = refusals.isEmpty() ? 0 : refusals.get(refusals.size() / 2);
        var grants = downGrants.stream().map(Grant::at).toList();
        double perWindow = count(grants, down - BEFORE / 2, down) * (double) WINDOW / (BEFORE / 2);
        long from = back;
        while (from < back + AFTER - WINDOW && count(grants, from, from + WINDOW) < 0.9 * perWindow) {
            from += TimeUnit.MILLISECONDS.toNanos(1);
        }
        backAfter = from - back;
        for (long at : server.connects(DOWN)) {
            peakConnects = Math.max(peakConnects, count(server.connects(DOWN), at, at + CONNECT_WINDOW));
        }
    }

    private static int count(List<Long> times, long from, long until) {
        return (int) times.stream().filter(at -> at >= from && at < until).count();
    }

    private static double p99(List<Grant> grants, long from, long until) {
        long[] waits = grants.stream()
                .filter(grant -> grant.at >= from && grant.at < until)
                .mapToLong(Grant::waited)
                .sorted()
                .toArray();
        return waits.length == 0 ? 0 : waits[(int) (waits.length * 0.99)];
    }

    int mostInFlight() {
        return server.mostInFlight;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-10s attempts %3d, most at once %d, refused after %.1f ms (median), p99 of the others %.2f ms before"
                        + " and %.2f ms in the outage, full speed after %d ms, at most %d connects in 100 ms",
                how,
                attemptsInOutage,
                mostInFlight(),
                medianRefusal / 1e6,
                p99Before / 1e6,
                p99InOutage / 1e6,
                TimeUnit.NANOSECONDS.toMillis(backAfter),
                peakConnects);
    }
}
