package io.genericpool.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import org.apache.commons.dbcp2.DelegatingDatabaseMetaData;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a connection as seen by one lease. DBCP's type does not ask whether its connection is still open, so a
 * proxy underneath does; metadata are asked for rarely, and each call is a query or two.
 */
final class LentMetaData implements InvocationHandler {
    private final LentConnection view;
    private final DatabaseMetaData raw;

    private LentMetaData(LentConnection view, DatabaseMetaData raw) {
        this.view = view;
        this.raw = raw;
    }

    static DatabaseMetaData of(LentConnection view, DatabaseMetaData raw) {
        var checked = (DatabaseMetaData) Proxy.newProxyInstance(
                LentMetaData.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                new LentMetaData(view, raw));
        return new DelegatingDatabaseMetaData(view, checked);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        view.checkLeased();
        try {
            Object result = method.invoke(raw, arguments);
            return result != null && method.getName().equals("unwrap") ? view.exposed(proxy, result) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
