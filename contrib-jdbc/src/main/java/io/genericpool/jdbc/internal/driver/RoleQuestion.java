package io.genericpool.jdbc.internal.driver;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks a database whether it accepts writes. Only databases whose question is known are asked. */
public final class RoleQuestion {
    /**
     * A standby is read-only, and so is a server whose sessions begin read-only by its own configuration. A session that was
     * made read-only by its client says nothing about the server. Its {@code reset_val} is the server's.
     */
    private static final String POSTGRESQL = """
        select case
          when pg_is_in_recovery() then 1
          when current_setting('default_transaction_read_only') = 'off' then 0
          when exists (select 1 from pg_settings
            where name = 'default_transaction_read_only' and reset_val = 'on') then 1
          else 0 end\
        """;

    /** The second one is set on replicas of Aurora, and on servers without a disk to write to. */
    private static final String MYSQL = "select @@global.read_only, @@global.innodb_read_only";

    /** MariaDB has words in place of numbers from version 12 on. */
    private static final Set<String> OFF = Set.of("0", "OFF");

    private RoleQuestion() {}

    /** Null when this database cannot tell. May leave a transaction open, unless the connection is in autocommit mode. */
    public static @Nullable Boolean isReadOnly(Connection raw) throws SQLException {
        String question = question(raw.getMetaData().getDatabaseProductName());
        if (question == null) {
            return null;
        }
        try (Statement statement = raw.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            return answer.next() ? isAnyOn(answer) : null;
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

    private static @Nullable String question(@Nullable String product) {
        return switch (product == null ? "" : product) {
            case "PostgreSQL" -> POSTGRESQL;
            case "MySQL", "MariaDB" -> MYSQL;
            default -> null;
        };
    }

    private static boolean isAnyOn(ResultSet answer) throws SQLException {
        for (int i = 1; i <= answer.getMetaData().getColumnCount(); i++) {
            if (!OFF.contains(answer.getString(i))) {
                return true;
            }
        }
        return false;
    }
}
