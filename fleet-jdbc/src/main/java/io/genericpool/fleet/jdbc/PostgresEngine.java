package io.genericpool.fleet.jdbc;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.support.Nanos;
import io.genericpool.support.PoolThreads;
import io.genericpool.support.SerialCalls;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Keeps the ledger in PostgreSQL 13 or newer. One call is one function, with the server's clock, in a transaction of its
 * own. It locks the row of its fleet first and nothing else before, so calls of one fleet follow each other, and no
 * deadlock is possible.
 *
 * <p>A thread of its own makes the calls, one at a time, over one connection that it keeps. If the driver is PostgreSQL's
 * own, a second thread reads hints (LISTEN and NOTIFY) over a second connection, from the first {@link #subscribe} on.
 * Both threads are daemons. Both connections are ended, not returned, when they have failed and by {@link #close}: give a
 * {@code DataSource} without a pool, or one whose pool has two to spare.
 *
 * <p>After a restart or a failover, the ledger learns for one lease: a standby that was promoted may lack what was granted
 * last.
 *
 * <p>Thread-safe.
 */
public final class PostgresEngine implements FleetEngine {
    private static final int MOST_CALLS = 10_000;

    private final Ledger ledger;
    private final long timeout;
    private final SerialCalls calls;
    private final @Nullable HintReader hints;

    PostgresEngine(DataSource source, String schema, long timeout) {
        this(new Ledger(source, schema, timeout, Ledger.SOURCE), timeout);
    }

    /** Tests give a ledger that tells the time otherwise. */
    PostgresEngine(Ledger ledger, long timeout) {
        this.ledger = ledger;
        this.timeout = timeout;
        this.calls = new SerialCalls("fleet-jdbc-calls", timeout, MOST_CALLS);
        this.hints = hasDriver() ? new HintReader(ledger, PoolThreads.named("fleet-jdbc-hints")) : null;
    }

    /** It is optional. */
    private static boolean hasDriver() {
        try {
            return PGConnection.class.isInterface();
        } catch (NoClassDefFoundError e) {
            return false;
        }
    }

    /**
     * Returns a builder.
     *
     * @param source gives connections to the database. The user needs the right to use the schema; {@link #install}
     *     needs more
     * @return the builder
     */
    public static PostgresEngineBuilder builder(DataSource source) {
        return new PostgresEngineBuilder(Objects.requireNonNull(source, "source"));
    }

    /**
     * Creates the schema, its tables and its functions, as far as they are missing, and replaces functions of an older
     * version. Several processes may do so at once. Waits for the database, on the caller's thread. The user needs the
     * right to create a schema, or to own it.
     *
     * @throws SQLException if the database refuses, or cannot be reached
     */
    public void install() throws SQLException {
        ledger.install();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A batch that PostgreSQL cannot hold fails with an {@link IllegalArgumentException}: a name with the character 0,
     * names of fleet, session and endpoint with more than 2,000 bytes together, or a lease of more than 1,000 days.
     */
    @Override
    public CompletionStage<Reply> sync(Batch batch) {
        Objects.requireNonNull(batch, "batch");
        try {
            BatchBounds.check(batch);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        return calls.call(() -> ledger.step(batch));
    }

    @Override
    public Subscription subscribe(String fleet, String session, HintListener listener) {
        Objects.requireNonNull(listener, "listener");
        HintReader reader = hints;
        return reader == null ? () -> {} : reader.add(fleet, session, listener);
    }

    @Override
    public void close() {
        calls.close();
        HintReader reader = hints;
        if (reader != null) {
            reader.close();
        }
        ledger.close();
    }

    @Override
    public String toString() {
        return "ledger in PostgreSQL in " + ledger.schema() + ", timeout " + Nanos.text(Nanos.toDuration(timeout));
    }
}
