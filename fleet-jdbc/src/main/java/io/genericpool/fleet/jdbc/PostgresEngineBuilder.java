package io.genericpool.fleet.jdbc;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Builds a {@link PostgresEngine}. Not thread-safe. */
public final class PostgresEngineBuilder {
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private final DataSource source;
    private String schema = "genericpool";
    private Duration timeout = Duration.ofSeconds(2);

    PostgresEngineBuilder(DataSource source) {
        this.source = source;
    }

    /**
     * Sets the schema that the ledger's tables and functions are in. Default: {@code genericpool}.
     *
     * @param value 1 to 63 small letters, digits and underscores, no digit first; equal in all processes
     * @return this
     */
    public PostgresEngineBuilder schema(String value) {
        if (!SCHEMA.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "schema must be 1 to 63 small letters, digits and underscores, and begin "
                            + "with no digit, but is '" + value + "'");
        }
        schema = value;
        return this;
    }

    /**
     * Sets how long a call may take, with the time that it waits for calls before it and for a new connection. Then it
     * fails. The server ends the step as well. An attempt to connect that takes longer is left to a thread of its own until
     * the {@code DataSource} gives up; set its timeouts too, because there are 16 such threads at most. Default: 2 s.
     *
     * @param value 10 ms to 1 h; less than the heartbeat of the fleet
     * @return this
     */
    public PostgresEngineBuilder timeout(Duration value) {
        Objects.requireNonNull(value, "timeout");
        if (value.compareTo(Duration.ofMillis(10)) < 0 || value.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be 10 ms to " + Nanos.text(LONGEST_TIMEOUT) + ", but is " + Nanos.text(value));
        }
        timeout = value;
        return this;
    }

    /**
     * Builds the engine. This opens no connection and creates nothing: call {@link PostgresEngine#install} once.
     *
     * @return a new engine
     */
    public PostgresEngine build() {
        return new PostgresEngine(source, schema, timeout.toNanos());
    }
}
