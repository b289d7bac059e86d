package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** A name that is not configured is refused by every method that takes one, of the pool behind a {@code JdbcPool} too. */
@Timeout(60)
class CheckedPoolTest {
    private final JdbcPool jdbc =
            JdbcPool.builder().endpoint("main", H2.url("checked")).build();

    @AfterEach
    void stop() {
        jdbc.close();
    }

    @TestFactory
    Stream<DynamicTest> everyMethodRefusesAMistypedName() {
        Type endpoint = ConnectionPool.class.getTypeParameters()[0];
        List<Method> methods = Arrays.stream(ConnectionPool.class.getMethods())
                .filter(method ->
                        Arrays.asList(method.getGenericParameterTypes()).contains(endpoint))
                .toList();
        assertThat(methods).hasSizeGreaterThanOrEqualTo(19);
        return methods.stream()
                .map(method -> DynamicTest.dynamicTest(StubDriver.describe(method), () -> {
                    assertRefused(method, jdbc.pool());
                    assertRefused(method, jdbc.dataSource("main").unwrap(ConnectionPool.class));
                }));
    }

    private void assertRefused(Method method, Object pool) {
        Object[] arguments = IntStream.range(0, method.getParameterCount())
                .mapToObj(i -> argument(method.getGenericParameterTypes()[i], method.getParameterTypes()[i]))
                .toArray();
        assertThatThrownBy(() -> {
                    try {
                        method.invoke(pool, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("endpoint must be one of [main], but is Main");
        assertThat(jdbc.pool().endpoints()).isEmpty();
    }

    private static Object argument(Type generic, Class<?> type) {
        if (generic instanceof TypeVariable<?>) {
            return "Main";
        } else if (type == Duration.class) {
            return Duration.ofSeconds(1);
        } else if (type == int.class) {
            return 1;
        }
        return type == SuspendMode.class ? SuspendMode.FAIL : null;
    }

    @Test
    void aConfiguredNamePasses() throws Exception {
        var pool = jdbc.pool();
        pool.suspend("main", SuspendMode.WAIT);
        pool.resume("main");
        pool.resize("main", EndpointLimits.of(0, 3));
        pool.use("main", connection -> assertThat(connection.isValid(1)).isTrue());
        pool.connectionAsync("main").join().release();
        assertThat(pool.stats("main").orElseThrow().created()).isEqualTo(1);
        assertThat(pool.endpoints()).containsExactly("main");
    }

    @Test
    void aLongNameWithLineEndsIsCutAndCleaned() {
        assertThatThrownBy(() -> jdbc.connection("a\r\nWARN forged " + "x".repeat(1_000_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .hasSizeLessThan(400)
                        .doesNotContain("\n")
                        .doesNotContain("\r"));
    }

    @Test
    void manyConfiguredNamesAreNotAllListed() {
        var builder = JdbcPool.builder();
        for (int i = 0; i < 1_000; i++) {
            builder.endpoint("database " + i + "x".repeat(1_000), H2.url("a"));
        }
        try (var pool = builder.build()) {
            assertThatThrownBy(() -> pool.dataSource("other"))
                    .hasMessageContaining("and 980 more]")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(5_000));
        }
    }
}
