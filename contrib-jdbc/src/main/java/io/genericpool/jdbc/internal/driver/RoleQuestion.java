package io.genericpool.jdbc.internal.driver;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Asks a database whether it accepts writes. Only PostgreSQL, and what speaks its language, is asked. */
public final class RoleQuestion {
    /**
     * A standby is read-only, and so is a server whose sessions begin read-only by its own configuration. A session that was
     * made read-only by its client says nothing about the server. Its {@code reset_val} is the server's.
     */
    private static final String POSTGRESQL =
            """
            select case
              when pg_is_in_recovery() then true
              when current_setting('default_transaction_read_only') = 'off' then false
              else exists (select 1 from pg_settings
                where name = 'default_transaction_read_only' and reset_val = 'on') end""";

    private RoleQuestion() {}

    /** Null when this database cannot tell. May leave a transaction open, unless the connection is in autocommit mode. */
    public static @Nullable Boolean isReadOnly(Connection raw) throws SQLException {
        if (!"PostgreSQL".equals(raw.getMetaData().getDatabaseProductName())) {
            return null;
        }
        try (Statement statement = raw.createStatement();
                ResultSet answer = statement.executeQuery(POSTGRESQL)) {
            return answer.next() ? answer.getBoolean(1) : null;
        } catch (SQLException e) {
            if (!SqlStates.saysUnknownQuestion(e)) {
                throw e;
            }
            if (!raw.getAutoCommit()) {
                raw.rollback();
            }
            return null;
        }
    }
}
