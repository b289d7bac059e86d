package io.genericpool.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** A {@code DataSource} over another one that writes down which methods of its connections are called, and may let them fail. */
final class Recorded {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Rule rule = method -> {};

    /** What a method does instead of its work, if it throws. */
    interface Rule {
        void before(String method) throws SQLException;
    }

    DataSource over(DataSource source) {
        return (DataSource) proxy(DataSource.class, source, name -> {});
    }

    private Object proxy(Class<?> type, Object target, Consumer<String> note) {
        return Proxy.newProxyInstance(Recorded.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            if (!method.getName().endsWith("Request")) {
                note.accept(method.getName()); // the marks around each lease are RequestsTest's matter
            }
            if (type == Connection.class) {
                rule.before(method.getName());
            }
            Object result;
            try {
                result = method.invoke(target, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            return result instanceof Connection && type == DataSource.class
                    ? proxy(Connection.class, result, calls::add)
                    : result;
        });
    }

    void rule(Rule value) {
        rule = value;
    }

    /** The calls since the last time this was asked. */
    List<String> calls() {
        List<String> made = List.copyOf(calls);
        calls.clear();
        return made;
    }
}
