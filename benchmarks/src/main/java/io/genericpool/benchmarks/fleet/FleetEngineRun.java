package io.genericpool.benchmarks.fleet;

import io.genericpool.benchmarks.report.Table;
import io.genericpool.fleet.jdbc.PostgresEngine;
import io.genericpool.fleet.redis.RedisEngine;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;

/**
 * How many calls and share changes a second one Redis and one PostgreSQL make, and which fleet at rest that stands for.
 * Redis works on one core: the time that it used
 * of its core tells what it could do alone. Takes about 40 s.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar io.genericpool.benchmarks.fleet.FleetEngineRun}
 */
public final class FleetEngineRun {
    private static final int CALLERS = 4;
    private static final int HEARTBEAT_SECONDS = 5;
    private static final int ENDPOINTS = 100;
    private static final Pattern CPU = Pattern.compile("used_cpu_(?:sys|user):([0-9.]+)");

    private final Table table =
            new Table(2, "store", "what", "calls/s", "share changes/s", "us of its core a call", "calls/s of one core");
    private final long nanosPerCase;
    private final int sessions;

    FleetEngineRun(Duration perCase, int sessions) {
        this.nanosPerCase = perCase.toNanos();
        this.sessions = sessions;
    }

    /**
     * Runs it.
     *
     * @param args none
     * @throws Exception if a store cannot be started, or does not answer
     */
    public static void main(String[] args) throws Exception {
        new FleetEngineRun(Duration.ofSeconds(4), 1_000).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        double redis = onRedis();
        double postgres = onPostgres();
        table.print(out);
        out.printf(
                "At rest, with a heartbeat each %d s, that stands for %,.0f processes on one core of Redis, and %,.0f on "
                        + "this PostgreSQL.%n",
                HEARTBEAT_SECONDS, redis * HEARTBEAT_SECONDS, postgres * HEARTBEAT_SECONDS);
    }

    private double onRedis() throws Exception {
        int port;
        try (var probe = new ServerSocket(0)) {
            port = probe.getLocalPort();
        }
        RedisServer server = RedisServer.newRedisServer()
                .bind("127.0.0.1")
                .port(port)
                .setting("save \"\"")
                .build();
        server.start();
        URI uri = URI.create("redis://127.0.0.1:" + port);
        try (var statistics = RedisClient.create(uri)) {
            Supplier<Double> used = () -> cpuSeconds(statistics.info("cpu"));
            return on("Redis", sessions, () -> RedisEngine.builder(uri).build(), used);
        } finally {
            server.stop();
        }
    }

    /** What the server's process has used of its core, the time of other processes left out. */
    private static double cpuSeconds(String info) {
        double seconds = 0;
        Matcher matcher = CPU.matcher(info);
        while (matcher.find()) {
            seconds += Double.parseDouble(matcher.group(1));
        }
        return seconds;
    }

    private double onPostgres() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            try (var engine =
                    PostgresEngine.builder(server.getPostgresDatabase()).build()) {
                engine.install();
            }
            return on(
                    "PostgreSQL",
                    sessions / 5,
                    () -> PostgresEngine.builder(server.getPostgresDatabase()).build(),
                    () -> 0.0);
        }
    }

    /** Returns how many heartbeats a second it makes: of one core, if it tells. */
    private double on(String store, int processes, Supplier<FleetEngine> newEngine, Supplier<Double> used)
            throws Exception {
        List<FleetEngine> engines = new ArrayList<>();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            for (int i = 0; i < CALLERS; i++) {
                engines.add(newEngine.get());
            }
            List<LoadSession> fleet = fleet(engines, store + "-wide", processes, Integer.MAX_VALUE);
            for (LoadSession session : fleet) {
                session.send(claims(session, ENDPOINTS, 1));
            }
            double heartbeats = measure(callers, store, "heartbeat", fleet, used, session -> List.of());
            measure(callers, store, "1 endpoint", fleet, used, session -> claims(session, 1, 3 - session.share("e0")));
            measure(
                    callers,
                    store,
                    "100 endpoints",
                    fleet,
                    used,
                    session -> claims(session, ENDPOINTS, 3 - session.share("e0")));
            List<LoadSession> crowd = fleet(engines, store + "-crowd", 100, 50);
            measure(callers, store, "1 endpoint, 100 processes for 50", crowd, used, session -> {
                int share = session.share("e0"); // gives back, and stands in line again at its next call
                return List.of(session.claim("e0", 0, share > 0 ? 0 : 1));
            });
            return heartbeats;
        } finally {
            callers.shutdownNow();
            engines.forEach(FleetEngine::close);
        }
    }

    /** Sessions of a ledger that has learnt. */
    private static List<LoadSession> fleet(List<FleetEngine> engines, String name, int sessions, int cap)
            throws Exception {
        var first = new LoadSession(engines.get(0), name, "first", cap);
        while (first.isLearning()) {
            TimeUnit.MILLISECONDS.sleep(100); // by the store's own clock
        }
        List<LoadSession> fleet = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            fleet.add(new LoadSession(engines.get(i % engines.size()), name, "s" + i, cap));
        }
        return fleet;
    }

    private static List<Claim> claims(LoadSession session, int endpoints, int wanted) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            String endpoint = "e" + i;
            claims.add(session.claim(endpoint, Math.min(session.share(endpoint), wanted), wanted));
        }
        return claims;
    }

    private interface Step {
        List<Claim> next(LoadSession session);
    }

    private double measure(
            ExecutorService callers,
            String store,
            String what,
            List<LoadSession> fleet,
            Supplier<Double> used,
            Step step)
            throws Exception {
        double before = used.get();
        long start = System.nanoTime();
        var calls = new AtomicLong();
        var changes = new AtomicLong();
        List<Future<Object>> running = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = caller;
            Callable<Object> task = () -> {
                for (int i = first; System.nanoTime() - start < nanosPerCase; i = (i + CALLERS) % fleet.size()) {
                    LoadSession session = fleet.get(i);
                    changes.addAndGet(session.send(step.next(session)));
                    calls.incrementAndGet();
                }
                return calls;
            };
            running.add(callers.submit(task));
        }
        for (Future<Object> one : running) {
            one.get(1, TimeUnit.MINUTES);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double perCall = (used.get() - before) * 1e6 / calls.get();
        double rate = calls.get() / seconds;
        table.row(
                store,
                what,
                Table.count(Math.round(rate)),
                Table.count(Math.round(changes.get() / seconds)),
                perCall == 0 ? "" : Table.number(perCall),
                perCall == 0 ? "" : Table.count(Math.round(1e6 / perCall)));
        return perCall == 0 ? rate : 1e6 / perCall;
    }
}
