package io.genericpool.jdbc;

import io.genericpool.jdbc.internal.driver.SqlStates;
import java.sql.SQLTransientConnectionException;

/**
 * The database has another role than its endpoint or group requires, for example after a failover. A connection attempt
 * fails with this exception, and an aliveness check discards the connection because of it. The SQLState is 08001.
 */
public final class DatabaseRoleException extends SQLTransientConnectionException {
    private static final long serialVersionUID = 1L;

    private final DatabaseRole required;

    DatabaseRoleException(String label, DatabaseRole required, DatabaseRole actual) {
        super(
                "the database of " + label + " must be a " + required.name().toLowerCase(java.util.Locale.ROOT)
                        + ", but " + actual.behaviour,
                SqlStates.NO_CONNECT);
        this.required = required;
    }

    /**
     * Returns the role that the endpoint or group requires.
     *
     * @return the role that the database does not have
     */
    public DatabaseRole required() {
        return required;
    }
}
