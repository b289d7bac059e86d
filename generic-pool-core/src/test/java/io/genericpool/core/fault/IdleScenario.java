package io.genericpool.core.fault;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Idle connections that must go, or that a request waits for, and one operation that an error may break off. */
public final class IdleScenario implements FaultRun {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofHours(1);
    private static final int MANY = 100;

    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final Set<Object> open = new HashSet<>();
    private final List<ConnectionSignals> bound = new ArrayList<>();
    private final List<CompletableFuture<?>> asked = new ArrayList<>();
    private final ConnectionPool<String, Object> pool;
    private final String what;
    private final Set<Object> mustGo;

    /** Without checks, so that a death concerns all older connections. */
    private final class Server implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            var connection = new Object();
            open.add(connection);
            return connection;
        }

        @Override
        public void bind(String endpoint, Object connection, ConnectionSignals signals) {
            bound.add(signals);
        }

        @Override
        public void onRelease(String endpoint, Object connection) {
            // With this hook, a release settles by a call that errors can be injected into.
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            open.remove(connection);
        }
    }

    /** Fills the pool. @param what the operation: release, retire, evict or die */
    public IdleScenario(String what) {
        this.what = what;
        clock.autoAdvance(executor::runAll);
        boolean waits = what.equals("release");
        pool = ConnectionPools.builder(new Server())
                .maxSize(waits ? 1 : MANY)
                .totalMaxSize(MANY)
                .clock(clock)
                .connectExecutor(executor)
                .completionExecutor(executor)
                .build();
        var unused = pool.warmUp("a", MANY);
        executor.runAll();
        mustGo = waits ? Set.of() : new HashSet<>(open);
        if (what.equals("retire")) {
            mustGo.clear();
        }
    }

    @Override
    public void play() {
        try {
            act();
        } catch (Throwable e) {
            // what was injected
        }
        for (int i = 0; i < 5; i++) {
            try {
                executor.runAll();
            } catch (Throwable e) {
                // what was injected
            }
        }
    }

    private void act() {
        switch (what) {
            case "release" -> pool.tryConnection("a").orElseThrow().release();
            case "retire" -> bound.get(0).retire();
            case "evict" -> pool.evict("a");
            default -> bound.get(0).dead(new IOException("reset by peer"));
        }
    }

    @Override
    public void meanwhile() {
        asked.add(pool.connectionAsync("a", LONG));
    }

    @Override
    public List<String> settle() {
        for (int i = 0; i < 5; i++) {
            clock.advance(SECOND);
            executor.runAll();
        }
        List<String> wrong = new ArrayList<>();
        if (open.stream().anyMatch(mustGo::contains) || (what.equals("retire") && open.size() >= MANY)) {
            wrong.add("connections that must go are open: " + open.size());
        }
        if (asked.stream().anyMatch(future -> !future.isDone())) {
            wrong.add("a request waits beside an idle connection");
        }
        pool.close(SECOND);
        executor.runAll();
        if (!open.isEmpty()) {
            wrong.add("left after the close: " + open.size());
        }
        return wrong;
    }

    @Override
    public long repaired() {
        return pool.stats().repaired();
    }
}
