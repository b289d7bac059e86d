package io.genericpool.jdbc.internal.driver;

import io.genericpool.support.CauseChain;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.function.Predicate;

/** What SQLStates say about a connection. */
public final class SqlStates {
    /** The client could not connect. */
    public static final String NO_CONNECT = "08001";
    /** There is no such connection (any more). */
    public static final String NO_CONNECTION = "08003";

    /** PostgreSQL's and others' word for a call in the wrong state, such as on a statement that was closed. */
    public static final String BAD_STATE = "55000";

    private static final String CONNECTION_CLASS = "08";
    /**
     * PostgreSQL: the server was told to end the session (57P01), has crashed (57P02), is not up yet (57P03), has dropped
     * its database (57P04), or has ended an idle session (57P05) or one that was too long in a transaction (25P03, 25P04).
     * Others: disconnected (01002), and Sybase's two words for it.
     */
    private static final Set<String> ENDED =
            Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04", "01002", "JZ0C0", "JZ0C1");
    /** Authorization, catalog and feature classes: trying again is no use. */
    private static final Set<String> PERMANENT_CLASSES = Set.of("28", "3D", "3F", "0A", "42");

    /** PostgreSQL's and others' word for a server that has as many connections as it takes. */
    private static final String TOO_MANY = "53300";
    /**
     * MySQL and MariaDB: too many connections (1040), as many as this user may have (1203), or as many as this user may make
     * in an hour or have at once (1226).
     */
    private static final Set<Integer> TOO_MANY_MYSQL = Set.of(1040, 1203, 1226);
    /** The states that come with those numbers, which other databases use for other things. */
    private static final Set<String> TOO_MANY_MYSQL_STATES = Set.of("08004", "42000");

    /** A write was refused because the transaction, the session or the server is read-only. */
    private static final String READ_ONLY = "25006";
    /** Of MySQL's and MariaDB's errors without a state of their own. */
    private static final String GENERAL = "HY000";
    /** MySQL and MariaDB: an option of the server forbids the statement (1290), or InnoDB takes no writes (1836). */
    private static final int FORBIDDEN_BY_OPTION = 1290;

    private static final int READ_ONLY_MODE = 1836;
    /** PostgreSQL: no such function, no such setting, or not for this user. */
    private static final Set<String> UNKNOWN_QUESTION = Set.of("42883", "42704", "42501");
    /** MySQL, MariaDB and servers with their protocol: no such system variable. */
    private static final int UNKNOWN_VARIABLE = 1193;

    private static final String UNSUPPORTED_CLASS = "0A";
    /** Driver does not support this function; optional feature not implemented. */
    private static final Set<String> UNSUPPORTED_ODBC = Set.of("IM001", "HYC00");

    private SqlStates() {}

    /** Whether an exception, or one it is chained to in whatever way, says that its connection is gone. */
    public static boolean isConnectionGone(SQLException failure) {
        return isAny(failure, SqlStates::saysGone);
    }

    private static boolean isAny(Throwable failure, Predicate<SQLException> test) {
        for (Throwable e : CauseChain.all(failure)) {
            if (e instanceof SQLException sql && test.test(sql)) {
                return true;
            }
        }
        return false;
    }

    private static boolean saysGone(SQLException e) {
        String state = e.getSQLState();
        return (state != null && (state.startsWith(CONNECTION_CLASS) || ENDED.contains(state)))
                || e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException;
    }

    /** Whether an exception, or one behind it, says that the server has as many connections as it takes. */
    public static boolean saysTooMany(Throwable failure) {
        return isAny(failure, SqlStates::isTooMany);
    }

    /** Whether an exception, or one behind it, says that nothing can be written. */
    public static boolean saysReadOnly(Throwable failure) {
        return isAny(failure, SqlStates::isReadOnly);
    }

    private static boolean isReadOnly(SQLException e) {
        if (READ_ONLY.equals(e.getSQLState())) {
            return true;
        }
        String text = e.getMessage();
        return GENERAL.equals(e.getSQLState())
                && (e.getErrorCode() == READ_ONLY_MODE
                        || (e.getErrorCode() == FORBIDDEN_BY_OPTION && text != null && text.contains("read-only")));
    }

    /**
     * Whether a question failed because this database does not know it, or does not answer it to this user. Any other
     * failure may be gone the next time.
     */
    public static boolean saysUnknownQuestion(SQLException failure) {
        String state = failure.getSQLState();
        return !saysTooMany(failure)
                && (failure.getErrorCode() == UNKNOWN_VARIABLE
                        || (state != null
                                && (UNKNOWN_QUESTION.contains(state) || state.startsWith(UNSUPPORTED_CLASS))));
    }

    /** Whether a call failed because the driver has no such feature, in one of the ways of saying so. */
    public static boolean saysUnsupported(Throwable failure) {
        if (failure instanceof SQLException sql) {
            String state = sql.getSQLState();
            return failure instanceof SQLFeatureNotSupportedException
                    || (state != null && (state.startsWith(UNSUPPORTED_CLASS) || UNSUPPORTED_ODBC.contains(state)));
        }
        return failure instanceof UnsupportedOperationException || failure instanceof LinkageError;
    }

    private static boolean isTooMany(SQLException e) {
        String state = e.getSQLState();
        return state != null
                && (state.equals(TOO_MANY)
                        || (TOO_MANY_MYSQL_STATES.contains(state) && TOO_MANY_MYSQL.contains(e.getErrorCode())));
    }

    /** Whether a connect that failed like this will fail again until a configuration changes. */
    public static boolean isPermanent(String state) {
        return state.length() >= 2 && PERMANENT_CLASSES.contains(state.substring(0, 2));
    }
}
