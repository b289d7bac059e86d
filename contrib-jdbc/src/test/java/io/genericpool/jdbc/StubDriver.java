package io.genericpool.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * A driver whose every method, those with a body in the interface included, is written down and does nothing, unless a test
 * says what it does. A test may ask one object for all of it, or by the name of a method.
 */
final class StubDriver {
    private static final List<Class<?>> OPENED = List.of(
            CallableStatement.class,
            PreparedStatement.class,
            Statement.class,
            ResultSet.class,
            DatabaseMetaData.class,
            Blob.class,
            Array.class);

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private volatile Failure failure = method -> {};

    /** What a method does. */
    interface Answer {
        Object to(Object... arguments) throws Throwable;
    }

    /** Throws, if it likes. */
    interface Failure {
        void before(Method method) throws Throwable;
    }

    /** Says what every method of a name does. */
    StubDriver on(String method, Answer answer) {
        answers.put(method, answer);
        return this;
    }

    StubDriver unsupported(String... methods) {
        for (String method : methods) {
            on(method, arguments -> {
                throw new SQLFeatureNotSupportedException(method + " is not supported");
            });
        }
        return this;
    }

    void failure(Failure value) {
        failure = value;
    }

    DataSource source() {
        return new Source(this::connection);
    }

    Connection connection() {
        calls.add("connect");
        return proxy(Connection.class, new Session());
    }

    /** One session's settings. */
    private final class Session {
        private final Map<String, Object> values = new ConcurrentHashMap<>(Map.of("AutoCommit", true));

        private Object ask(Method method, Object[] arguments) {
            String name = method.getName();
            if (name.startsWith("set") && arguments != null && arguments[arguments.length - 1] != null) {
                values.put(name.substring(3), arguments[arguments.length - 1]);
                return null;
            }
            Object value = values.get(name.replaceFirst("^(get|is)", ""));
            Class<?> type = method.getReturnType();
            boolean fits = value != null && (type.isPrimitive() || type.isInstance(value));
            if (!fits && (name.equals("abort") || name.equals("close"))) {
                values.put("Closed", true);
            }
            return fits ? value : null;
        }
    }

    private <T> T proxy(Class<T> type, Session session) {
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return ofObject(self, method, arguments);
            }
            calls.add(describe(method));
            failure.before(method);
            Answer answer = answers.get(method.getName());
            if (answer != null) {
                return answer.to(arguments == null ? new Object[0] : arguments);
            }
            Object value = type == Connection.class ? session.ask(method, arguments) : null;
            return value == null ? anything(method, session) : value;
        };
        return type.cast(Proxy.newProxyInstance(StubDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object ofObject(Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == arguments[0];
            default -> "stub";
        };
    }

    private Object anything(Method method, Session session) {
        Class<?> type = method.getReturnType();
        if (type == boolean.class) {
            return method.getName().equals("isValid");
        } else if (type.isPrimitive() && type != void.class) {
            return java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0);
        } else if (type.isArray()) {
            return java.lang.reflect.Array.newInstance(type.getComponentType(), 0);
        } else if (type == String.class) {
            return "stub";
        }
        return OPENED.contains(type) ? proxy(type, session) : null;
    }

    /** The name with the types of the parameters. */
    static String describe(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** The calls since the last time this was asked. */
    List<String> calls() {
        List<String> made = List.copyOf(calls);
        calls.clear();
        return made;
    }

    /** One that means the session is gone. */
    static SQLException gone() {
        return new SQLException("the socket was closed", "08006");
    }
}
