package io.genericpool.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a session that JDBC knows of. Read once, when the connection is new: what each lease begins with. A
 * value that the driver does not tell is null.
 */
record SessionState(
        boolean autoCommit,
        @Nullable Boolean readOnly,
        @Nullable Integer isolation,
        @Nullable String catalog,
        @Nullable String schema,
        @Nullable Integer holdability,
        @Nullable Integer networkTimeout) {

    private interface Getter<T> {
        @Nullable
        T get() throws SQLException;
    }

    /** Makes a new connection what its endpoint says, and reads what it is then. */
    static SessionState prepare(Connection raw, JdbcEndpoint endpoint) throws SQLException {
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
        SessionState state = read(raw);
        if (!state.autoCommit) {
            raw.commit(); // what was set and read above may have begun a transaction
        }
        raw.clearWarnings();
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

    static SessionState read(Connection raw) throws SQLException {
        return new SessionState(
                raw.getAutoCommit(),
                ifSupported(raw::isReadOnly),
                ifSupported(raw::getTransactionIsolation),
                ifSupported(raw::getCatalog),
                ifSupported(raw::getSchema),
                ifSupported(raw::getHoldability),
                ifSupported(raw::getNetworkTimeout));
    }

    /** Drivers older than a method of JDBC do not have it at all. */
    private static <T> @Nullable T ifSupported(Getter<T> getter) throws SQLException {
        try {
            return getter.get();
        } catch (SQLFeatureNotSupportedException | AbstractMethodError e) {
            return null;
        }
    }
}
