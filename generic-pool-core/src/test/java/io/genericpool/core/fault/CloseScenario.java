package io.genericpool.core.fault;

import io.genericpool.ConnectionPool;
import io.genericpool.PoolClosedException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A pool with idle and leased connections, a waiter and a connect in flight is closed; an error may come in the middle. */
public final class CloseScenario implements FaultRun {
    private static final List<String> ENDPOINTS = List.of("a", "b", "c");

    private final FaultServer server = new FaultServer();
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final ConnectionPool<String, Object> pool = ConnectionPools.builder(server.plain())
            .maxSize(2)
            .clock(clock)
            .connectExecutor(executor)
            .completionExecutor(executor)
            .build();

    /** Opens what the close finds. */
    public CloseScenario() {
        for (String endpoint : ENDPOINTS) {
            var first = pool.connectionAsync(endpoint);
            var second = pool.connectionAsync(endpoint);
            executor.runAll();
            first.join().release();
            if (endpoint.equals("b")) {
                second.join(); // stays leased
            } else {
                second.join().release();
            }
        }
        var unused = pool.connectionAsync("d"); // its connect is in flight
    }

    @Override
    public void play() {
        try {
            pool.close(Duration.ZERO);
        } catch (Throwable e) {
            // The caller sees it and may close once more.
        }
    }

    @Override
    public List<String> settle() {
        var wrong = new ArrayList<String>();
        pool.close(Duration.ZERO);
        for (String endpoint : ENDPOINTS) {
            try {
                pool.tryConnection(endpoint).ifPresent(lease -> wrong.add(endpoint + " lends after the close"));
            } catch (PoolClosedException e) {
                // As it should be.
            }
        }
        for (int i = 0; i < 10; i++) {
            executor.runAll();
            clock.advance(Duration.ofMinutes(1));
        }
        executor.runAll();
        if (server.open.size() > 1) { // no sweep comes after a close: the one that the error was about may stay
            wrong.add("the server still counts " + server.open.size());
        }
        wrong.addAll(server.wrong);
        return wrong;
    }

    @Override
    public long repaired() {
        return pool.stats().repaired();
    }
}
