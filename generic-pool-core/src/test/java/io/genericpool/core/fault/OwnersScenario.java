package io.genericpool.core.fault;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connect is under way all the time, as it may be for an hour, while sweeps go by: one part of the scenario is one tick. */
public final class OwnersScenario implements FaultRun {
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final ConnectionPool<String, Object> pool = ConnectionPools.builder(new FaultServer().plain())
            .connectTimeout(Duration.ofHours(1))
            .acquireTimeout(Duration.ofHours(1))
            .clock(clock)
            .connectExecutor(executor)
            .completionExecutor(executor)
            .build();

    private final List<String> wrong = new ArrayList<>();

    @Override
    public void play() {
        if (pool.stats().connecting() == 0) {
            var unused = pool.connectionAsync("a");
        }
        clock.advance(Duration.ofSeconds(1));
    }

    @Override
    public List<String> settle() {
        executor.runAll();
        if (pool.stats().leased() != 1) {
            wrong.add("the connect is not what the request got");
        }
        return wrong;
    }

    @Override
    public long repaired() {
        return pool.stats().repaired();
    }
}
