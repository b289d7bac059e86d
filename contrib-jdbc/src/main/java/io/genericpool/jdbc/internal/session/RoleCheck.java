package io.genericpool.jdbc.internal.session;

import java.sql.Connection;
import java.sql.SQLException;

/** Whether a database has the role that its endpoint requires. */
public interface RoleCheck {
    /** Whether the database is asked at all. */
    boolean asks();

    /**
     * Asks the database. The question may begin a transaction. When it has another role, the other connections of the
     * endpoint become suspects.
     *
     * @throws SQLException when it has another role
     */
    void check(Connection raw) throws SQLException;

    /**
     * Whether a failed statement shows that the database has another role. The driver is not asked.
     *
     * @param readOnly whether the session was made read-only by its holder or its endpoint
     */
    boolean contradicts(SQLException failure, boolean readOnly);

    /** The other connections of the endpoint are to be checked before they are lent again. */
    void suspectAll();

    /** The session is in a pool, which hears when another one is found at a database in another role. */
    void joined(Session session);

    /** The session leaves its pool. Does nothing when it has not joined. */
    void left(Session session);
}
