package io.genericpool.fleet.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;

/** The time of a ledger as a row that a test sets, in place of the server's clock. */
final class SetTime {
    private final PostgresServer postgres;
    private long now = 1_000_000_000_000_000L;

    SetTime(PostgresServer postgres) throws SQLException {
        this.postgres = postgres;
        postgres.execute("create table moment (now bigint); insert into moment values (" + now + ")");
    }

    /** The functions that read it. */
    static String in(String source) {
        String changed = source.replace(
                "(extract(epoch from clock_timestamp()) * 1000000)::bigint", "(select m.now from public.moment m)");
        assertThat(changed).isNotEqualTo(source);
        return changed;
    }

    void pass(Duration time) {
        now += time.toNanos() / 1_000;
        try {
            postgres.execute("update moment set now = " + now);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
