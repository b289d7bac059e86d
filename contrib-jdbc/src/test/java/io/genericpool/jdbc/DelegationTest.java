package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Every method of the JDBC interfaces of this JDK, by reflection: none is forgotten, whichever JDBC it came with. */
@Timeout(60)
class DelegationTest {
    /** What a view answers by itself, or by other calls of the driver's. */
    private static final Map<Class<?>, Set<String>> OWN = Map.of(
            Connection.class, Set.of("close()", "getAutoCommit()", "isWrapperFor(Class)", "unwrap(Class)"),
            Statement.class, Set.of("getConnection()", "isWrapperFor(Class)", "unwrap(Class)"),
            ResultSet.class, Set.of("getStatement()", "isWrapperFor(Class)", "unwrap(Class)"),
            DatabaseMetaData.class, Set.of("getConnection()", "isWrapperFor(Class)", "unwrap(Class)"));

    /** DBCP's result sets pass these on without their last argument, and cannot be extended. */
    private static final Set<String> WITHOUT_SCALE = Set.of(
            "getBigDecimal(int, int)",
            "getBigDecimal(String, int)",
            "updateObject(int, Object, int)",
            "updateObject(String, Object, int)");

    private final StubDriver driver = new StubDriver();

    /** Opens the object under test by a view. */
    private interface Opener {
        Object open(Connection view) throws SQLException;
    }

    private static Map<Class<?>, Opener> openers() {
        return Map.of(
                Connection.class,
                view -> view,
                Statement.class,
                Connection::createStatement,
                PreparedStatement.class,
                view -> view.prepareStatement("select 1"),
                CallableStatement.class,
                view -> view.prepareCall("{call a}"),
                ResultSet.class,
                view -> view.createStatement().executeQuery("select 1"),
                DatabaseMetaData.class,
                Connection::getMetaData);
    }

    private static List<Method> methodsOf(Class<?> type) {
        List<Method> methods = new ArrayList<>(Arrays.asList(type.getMethods()));
        methods.removeIf(method -> Modifier.isStatic(method.getModifiers())
                || (type == ResultSet.class && WITHOUT_SCALE.contains(StubDriver.describe(method)))
                || OWN.entrySet().stream()
                        .anyMatch(own -> own.getKey().isAssignableFrom(type)
                                && own.getValue().contains(StubDriver.describe(method))));
        return methods;
    }

    private interface Check {
        void of(Class<?> type, Method method) throws Exception;
    }

    private static Stream<DynamicTest> ofEveryMethod(Check check) {
        return openers().keySet().stream().flatMap(type -> methodsOf(type).stream()
                .map(method -> DynamicTest.dynamicTest(
                        type.getSimpleName() + "." + StubDriver.describe(method), () -> check.of(type, method))));
    }

    private final AtomicInteger connects = new AtomicInteger();

    private JdbcPool pool() {
        connects.set(0);
        return JdbcPool.builder()
                .endpoint("database", new Source(() -> {
                    connects.incrementAndGet();
                    return driver.connection();
                }))
                .maxSize(1) // so that what is still being reset is waited for, and not passed over
                .build();
    }

    @TestFactory
    Stream<DynamicTest> everyMethodReachesTheDriver() {
        return ofEveryMethod(this::assertReachesTheDriver);
    }

    private void assertReachesTheDriver(Class<?> type, Method method) throws Exception {
        try (var pool = pool();
                var view = pool.dataSource("database").getConnection()) {
            Object lent = openers().get(type).open(view);
            driver.calls();
            method.invoke(lent, argumentsOf(method));
            assertThat(driver.calls()).contains(StubDriver.describe(method));
        }
    }

    @TestFactory
    Stream<DynamicTest> whateverMethodSaysThatTheSessionIsGoneTheSessionIsNotPooledAgain() {
        return ofEveryMethod((type, method) -> {
            boolean isHidden = type == ResultSet.class && method.getName().equals("close"); // by DBCP, from everyone
            if (List.of(method.getExceptionTypes()).contains(SQLException.class) && !isHidden) {
                assertNotPooledAgain(type, method);
            }
        });
    }

    private void assertNotPooledAgain(Class<?> type, Method method) throws Exception {
        try (var pool = pool()) {
            try (var view = pool.dataSource("database").getConnection()) {
                Object lent = openers().get(type).open(view);
                driver.failure(called -> {
                    if (StubDriver.describe(called).equals(StubDriver.describe(method))) {
                        throw StubDriver.gone();
                    }
                });
                SQLException failure = failureOf(method, lent);
                assertThat((Throwable) failure).isNotNull();
                assertThat(failure.getSQLState()).isEqualTo("08006");
            } finally {
                driver.failure(called -> {});
            }
            pool.dataSource("database").getConnection().close();
            assertThat(connects).hasValue(2);
        }
    }

    private static SQLException failureOf(Method method, Object lent) throws Exception {
        try {
            method.invoke(lent, argumentsOf(method));
            return null;
        } catch (InvocationTargetException e) {
            return (SQLException) e.getCause();
        }
    }

    private static Object[] argumentsOf(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(DelegationTest::something)
                .toArray();
    }

    private static Object something(Class<?> type) {
        if (type == boolean.class) {
            return false;
        } else if (type.isPrimitive()) {
            return java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0);
        } else if (type.isArray()) {
            return java.lang.reflect.Array.newInstance(type.getComponentType(), 1);
        } else if (type == String.class) {
            return "a";
        } else if (type == Class.class) {
            return String.class;
        } else if (type == Map.class) {
            return Map.of();
        } else if (type == Properties.class) {
            return new Properties();
        } else if (type == SQLType.class) {
            return JDBCType.INTEGER;
        } else if (type == Executor.class) {
            return (Executor) Runnable::run;
        } else if (type == ShardingKey.class) {
            return Proxy.newProxyInstance(
                    DelegationTest.class.getClassLoader(), new Class<?>[] {ShardingKey.class}, (self, m, a) -> null);
        }
        return null;
    }
}
