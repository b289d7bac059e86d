package io.genericpool.jdbc;

import io.genericpool.Lease;
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
final class LentConnection extends SettingsConnection {
    private final PhysicalConnection physical;
    private final Connection raw;
    private final LeaseScope scope;
    /** Present when this view was got from a {@code DataSource}: closing it ends the lease. */
    private @Nullable Lease<?, ?> lease;

    /** Something was executed at all. */
    private boolean used;
    /** Something may be executed without passing through here. */
    private boolean alwaysTouched;
    /** A transaction was begun by SQL text, which JDBC does not know of. */
    private boolean begunBySql;

    LentConnection(PhysicalConnection physical, LeaseScope scope) {
        super(physical.raw(), physical.state());
        this.physical = physical;
        this.raw = physical.raw();
        this.scope = scope;
    }

    /** By the one who has just acquired it. */
    void closesLease(Lease<?, ?> ended) {
        lease = ended;
    }

    // ---- the end of the lease

    @Override
    public void close() {
        Lease<?, ?> held = lease;
        if (held == null) {
            setClosedInternal(true);
        } else if (physical.resetsOnClose() && scope.isActive() && needsReset()) {
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
            physical.noteFailure(e);
            held.invalidate(e);
        }
    }

    private boolean hasEnded() {
        return !scope.isActive() || isClosedInternal();
    }

    void checkLeased() throws SQLException {
        if (hasEnded()) {
            throw new SQLException(
                    "the connection to " + physical.endpoint() + " was closed by its holder, or its pool was",
                    SqlStates.NO_CONNECTION);
        }
    }

    @Override
    protected void checkOpen() throws SQLException {
        checkLeased();
    }

    void checkStatement(boolean isClosed) throws SQLException {
        checkLeased();
        if (isClosed) {
            throw new SQLException("the statement was closed", SqlStates.BAD_STATE);
        }
    }

    void closeStatement(AbandonedTrace statement, Statement opened) throws SQLException {
        removeTrace(statement);
        try {
            opened.close();
        } catch (SQLException e) {
            handleException(e);
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        return hasEnded() || raw.isClosed();
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
        touched = true;
        boolean isValid = raw.isValid(seconds);
        if (!isValid) {
            physical.dead(new SQLException("isValid says no", SqlStates.NO_CONNECTION));
        }
        return isValid;
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        if (!hasEnded()) {
            physical.dead(new SQLException("aborted by its holder", SqlStates.NO_CONNECTION));
            try {
                raw.abort(executor);
            } finally {
                close();
            }
        }
    }

    /** A driver's exception on its way to the holder: one that means the end is noted at once. */
    @Override
    protected void handleException(SQLException e) throws SQLException {
        physical.noteFailure(e);
        throw e;
    }

    // ---- what is left for the reset

    boolean wasUsed() {
        return used || changes != null;
    }

    boolean needsReset() {
        return hasOpenTransaction() || hasOpenStatements() || (changes != null && !changes.isEmpty());
    }

    boolean hasOpenTransaction() {
        return begunBySql || (!autoCommit && (touched || alwaysTouched || hasOpenStatements()));
    }

    /** Makes the session what it was before this lease; waits for the database. */
    void reset() throws SQLException {
        boolean isOpen = hasOpenTransaction();
        SessionChanges made = changes;
        boolean isUnknown = isAnythingUnknown();
        touched = false;
        alwaysTouched = false;
        closeStatements();
        if (isUnknown) {
            autoCommit = raw.getAutoCommit();
        }
        if (begunBySql && autoCommit) {
            raw.setAutoCommit(false);
            raw.rollback();
            raw.setAutoCommit(true);
        } else if (!autoCommit && (isOpen || isUnknown)) {
            raw.rollback();
        }
        if (made != null) {
            made.undo(raw, physical.executor());
            changes = null;
        }
        begunBySql = false;
        autoCommit = physical.state().autoCommit();
        raw.clearWarnings();
        used = false;
    }

    // ---- transactions

    /** DBCP's statements call this before they execute anything. */
    @Override
    protected void setLastUsed() {
        used = true;
        touched = true;
    }

    @Override
    void outlivesTransaction() {
        alwaysTouched = true;
    }

    @Override
    void executes(String sql) {
        if (autoCommit && SqlText.beginsTransaction(sql)) {
            begunBySql = true;
        }
    }

    /** What was opened or asked for here may talk to the database later on. */
    private <T> T reaching(T result) {
        alwaysTouched = true;
        return result;
    }

    /** What the driver itself has handed out may do anything. */
    <T> T exposed(Object self, T unwrapped) {
        if (unwrapped != self) {
            changes().begin(SessionChanges.UNKNOWN);
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
        checkOpen();
        try {
            return reaching(LentMetaData.of(this, raw.getMetaData()));
        } catch (SQLException e) {
            handleException(e);
            throw e;
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
        return "connection to " + physical.endpoint() + (hasEnded() ? ", closed" : "");
    }
}
