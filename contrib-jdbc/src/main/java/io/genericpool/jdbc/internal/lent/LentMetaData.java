package io.genericpool.jdbc.internal.lent;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.commons.dbcp2.DelegatingResultSet;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a connection as seen by one lease. A proxy, so that no method is forgotten, whichever JDBC comes; metadata
 * are asked for rarely, and each call is a query or two.
 */
final class LentMetaData implements InvocationHandler {
    private final StatementOwner view;
    private final DatabaseMetaData raw;

    private LentMetaData(StatementOwner view, DatabaseMetaData raw) {
        this.view = view;
        this.raw = raw;
    }

    static DatabaseMetaData of(StatementOwner view, DatabaseMetaData raw) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                LentMetaData.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                new LentMetaData(view, raw));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            case "toString" -> "metadata of the " + view;
            default -> ask(proxy, method, arguments);
        };
    }

    private @Nullable Object ask(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        view.checkLeased();
        String name = method.getName();
        if (name.equals("getConnection")) {
            return view;
        }
        boolean aboutTypes = name.equals("unwrap") || name.equals("isWrapperFor");
        if (aboutTypes && arguments != null && arguments[0] instanceof Class<?> type && type.isInstance(proxy)) {
            return name.equals("unwrap") ? proxy : (Object) true;
        }
        Object result = askDriver(method, arguments);
        if (result instanceof ResultSet rows) {
            return DelegatingResultSet.wrapResultSet(view, rows);
        }
        return result != null && name.equals("unwrap") ? view.exposed(proxy, result) : result;
    }

    private @Nullable Object askDriver(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(raw, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof SQLException sql ? view.failed(sql) : e.getCause();
        }
    }
}
