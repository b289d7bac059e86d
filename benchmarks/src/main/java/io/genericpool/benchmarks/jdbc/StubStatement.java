package io.genericpool.benchmarks.jdbc;

import java.sql.ResultSet;
import org.apache.commons.dbcp2.DelegatingStatement;

/** A statement of a {@link StubConnection}. */
final class StubStatement extends DelegatingStatement {
    private final StubConnection connection;
    private boolean closed;

    StubStatement(StubConnection connection) {
        super(null, null);
        this.connection = connection;
    }

    @Override
    public ResultSet executeQuery(String sql) {
        return connection.query();
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

    @Override
    @SuppressWarnings({"removal", "Finalize"})
    protected void finalize() {}
}
