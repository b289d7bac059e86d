package io.genericpool.jdbc.internal.driver;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolException;
import io.genericpool.support.CauseChain;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** Errors of the pool as users of a {@code DataSource} know them; the pool's own is the cause. */
public final class SqlFailures {
    private SqlFailures() {}

    public static SQLException of(PoolException e) {
        if (e instanceof PoolClosedException) {
            return closed(e);
        }
        if (e instanceof AcquireInterruptedException) {
            // Not a transient one: a caller that retries on that would do so for ever, because the flag stays set.
            return new SQLException(e.getMessage(), SqlStates.NO_CONNECT, e);
        }
        SQLException database = databaseFailure(e);
        if (database == null) {
            return new SQLTransientConnectionException(e.getMessage(), SqlStates.NO_CONNECT, e);
        }
        String state = database.getSQLState() == null ? SqlStates.NO_CONNECT : database.getSQLState();
        return SqlStates.isPermanent(state)
                ? new SQLNonTransientConnectionException(e.getMessage(), state, database.getErrorCode(), e)
                : new SQLTransientConnectionException(e.getMessage(), state, database.getErrorCode(), e);
    }

    public static SQLException closed(RuntimeException e) {
        return new SQLNonTransientConnectionException(e.getMessage(), SqlStates.NO_CONNECTION, e);
    }

    /** What the database said, if that is why there is no connection. */
    private static @Nullable SQLException databaseFailure(PoolException e) {
        return CauseChain.find(e.getCause(), SQLException.class);
    }
}
