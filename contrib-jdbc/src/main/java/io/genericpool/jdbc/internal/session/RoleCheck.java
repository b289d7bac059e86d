package io.genericpool.jdbc.internal.session;

import java.sql.Connection;
import java.sql.SQLException;

/** Whether a database has the role that its endpoint requires. */
public interface RoleCheck {
    /** Whether the database is asked at all. */
    boolean asks();

    /** Asks the database. The question may begin a transaction. @throws SQLException when it has another role */
    void check(Connection raw) throws SQLException;

    /** Whether a failed statement shows that the database has another role. */
    boolean contradicts(SQLException failure, Connection raw);
}
