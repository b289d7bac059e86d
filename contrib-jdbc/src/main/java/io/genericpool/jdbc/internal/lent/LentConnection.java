package io.genericpool.jdbc.internal.lent;

import io.genericpool.Lease;
import io.genericpool.jdbc.internal.driver.SqlStates;
import io.genericpool.jdbc.internal.session.Session;
import io.genericpool.jdbc.internal.session.SessionChanges;
import io.genericpool.spi.LeaseScope;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.Executor;
import org.apache.commons.dbcp2.AbandonedTrace;
import org.jspecify.annotations.Nullable;

/**
 * A connection as seen by one lease, with notes of what its holder did that the next one must not see.
 *
 * <p>Whether a transaction is open is not asked but followed: outside of autocommit mode, everything that may have sent
 * something to the database since the last commit or rollback counts. It errs on the side of a rollback too many.
 */
public final class LentConnection extends SettingsConnection {
    /** Which lease of its connection this is for. */
    final long number;

    private final PhysicalConnection physical;
    private final LeaseScope scope;
    private final boolean resetsOnClose;
    /** Present when this view was got from a {@code DataSource}: closing it ends the lease. */
    private @Nullable Lease<?, ?> lease;

    /** The connection knows of this view. */
    private boolean noted;
    /** Something was executed at all. */
    private boolean used;
    /** Something may be executed without passing through here. */
    private boolean alwaysTouched;
    /** A transaction was begun by SQL text, which JDBC does not know of. */
    private boolean begunBySql;

    LentConnection(PhysicalConnection physical, long number, Session session, LeaseScope scope, boolean resetsOnClose) {
        super(session);
        this.physical = physical;
        this.number = number;
        this.scope = scope;
        this.resetsOnClose = resetsOnClose;
    }

    /** By the one who has just acquired it. */
    public void closesLease(Lease<?, ?> ended) {
        lease = ended;
    }

    // ---- the end of the lease

    @Override
    public void close() {
        Lease<?, ?> held = lease;
        if (held == null) {
            setClosedInternal(true);
        } else if (resetsOnClose && !session.isDead() && scope.isActive() && needsReset()) {
            resetAndRelease(held);
        } else {
            held.release();
        }
    }

    /** What another thread does meanwhile is noted again, and left to the reset after the release. */
    private void resetAndRelease(Lease<?, ?> held) {
        try {
            reset();
            held.release();
        } catch (SQLException e) {
            session.noteFailure(e, wasMadeReadOnly());
            held.invalidate(e);
        } catch (RuntimeException e) {
            held.invalidate(e);
        } catch (Error e) {
            held.invalidate(e);
            throw e;
        }
    }

    private boolean hasEnded() {
        return !scope.isActive() || isClosedInternal();
    }

    @Override
    public void checkLeased() throws SQLException {
        if (hasEnded()) {
            throw new SQLException(
                    "the connection to " + session.endpoint() + " was closed by its holder, or its pool was",
                    SqlStates.NO_CONNECTION);
        }
        note();
    }

    /** What may leave something for the reset must be known to the connection, which has nothing else to find it by. */
    private void note() {
        if (!noted) {
            noted = true;
            physical.isUsedBy(this);
        }
    }

    @Override
    protected void checkOpen() throws SQLException {
        checkLeased();
    }

    @Override
    public void checkStatement(boolean closed) throws SQLException {
        checkLeased();
        if (closed) {
            throw new SQLException("the statement was closed", SqlStates.BAD_STATE);
        }
    }

    @Override
    public boolean isClosed(Statement opened) throws SQLException {
        try {
            return opened.isClosed();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void closeStatement(AbandonedTrace statement, Statement opened) throws SQLException {
        removeTrace(statement);
        try {
            opened.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        if (hasEnded()) {
            return true;
        }
        try {
            return raw.isClosed();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // DBCP has one with a Duration beside it; this one is JDBC's
    public boolean isValid(int seconds) throws SQLException {
        if (seconds < 0) {
            throw new SQLException("timeout must not be negative, but is " + seconds);
        }
        if (hasEnded()) {
            return false;
        }
        note();
        touched = true;
        boolean valid = askIfValid(seconds);
        if (!valid) {
            session.dead(new SQLException("isValid returned false", SqlStates.NO_CONNECTION));
        }
        return valid;
    }

    private boolean askIfValid(int seconds) throws SQLException {
        try {
            return raw.isValid(seconds);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Ends the lease at once: nothing is reset on what has been aborted, since that would wait for what is under way. */
    @Override
    public void abort(Executor executor) throws SQLException {
        if (!hasEnded()) {
            session.dead(new SQLException("the holder aborted the connection", SqlStates.NO_CONNECTION));
            try {
                raw.abort(executor);
            } finally {
                close();
            }
        }
    }

    @Override
    public SQLException failed(SQLException e) {
        session.noteFailure(e, wasMadeReadOnly());
        return e;
    }

    /** DBCP's way to {@link #failed}. */
    @Override
    protected void handleException(SQLException e) throws SQLException {
        throw failed(e);
    }

    // ---- what is left for the reset

    public boolean wasUsed() {
        return used || changes != null;
    }

    public boolean needsReset() {
        return hasOpenTransaction() || hasOpenStatements() || (changes != null && !changes.isEmpty());
    }

    public boolean hasOpenTransaction() {
        return begunBySql || (!autoCommit && (touched || alwaysTouched || hasOpenStatements()));
    }

    /** Makes the session what it was before this lease; waits for the database. */
    public void reset() throws SQLException {
        boolean open = hasOpenTransaction();
        SessionChanges made = changes;
        boolean unknown = isAnythingUnknown();
        touched = false;
        alwaysTouched = false;
        closeStatements();
        if (unknown) {
            autoCommit = raw.getAutoCommit();
        }
        if (begunBySql) {
            rollBackByText();
        }
        if (!autoCommit && (open || unknown)) {
            raw.rollback();
        }
        if (made != null) {
            made.undo(raw);
            changes = null;
        }
        begunBySql = false;
        autoCommit = session.state().autoCommit();
        readOnly = null;
        session.clearWarnings();
        used = false;
    }

    /**
     * First as the transaction was begun, since some drivers refuse their own calls inside of one that they do not know of.
     * Where there is none any more, or the database has no such text, that fails. Then by JDBC's calls, which also put the
     * database's autocommit mode right, should a text have changed that.
     */
    private void rollBackByText() throws SQLException {
        try (Statement statement = raw.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            if (session.isGone().test(e)) {
                throw e;
            }
        }
        raw.setAutoCommit(false);
        raw.rollback();
        raw.setAutoCommit(autoCommit);
    }

    // ---- transactions

    /** DBCP's statements call this before they execute anything. */
    @Override
    protected void setLastUsed() {
        used = true;
        touched = true;
    }

    @Override
    public void outlivesTransaction() {
        alwaysTouched = true;
    }

    /** In whatever mode: the mode may change before the text is executed, or before the transaction ends. */
    @Override
    @Nullable
    public String executes(@Nullable String sql) {
        if (SqlText.beginsTransaction(sql)) {
            begunBySql = true;
        }
        return sql;
    }

    /** What was opened or asked for here may talk to the database later on. */
    private <T> T reaching(T result) {
        alwaysTouched = true;
        return result;
    }

    @Override
    public <T> T exposed(Object self, T unwrapped) {
        if (unwrapped != self) {
            note();
            changes().becomeUnknown();
        }
        return unwrapped;
    }

    @Override
    public void commit() throws SQLException {
        super.commit();
        touched = false;
    }

    @Override
    public void rollback() throws SQLException {
        super.rollback();
        touched = false;
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        touched = true;
        super.rollback(savepoint);
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        touched = true;
        return super.setSavepoint();
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        touched = true;
        return super.setSavepoint(name);
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        checkLeased();
        try {
            return reaching(LentMetaData.of(this, raw.getMetaData()));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public Blob createBlob() throws SQLException {
        return reaching(super.createBlob());
    }

    @Override
    public Clob createClob() throws SQLException {
        return reaching(super.createClob());
    }

    @Override
    public NClob createNClob() throws SQLException {
        return reaching(super.createNClob());
    }

    @Override
    public SQLXML createSQLXML() throws SQLException {
        return reaching(super.createSQLXML());
    }

    @Override
    public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
        touched = true;
        return super.createArrayOf(typeName, elements);
    }

    // ---- what is underneath

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        checkOpen();
        return exposed(this, super.unwrap(type));
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        checkOpen();
        return super.isWrapperFor(type);
    }

    @Override
    public Connection getDelegate() {
        return exposed(this, super.getDelegate());
    }

    @Override
    public Connection getInnermostDelegate() {
        return exposed(this, super.getInnermostDelegate());
    }

    /** Without the URL, which DBCP would ask the database for. */
    @Override
    public synchronized String toString() {
        return "connection to " + session.endpoint() + (hasEnded() ? ", closed" : "");
    }
}
