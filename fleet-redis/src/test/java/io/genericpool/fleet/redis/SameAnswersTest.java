package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.fleet.InProcessEngine;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.FleetEngineComparison;
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
    private long now = 1_000_000_000_000_000L;

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
        String source =
                LedgerScript.SOURCE.replace("call('TIME')", "{ call('GET', 'seconds'), call('GET', 'micros') }");
        assertThat(source).isNotEqualTo(LedgerScript.SOURCE);
        try (var client = RedisClient.create(redis.uri());
                var engine = new RedisEngine(
                        client,
                        false,
                        new LedgerScript(client, "seed-" + seed, source),
                        TimeUnit.SECONDS.toNanos(20),
                        10);
                var reference = new InProcessEngine(clock)) {
            reference.stop();
            reference.start(false); // as the one in Redis: it may have been lost
            new FleetEngineComparison(engine, reference, time -> pass(client, time), seed).play(3_000);
        }
    }

    private void pass(RedisClient client, Duration time) {
        clock.advance(time);
        now += time.toNanos() / 1_000;
        client.set("seconds", Long.toString(now / 1_000_000));
        client.set("micros", Long.toString(now % 1_000_000));
    }
}
