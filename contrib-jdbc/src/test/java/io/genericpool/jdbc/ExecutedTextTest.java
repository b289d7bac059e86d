package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** A transaction that a text begins is rolled back, by whatever method of this JDK's JDBC the text reaches the driver. */
@Timeout(60)
class ExecutedTextTest {
    private static final String TEXT = "/* x */ -- y\n BEGIN";

    private final StubDriver driver = new StubDriver();

    /** Has a view execute the text. */
    private interface Execution {
        void by(Connection view) throws Exception;
    }

    private interface Opener {
        Statement open(Connection view) throws SQLException;
    }

    @TestFactory
    Stream<DynamicTest> everyWayOfExecutingATextIsNoticed() {
        List<DynamicTest> tests = new ArrayList<>();
        addTo(tests, Statement.class, Connection::createStatement);
        addTo(tests, PreparedStatement.class, view -> view.prepareStatement("select 1"));
        addTo(tests, CallableStatement.class, view -> view.prepareCall("{call a}"));
        for (Method method : methodsWithText(Connection.class)) {
            if (method.getName().startsWith("prepare")) {
                tests.add(test(Connection.class, method, view -> method.invoke(view, argumentsOf(method))));
            }
        }
        assertThat(tests).hasSizeGreaterThanOrEqualTo(3 * 14 + 9);
        return tests.stream();
    }

    private void addTo(List<DynamicTest> tests, Class<?> type, Opener opener) {
        for (Method method : methodsWithText(type)) {
            if (method.getName().startsWith("execute") || method.getName().equals("addBatch")) {
                tests.add(test(type, method, view -> {
                    try (Statement statement = opener.open(view)) {
                        method.invoke(statement, argumentsOf(method));
                    }
                }));
            }
        }
    }

    private static List<Method> methodsWithText(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getParameterCount() > 0 && method.getParameterTypes()[0] == String.class)
                .toList();
    }

    private DynamicTest test(Class<?> type, Method method, Execution execution) {
        return DynamicTest.dynamicTest(
                type.getSimpleName() + "." + StubDriver.describe(method), () -> assertRolledBack(execution));
    }

    private void assertRolledBack(Execution execution) throws Exception {
        try (var pool = JdbcPool.builder().endpoint("database", driver.source()).build()) {
            try (var view = pool.dataSource("database").getConnection()) {
                execution.by(view);
                driver.calls();
            }
            await().until(() -> pool.stats().idle() == 1);
            assertThat(driver.calls()).containsSubsequence("execute(String)", "setAutoCommit(boolean)", "rollback()");
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    private static Object[] argumentsOf(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> type == String.class ? TEXT : type == int.class ? (Object) 1 : null)
                .toArray();
    }
}
