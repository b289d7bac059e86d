package io.genericpool.fleet.jdbc;

import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.testkit.FleetEngineContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The contract of all engines, on a real server in real time. */
class PostgresEngineContractTest extends FleetEngineContract {
    private static PostgresServer postgres;
    private final PostgresEngine engine = newEngine();

    private static PostgresEngine newEngine() {
        return PostgresEngine.builder(postgres.source())
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new PostgresServer();
        try (PostgresEngine engine = newEngine()) {
            engine.install();
            engine.install(); // again does no harm
        }
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
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
            postgres.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void start(boolean withData) {
        try {
            postgres.start();
            if (!withData) {
                postgres.execute("drop schema genericpool cascade");
                engine.install();
            }
        } catch (IOException | SQLException e) {
            throw new AssertionError(e);
        }
    }
}
