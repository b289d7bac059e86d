package io.genericpool.jdbc.internal.lent;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.commons.dbcp2.AbandonedTrace;
import org.jspecify.annotations.Nullable;

/** What statements and metadata know of the view that they belong to. */
abstract class StatementOwner extends CompleteConnection {
    StatementOwner(Connection raw) {
        super(raw);
    }

    /** @throws SQLException when the lease has ended */
    abstract void checkLeased() throws SQLException;

    /** @throws SQLException when the lease has ended, or the statement was closed */
    abstract void checkStatement(boolean closed) throws SQLException;

    /** Every text on its way to the driver passes here, whatever method carries it. @return the text */
    abstract @Nullable String executes(@Nullable String sql);

    /** What the driver itself has handed out may do anything. @return what was handed out */
    abstract <T> T exposed(Object self, T unwrapped);

    /** A driver's exception on its way to the holder. @return the same */
    abstract SQLException failed(SQLException e);

    /** Here again, where the statements of this package may call it. */
    @Override
    protected abstract void setLastUsed();

    /** Whether the driver has closed it. */
    abstract boolean isClosed(Statement opened) throws SQLException;

    abstract void closeStatement(AbandonedTrace statement, Statement opened) throws SQLException;
}
