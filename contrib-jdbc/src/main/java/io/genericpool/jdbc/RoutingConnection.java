package io.genericpool.jdbc;

import io.genericpool.jdbc.RoutingDataSource.Leased;
import io.genericpool.jdbc.internal.driver.SqlStates;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that leases when something has to reach the database. Until then it notes the three settings that begin a
 * transaction. Like a driver's connection, it may be used by several threads one after another.
 */
final class RoutingConnection implements InvocationHandler {
    private final RoutingDataSource source;
    private boolean autoCommit;
    private boolean readOnly;
    /** Null while it was not set. */
    private @Nullable Integer isolation;

    private @Nullable Leased leased;
    /** A further setting was made on the leased connection, which another one would not have. */
    private boolean furtherSettings;

    private boolean closed;

    RoutingConnection(RoutingDataSource source, boolean autoCommit) {
        this.source = source;
        this.autoCommit = autoCommit;
    }

    /** A proxy has every method of this and later versions of JDBC. */
    Connection connection() {
        return (Connection) Proxy.newProxyInstance(
                RoutingConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) throws Throwable {
        Object[] arguments = given == null ? new Object[0] : given;
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, arguments);
        }
        switch (method.getName()) {
            case "close" -> {
                close();
                return null;
            }
            case "isClosed" -> {
                return closed || (leased != null && leased.connection().isClosed());
            }
            case "isWrapperFor" -> {
                if (((Class<?>) arguments[0]).isInstance(proxy)) {
                    return true;
                }
            }
            case "unwrap" -> {
                if (((Class<?>) arguments[0]).isInstance(proxy)) {
                    return proxy;
                }
            }
            case "isValid" -> {
                if (closed) {
                    return false;
                }
            }
            default -> {}
        }
        if (method.getName().equals("abort") && leased == null) {
            closed = true;
            return null;
        }
        checkOpen();
        Leased held = leased;
        if (held == null) {
            return beforeTheLease(method, arguments);
        }
        if (method.getName().equals("setReadOnly") && mayMove(held, (Boolean) arguments[0])) {
            giveBack();
            readOnly = (Boolean) arguments[0];
            return null;
        }
        return passedOn(held, method, arguments);
    }

    private Object ofObject(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default ->
                "connection of " + source
                        + (leased == null ? ", not leased yet" : ", leased from " + leased.endpoint());
        };
    }

    private void checkOpen() throws SQLException {
        if (closed) {
            throw new SQLException("the connection was closed by its holder", SqlStates.NO_CONNECTION);
        }
    }

    private void close() throws SQLException {
        closed = true;
        giveBack();
    }

    private void giveBack() throws SQLException {
        Leased held = leased;
        leased = null;
        if (held != null) {
            held.connection().close();
        }
    }

    /** Between two transactions, and only when nothing is left on the connection that its holder may still use. */
    private boolean mayMove(Leased held, boolean value) {
        return value != readOnly
                && !furtherSettings
                && !held.connection().hasOpenTransaction()
                && !held.connection().hasOpenStatements();
    }

    /** Settings are noted; the first statement carries them to the database it chooses. */
    private @Nullable Object beforeTheLease(Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "setReadOnly", "setAutoCommit", "setTransactionIsolation" -> {
                note(method, arguments);
                return null;
            }
            case "isReadOnly" -> {
                return readOnly;
            }
            case "getAutoCommit" -> {
                return autoCommit;
            }
            case "commit", "rollback" -> {
                if (arguments.length == 0 && !autoCommit) {
                    return null; // nothing was sent
                }
            }
            case "getWarnings", "clearWarnings" -> {
                return null;
            }
            default -> {}
        }
        return passedOn(lease(), method, arguments);
    }

    private Leased lease() throws SQLException {
        Leased chosen = source.leased(readOnly);
        leased = chosen;
        try {
            configure(chosen.connection());
        } catch (SQLException e) {
            giveBack();
            throw e;
        }
        return chosen;
    }

    private void configure(Connection connection) throws SQLException {
        if (readOnly != connection.isReadOnly()) {
            connection.setReadOnly(readOnly);
        }
        if (isolation != null) {
            connection.setTransactionIsolation(isolation);
        }
        if (autoCommit != connection.getAutoCommit()) {
            connection.setAutoCommit(autoCommit);
        }
    }

    private @Nullable Object passedOn(Leased held, Method method, Object[] arguments) throws Throwable {
        Object result;
        try {
            result = method.invoke(held.connection(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
        if (method.getName().startsWith("set")) {
            note(method, arguments);
        }
        return result;
    }

    private void note(Method method, Object[] arguments) {
        switch (method.getName()) {
            case "setReadOnly" -> readOnly = (Boolean) arguments[0];
            case "setAutoCommit" -> autoCommit = (Boolean) arguments[0];
            case "setTransactionIsolation" -> isolation = (Integer) arguments[0];
            default -> furtherSettings = true;
        }
    }
}
