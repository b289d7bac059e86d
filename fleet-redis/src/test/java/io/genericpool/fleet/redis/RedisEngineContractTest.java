package io.genericpool.fleet.redis;

import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.testkit.FleetEngineContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.RedisClient;

/** The contract of all engines, on a real server whose time the test sets. The other tests take its own. */
class RedisEngineContractTest extends FleetEngineContract {
    private static RedisProcess redis;

    private final RedisClient client = RedisClient.create(redis.uri());
    private final SetTime time = new SetTime(client);
    private final RedisEngine engine = new RedisEngine(
            client,
            false,
            new LedgerScript(client, "contract", SetTime.in(LedgerScript.SOURCE)),
            TimeUnit.SECONDS.toNanos(10),
            100);

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new RedisProcess();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @AfterEach
    void closeEngine() {
        engine.close();
        client.close();
    }

    @Override
    protected FleetEngine engine() {
        return engine;
    }

    @Override
    protected void pass(Duration passed) {
        time.pass(passed);
    }

    @Override
    protected boolean canRestart() {
        return true;
    }

    @Override
    protected void stop() {
        try {
            redis.kill();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void start(boolean withData) {
        try {
            if (!withData) {
                redis.loseData();
            }
            redis.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        time.pass(Duration.ZERO);
    }
}
