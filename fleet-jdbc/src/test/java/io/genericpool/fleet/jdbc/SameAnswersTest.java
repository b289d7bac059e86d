package io.genericpool.fleet.jdbc;

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

/** The function and the ledger inside the process answer the same batches in the same way, at times that a test sets. */
class SameAnswersTest {
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(20);
    private static PostgresServer postgres;
    private static SetTime time;

    private final FakePoolClock clock = new FakePoolClock();

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new PostgresServer();
        time = new SetTime(postgres);
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void whateverIsSaid(long seed) throws Exception {
        try (var engine = new PostgresEngine(
                        new Ledger(postgres.source(), "seed_" + seed, TIMEOUT, SetTime.in(Ledger.SOURCE)), TIMEOUT);
                var reference = new InProcessEngine(clock)) {
            engine.install();
            reference.stop();
            reference.start(false); // as the one in PostgreSQL: it may have been lost
            new FleetEngineComparison(engine, reference, this::pass, seed).play(3_000);
        }
    }

    private void pass(Duration passed) {
        clock.advance(passed);
        time.pass(passed);
    }
}
