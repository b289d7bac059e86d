package io.genericpool.jdbc;

import java.sql.CallableStatement;
import java.sql.SQLException;
import org.apache.commons.dbcp2.AbandonedTrace;
import org.apache.commons.dbcp2.DelegatingCallableStatement;

/** A callable statement of one lease; see {@link LentStatement}. */
final class LentCallableStatement extends DelegatingCallableStatement {
    private final LentConnection view;
    private volatile boolean closed;

    LentCallableStatement(LentConnection view, CallableStatement statement) {
        super(view, statement);
        this.view = view;
    }

    @Override
    protected void checkOpen() throws SQLException {
        view.checkStatement(closed);
    }

    @Override
    public boolean isClosed() throws SQLException {
        return closed || getDelegate().isClosed();
    }

    @Override
    public void close() throws SQLException {
        if (!closed) {
            closed = true;
            view.closeStatement(this, getDelegate());
        }
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        checkOpen();
        return view.exposed(this, super.unwrap(type));
    }

    @Override
    protected void addTrace(AbandonedTrace resultSet) {}

    @Override
    protected void removeTrace(AbandonedTrace resultSet) {}

    /** Empty, so that the JVM makes no finalizer: it would keep each statement for a further collection. */
    @Override
    @SuppressWarnings({"removal", "Finalize"})
    protected void finalize() {}
}
