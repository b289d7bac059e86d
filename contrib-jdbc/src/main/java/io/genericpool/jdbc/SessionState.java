package io.genericpool.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The settings of a session, read once, when the connection is new: what each lease begins with. Immutable. */
@SuppressWarnings("EnumOrdinal") // one place per setting
final class SessionState {
    private final @Nullable Object[] values = new Object[Setting.values().length];

    private SessionState() {}

    /** Makes a new connection what its endpoint says, and reads what it is then. */
    static SessionState prepare(Connection raw, JdbcEndpoint endpoint, Predicate<? super SQLException> isGone)
            throws SQLException {
        // First, so that it sees the driver's defaults, and what follows is not undone by it.
        run(raw, endpoint.initSql());
        if (endpoint.readOnly != null) {
            raw.setReadOnly(endpoint.readOnly);
        }
        if (endpoint.isolation != null) {
            raw.setTransactionIsolation(endpoint.isolation);
        }
        if (endpoint.catalog != null) {
            raw.setCatalog(endpoint.catalog);
        }
        if (endpoint.schema != null) {
            raw.setSchema(endpoint.schema);
        }
        if (endpoint.autoCommit != null) {
            raw.setAutoCommit(endpoint.autoCommit);
        }
        SessionState state = read(raw, isGone);
        if (!state.autoCommit()) {
            raw.commit(); // what was set and read above may have begun a transaction
        }
        return state;
    }

    private static void run(Connection raw, List<String> statements) throws SQLException {
        if (statements.isEmpty()) {
            return;
        }
        try (Statement statement = raw.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static SessionState read(Connection raw, Predicate<? super SQLException> isGone) throws SQLException {
        var state = new SessionState();
        for (Setting setting : Setting.values()) {
            if (setting == Setting.AUTO_COMMIT) {
                state.values[setting.ordinal()] = raw.getAutoCommit(); // the one that is not optional
            } else if (!setting.isReadLate()) {
                state.values[setting.ordinal()] = setting.read(raw, isGone);
            }
        }
        return state;
    }

    /** The value, {@link Setting#NOT_TOLD}, or null where the driver says null. */
    @Nullable
    Object value(Setting setting) {
        return values[setting.ordinal()];
    }

    /** The same with another network timeout. */
    SessionState withNetworkTimeout(Object value) {
        var copy = new SessionState();
        System.arraycopy(values, 0, copy.values, 0, values.length);
        copy.values[Setting.NETWORK_TIMEOUT.ordinal()] = value;
        return copy;
    }

    boolean autoCommit() {
        return Boolean.TRUE.equals(value(Setting.AUTO_COMMIT));
    }
}
