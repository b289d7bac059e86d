package io.genericpool.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import org.apache.commons.dbcp2.AbandonedTrace;
import org.apache.commons.dbcp2.DelegatingStatement;

/**
 * A statement of one lease. It takes from DBCP what passes on its calls, and
 * does without what DBCP needs for other purposes and what takes the larger part of the time: a list of the result sets,
 * which a driver closes with their statement, and a finalizer.
 */
final class LentStatement extends DelegatingStatement {
    private final LentConnection view;
    private volatile boolean closed;

    LentStatement(LentConnection view, Statement statement) {
        super(view, statement);
        this.view = view;
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        view.executes(sql);
        return super.execute(sql);
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
        view.executes(sql);
        return super.executeUpdate(sql);
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
