package io.genericpool.jdbc;

/**
 * What a database is used for. An endpoint or a group may name the role that a database must have. The manager then asks
 * the database after each connection attempt and at each aliveness check. See {@link JdbcEndpoint#role}.
 */
public enum DatabaseRole {
    /** The database accepts writes: a primary, also called leader or source. */
    WRITER("accepts writes"),
    /** The database is read-only: a replica, also called standby or secondary. */
    READER("is read-only");

    /** For messages. */
    final String behaviour;

    DatabaseRole(String behaviour) {
        this.behaviour = behaviour;
    }
}
