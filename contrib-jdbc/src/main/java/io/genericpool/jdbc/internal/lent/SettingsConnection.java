package io.genericpool.jdbc.internal.lent;

import io.genericpool.jdbc.internal.session.Session;
import io.genericpool.jdbc.internal.session.SessionChanges;
import io.genericpool.jdbc.internal.session.Setting;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.ShardingKey;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The part of a view that changes settings of the session, and notes which. */
abstract class SettingsConnection extends StatementsConnection {
    final Session session;

    /** As JDBC knows it; the driver is not asked. */
    boolean autoCommit;
    /** As it was last set by JDBC; null while nothing has set it. */
    @Nullable
    Boolean readOnly;
    /** Something was executed since the last commit or rollback. */
    boolean touched;
    /** Null while nothing was changed. */
    @Nullable
    SessionChanges changes;

    SettingsConnection(Session session) {
        super(session.raw());
        this.session = session;
        this.autoCommit = session.state().autoCommit();
    }

    /**
     * Whether the session was made read-only, or may have been by code that has the driver's own connection. The driver is not
     * asked, because some drivers ask the database.
     */
    final boolean wasMadeReadOnly() {
        Boolean set = readOnly;
        return isAnythingUnknown() || (set == null ? session.state().readOnly() : set);
    }

    final SessionChanges changes() {
        SessionChanges made = changes;
        if (made == null) {
            made = new SessionChanges(session.state(), session.isGone());
            changes = made;
        }
        return made;
    }

    /** Whether what was followed here may have been changed elsewhere. */
    final boolean isAnythingUnknown() {
        SessionChanges made = changes;
        return made != null && made.isAnythingUnknown();
    }

    /** Sets what cannot be compared, or does so by a call that says by its result whether it has. */
    private interface Attempt {
        boolean set() throws SQLException;
    }

    private void change(Setting setting, @Nullable Object value, Call setter) throws SQLException {
        attempt(setting, () -> {
            setter.make();
            return true;
        });
        changes().succeeded(setting, value);
    }

    private boolean attempt(Setting setting, Attempt setter) throws SQLException {
        checkLeased();
        SessionChanges made = changes();
        boolean changedBefore = made.has(setting);
        touched = true;
        try {
            made.begin(setting, raw);
            boolean effective = setter.set();
            made.succeeded(setting);
            return effective;
        } catch (SQLException e) {
            made.failed(setting, changedBefore, e);
            throw failed(e);
        } catch (RuntimeException | Error e) {
            made.failed(setting, changedBefore, e);
            throw e;
        }
    }

    private interface Getter<T> {
        T get() throws SQLException;
    }

    /** Of the driver each time, as SQL text may have changed it: DBCP would keep the first answer. */
    private <T> T asked(Getter<T> getter) throws SQLException {
        checkLeased();
        try {
            return getter.get();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        boolean before = touched;
        change(Setting.AUTO_COMMIT, value, () -> raw.setAutoCommit(value));
        // By the contract of JDBC an open transaction was committed, if this has changed anything.
        touched = before && autoCommit == value;
        autoCommit = value;
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        if (isAnythingUnknown()) {
            return asked(raw::getAutoCommit);
        }
        checkLeased();
        return autoCommit;
    }

    @Override
    public void setReadOnly(boolean value) throws SQLException {
        change(Setting.READ_ONLY, value, () -> raw.setReadOnly(value));
        readOnly = value;
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        change(Setting.ISOLATION, level, () -> raw.setTransactionIsolation(level));
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
        change(Setting.CATALOG, catalog, () -> raw.setCatalog(catalog));
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        change(Setting.SCHEMA, schema, () -> raw.setSchema(schema));
    }

    @Override
    public String getCatalog() throws SQLException {
        touched = true;
        return asked(raw::getCatalog);
    }

    @Override
    public String getSchema() throws SQLException {
        touched = true;
        return asked(raw::getSchema);
    }

    @Override
    public int getHoldability() throws SQLException {
        return asked(raw::getHoldability);
    }

    @Override
    public int getNetworkTimeout() throws SQLException {
        return asked(raw::getNetworkTimeout);
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        outlivesTransaction();
        change(Setting.HOLDABILITY, holdability, () -> raw.setHoldability(holdability));
    }

    /**
     * The driver is given an executor that runs on this thread in the place of the caller's: some drivers have it do the
     * work, which would then be in force at some later time, at worst in the next lease.
     */
    @Override
    public void setNetworkTimeout(@Nullable Executor executor, int milliseconds) throws SQLException {
        Executor here = executor == null ? null : Runnable::run; // what null means is for the driver to say
        change(Setting.NETWORK_TIMEOUT, milliseconds, () -> raw.setNetworkTimeout(here, milliseconds));
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        change(Setting.TYPE_MAP, map, () -> raw.setTypeMap(map));
    }

    @Override
    public void setShardingKey(ShardingKey key) throws SQLException {
        attempt(Setting.SHARDING_KEY, () -> set(() -> raw.setShardingKey(key)));
    }

    @Override
    public void setShardingKey(ShardingKey key, ShardingKey superKey) throws SQLException {
        attempt(Setting.SHARDING_KEY, () -> set(() -> raw.setShardingKey(key, superKey)));
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey key, int timeout) throws SQLException {
        return attempt(Setting.SHARDING_KEY, () -> raw.setShardingKeyIfValid(key, timeout));
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey key, ShardingKey superKey, int timeout) throws SQLException {
        return attempt(Setting.SHARDING_KEY, () -> raw.setShardingKeyIfValid(key, superKey, timeout));
    }

    private static boolean set(Call setter) throws SQLException {
        setter.make();
        return true;
    }

    @Override
    public void setClientInfo(String name, String value) throws SQLClientInfoException {
        setClientInfo(() -> raw.setClientInfo(name, value));
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        setClientInfo(() -> raw.setClientInfo(properties));
    }

    private void setClientInfo(Call setter) throws SQLClientInfoException {
        try {
            attempt(Setting.CLIENT_INFO, () -> set(setter));
        } catch (SQLClientInfoException e) {
            throw e;
        } catch (SQLException e) {
            throw new SQLClientInfoException(e.getMessage(), e.getSQLState(), Map.of(), e);
        }
    }
}
