package io.genericpool.fleet.jdbc;

import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.testkit.FleetEngineContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The contract of all engines, on a real server whose time the test sets. The other tests take its own. */
class PostgresEngineContractTest extends FleetEngineContract {
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(10);
    private static PostgresServer postgres;
    private static SetTime time;

    private final PostgresEngine engine = newEngine();

    private static PostgresEngine newEngine() {
        return new PostgresEngine(
                new Ledger(postgres.source(), "genericpool", TIMEOUT, SetTime.in(Ledger.SOURCE)), TIMEOUT);
    }

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new PostgresServer();
        time = new SetTime(postgres);
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
