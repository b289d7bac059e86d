package io.genericpool.jdbc;

import java.sql.Connection;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The part of a view that changes settings of the session, and notes which. */
abstract class SettingsConnection extends StatementsConnection {
    private final Connection raw;
    private final SessionState state;

    /** As JDBC knows it; the driver is not asked. */
    boolean autoCommit;
    /** Something was executed since the last commit or rollback. */
    boolean touched;
    /** Null while nothing was changed. */
    @Nullable
    SessionChanges changes;

    SettingsConnection(Connection raw, SessionState state) {
        super(raw);
        this.raw = raw;
        this.state = state;
        this.autoCommit = state.autoCommit();
    }

    final SessionChanges changes() {
        SessionChanges made = changes;
        if (made == null) {
            made = new SessionChanges(state);
            changes = made;
        }
        return made;
    }

    /** Whether what was followed here may have been changed elsewhere. */
    final boolean isAnythingUnknown() {
        SessionChanges made = changes;
        return made != null && made.isAnythingUnknown();
    }

    private interface Setter {
        void set() throws SQLException;
    }

    private void change(int setting, @Nullable Object value, Setter setter) throws SQLException {
        checkOpen();
        SessionChanges made = changes();
        made.begin(setting);
        touched = true;
        try {
            setter.set();
        } catch (SQLException e) {
            handleException(e);
        }
        made.end(setting, value);
    }

    private interface Getter<T> {
        T get() throws SQLException;
    }

    /** Of the driver each time, as SQL text may have changed it: DBCP would keep the first answer. */
    private <T> T asked(Getter<T> getter) throws SQLException {
        checkOpen();
        try {
            return getter.get();
        } catch (SQLException e) {
            handleException(e);
            throw e;
        }
    }

    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        boolean wasTouched = touched;
        change(SessionChanges.AUTO_COMMIT, value, () -> raw.setAutoCommit(value));
        // By the contract of JDBC an open transaction was committed, if this has changed anything.
        touched = wasTouched && autoCommit == value;
        autoCommit = value;
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        checkOpen();
        return isAnythingUnknown() ? raw.getAutoCommit() : autoCommit;
    }

    @Override
    public void setReadOnly(boolean value) throws SQLException {
        change(SessionChanges.READ_ONLY, value, () -> raw.setReadOnly(value));
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        change(SessionChanges.ISOLATION, level, () -> raw.setTransactionIsolation(level));
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return asked(raw::isReadOnly);
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        touched = true;
        return asked(raw::getTransactionIsolation);
    }

    @Override
    public void setCatalog(String catalog) throws SQLException {
        change(SessionChanges.CATALOG, catalog, () -> raw.setCatalog(catalog));
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        change(SessionChanges.SCHEMA, schema, () -> raw.setSchema(schema));
    }

    @Override
    public String getCatalog() throws SQLException {
        return asked(raw::getCatalog);
    }

    @Override
    public String getSchema() throws SQLException {
        touched = true;
        return asked(raw::getSchema);
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        outlivesTransaction();
        change(SessionChanges.HOLDABILITY, holdability, () -> raw.setHoldability(holdability));
    }

    @Override
    public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
        change(SessionChanges.NETWORK_TIMEOUT, milliseconds, () -> raw.setNetworkTimeout(executor, milliseconds));
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        checkOpen();
        changes().beginTypeMap(raw);
        super.setTypeMap(map);
    }

    @Override
    public void setClientInfo(String name, String value) throws SQLClientInfoException {
        beginClientInfo();
        super.setClientInfo(name, value);
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        beginClientInfo();
        super.setClientInfo(properties);
    }

    private void beginClientInfo() throws SQLClientInfoException {
        try {
            checkOpen();
            changes().beginClientInfo(raw);
            touched = true;
        } catch (SQLException e) {
            throw new SQLClientInfoException(e.getMessage(), e.getSQLState(), Map.of(), e);
        }
    }
}
