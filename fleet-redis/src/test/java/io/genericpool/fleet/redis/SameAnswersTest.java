package io.genericpool.fleet.redis;

import io.genericpool.fleet.InProcessEngine;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.fleet.FleetEngineComparison;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** The script and the ledger inside the process answer the same batches in the same way, at times that a test sets. */
class SameAnswersTest {
    private static RedisProcess redis;

    private final FakePoolClock clock = new FakePoolClock();

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new RedisProcess();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverIsSaid(long seed) throws Exception {
        try (var client = RedisClient.create(redis.uri());
                var engine = new RedisEngine(
                        client,
                        false,
                        new LedgerScript(client, "seed-" + seed, SetTime.in(LedgerScript.SOURCE)),
                        TimeUnit.SECONDS.toNanos(20),
                        10);
                var reference = new InProcessEngine(clock)) {
            reference.stop();
            reference.start(false); // as the one in Redis: it may have been lost
            var time = new SetTime(client);
            new FleetEngineComparison(engine, reference, passed -> pass(time, passed), seed).play(3_000);
        }
    }

    private void pass(SetTime time, Duration passed) {
        clock.advance(passed);
        time.pass(passed);
    }
}
