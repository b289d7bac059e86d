package io.genericpool.benchmarks.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.dbcp2.DelegatingConnection;

/** A connection to nothing, which answers at once or after a fixed time: what is left to be measured is the pool. */
final class StubConnection extends DelegatingConnection<Connection> {
    private final long queryNanos;
    private boolean autoCommit = true;
    private boolean closed;
    private int networkTimeout;

    StubConnection(long queryNanos) {
        super(null);
        this.queryNanos = queryNanos;
    }

    @Override
    public Statement createStatement() {
        return new StubStatement(this);
    }

    ResultSet query() {
        if (queryNanos > 0) {
            long until = System.nanoTime() + queryNanos;
            for (long left = queryNanos; left > 0; left = until - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
        return StubResult.newResult();
    }

    static StubConnection open(long queryMicros) {
        return new StubConnection(TimeUnit.MICROSECONDS.toNanos(queryMicros));
    }

    @Override
    public void setAutoCommit(boolean value) {
        autoCommit = value;
    }

    @Override
    public boolean getAutoCommit() {
        return autoCommit;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public void setReadOnly(boolean value) {}

    @Override
    public int getTransactionIsolation() {
        return Connection.TRANSACTION_READ_COMMITTED;
    }

    @Override
    public String getCatalog() {
        return "stub";
    }

    @Override
    public String getSchema() {
        return "public";
    }

    @Override
    public int getHoldability() {
        return ResultSet.CLOSE_CURSORS_AT_COMMIT;
    }

    @Override
    public int getNetworkTimeout() {
        return networkTimeout;
    }

    @Override
    public void setNetworkTimeout(Executor executor, int milliseconds) {
        networkTimeout = milliseconds;
    }

    @Override
    public SQLWarning getWarnings() {
        return null;
    }

    @Override
    public void clearWarnings() {}

    @Override
    public boolean isValid(int seconds) {
        return !closed;
    }

    @Override
    public void commit() {}

    @Override
    public void rollback() {}

    @Override
    public void abort(Executor executor) {
        closed = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public String toString() {
        return "stub";
    }
}
