package io.genericpool.fleet.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.fleet.InProcessEngine;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.FleetEngineComparison;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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

    private final FakePoolClock clock = new FakePoolClock();
    private long now = 1_000_000_000_000_000L;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new PostgresServer();
        postgres.execute("create table moment (now bigint); insert into moment values (0)");
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void whateverIsSaid(long seed) throws Exception {
        String source = Ledger.SOURCE.replace(
                "(extract(epoch from clock_timestamp()) * 1000000)::bigint", "(select m.now from public.moment m)");
        assertThat(source).isNotEqualTo(Ledger.SOURCE);
        try (Connection connection = postgres.source().getConnection();
                PreparedStatement moment = connection.prepareStatement("update moment set now = ?");
                var engine = new PostgresEngine(
                        new Ledger(postgres.source(), "seed_" + seed, TIMEOUT, source), TIMEOUT);
                var reference = new InProcessEngine(clock)) {
            engine.install();
            reference.stop();
            reference.start(false); // as the one in PostgreSQL: it may have been lost
            new FleetEngineComparison(engine, reference, time -> pass(moment, time), seed).play(3_000);
        }
    }

    private void pass(PreparedStatement moment, Duration time) {
        clock.advance(time);
        now += time.toNanos() / 1_000;
        try {
            moment.setLong(1, now);
            moment.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
