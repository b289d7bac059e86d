package io.genericpool.fleet.jdbc;

import io.genericpool.support.Nanos;
import io.genericpool.support.PoolThreads;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Gets connections of a {@code DataSource} within a time. A driver may wait for ever for a server that has accepted a
 * connection and says nothing, because its timeouts are off by default. Such an attempt is left to its daemon. Thread-safe.
 */
final class Connector {
    /** How many attempts may be left to hang. */
    private static final int MOST_HANGING = 16;

    private final DataSource source;
    private final long timeout;
    private final ThreadFactory threads = PoolThreads.named("fleet-jdbc-connect");
    private final Semaphore attempts = new Semaphore(MOST_HANGING);

    Connector(DataSource source, long timeout) {
        this.source = source;
        this.timeout = timeout;
    }

    Connection connect() throws SQLException {
        if (!attempts.tryAcquire()) {
            throw new SQLTimeoutException(
                    MOST_HANGING + " attempts to connect hang, which is the most; set loginTimeout "
                            + "and socketTimeout of the DataSource");
        }
        var attempt = new CompletableFuture<Connection>();
        threads.newThread(() -> connect(attempt)).start();
        try {
            return attempt.get(timeout, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw asSqlException(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            CompletableFuture<Connection> unused = attempt.whenComplete((late, failure) -> Ledger.end(late));
            throw new SQLTimeoutException("no connection within " + Nanos.text(Nanos.toDuration(timeout)), "08001", e);
        }
    }

    private void connect(CompletableFuture<Connection> attempt) {
        try {
            attempt.complete(source.getConnection());
        } catch (Throwable e) {
            attempt.completeExceptionally(e);
        } finally {
            attempts.release();
        }
    }

    private static SQLException asSqlException(@Nullable Throwable failure) {
        return failure instanceof SQLException known ? known : new SQLException("no connection", "08001", failure);
    }
}
