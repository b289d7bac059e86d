package io.genericpool.fleet.redis;

import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.testkit.FleetEngineContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The contract of all engines, on a real server in real time. */
class RedisEngineContractTest extends FleetEngineContract {
    private static RedisProcess redis;
    private final RedisEngine engine =
            RedisEngine.builder(redis.uri()).timeout(Duration.ofSeconds(5)).build();

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
    }

    @Override
    protected FleetEngine engine() {
        return engine;
    }

    /** The server's clock is the system's, so its time passes as that does. */
    @Override
    protected void pass(Duration time) {
        long start = System.nanoTime();
        long left = time.toNanos();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = time.toNanos() - (System.nanoTime() - start);
        }
    }

    @Override
    protected Duration lease() {
        return Duration.ofSeconds(2);
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
    }
}
