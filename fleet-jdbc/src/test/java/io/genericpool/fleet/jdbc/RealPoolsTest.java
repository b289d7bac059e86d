package io.genericpool.fleet.jdbc;

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
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Pools that share a cap through a real PostgreSQL, and the faults of it. */
class RealPoolsTest extends FleetPoolsContract {
    private static final Duration TIMEOUT = Duration.ofMillis(900);
    private static PostgresServer postgres;

    @BeforeAll
    static void startPostgres() throws IOException, SQLException {
        postgres = new PostgresServer();
        install();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    private static void install() throws SQLException {
        try (PostgresEngine engine = PostgresEngine.builder(postgres.source()).build()) {
            engine.install();
        }
    }

    @Override
    protected FleetEngine engine(int port) {
        return PostgresEngine.builder(postgres.source(port)).timeout(TIMEOUT).build();
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
        return postgres.port();
    }

    @Override
    protected void kill() throws IOException {
        postgres.kill();
    }

    @Override
    protected void start(boolean withData) throws IOException, SQLException {
        postgres.start();
        if (!withData) {
            postgres.execute("drop schema genericpool cascade");
            install();
        }
    }

    @Override
    protected void pause() throws IOException {
        postgres.signal("STOP");
    }

    @Override
    protected void resume() throws IOException {
        postgres.signal("CONT");
    }
}
