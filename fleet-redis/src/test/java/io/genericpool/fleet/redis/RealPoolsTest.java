package io.genericpool.fleet.redis;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.WhenUnreachable;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.testkit.fleet.FleetPoolsContract;
import io.genericpool.testkit.fleet.MemberKnobs;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Pools that share a cap through a real Redis, and the faults of it. */
class RealPoolsTest extends FleetPoolsContract {
    private static RedisProcess redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new RedisProcess();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @Override
    protected FleetEngine engine(int port) {
        return RedisEngine.builder(URI.create("redis://127.0.0.1:" + port))
                .timeout(Duration.ofMillis(900))
                .build();
    }

    @Override
    protected ConnectionPool<String, Socket> pool(ConnectionManager<String, Socket> manager, MemberKnobs knobs) {
        FleetLimits<String> limits = FleetLimits.<String>builder(knobs.engine())
                .name(knobs.fleet())
                .cap(endpoint -> knobs.cap())
                .lease(knobs.lease())
                .grace(knobs.grace())
                .heartbeat(knobs.heartbeat())
                .whenUnreachable(knobs.keep() ? WhenUnreachable.KEEP : WhenUnreachable.NONE)
                .build();
        return ConnectionPools.builder(manager)
                .clock(knobs.clock())
                .minIdle(knobs.minIdle())
                .maxSize(knobs.maxSize())
                .sharedLimits(limits)
                .build();
    }

    @Override
    protected int port() {
        return redis.port();
    }

    @Override
    protected void kill() throws IOException {
        redis.kill();
    }

    @Override
    protected void start(boolean withData) throws IOException {
        if (!withData) {
            redis.loseData();
        }
        redis.start();
    }

    @Override
    protected void pause() throws Exception {
        redis.signal("STOP");
    }

    @Override
    protected void resume() throws Exception {
        redis.signal("CONT");
    }
}
