package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.commons.FactoryConnectionManagerBuilder;
import io.genericpool.console.PoolConsoleBuilder;
import io.genericpool.core.CircuitGovernorBuilder;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.fleet.FleetLimitsBuilder;
import io.genericpool.jdbc.JdbcConnectionManagerBuilder;
import io.genericpool.jdbc.JdbcEndpoint;
import io.genericpool.jdbc.JdbcPoolBuilder;
import io.genericpool.micrometer.ConnectionPoolMetricsBuilder;
import io.genericpool.rate.RateGovernorBuilder;
import io.genericpool.replay.PoolRecorderBuilder;
import io.genericpool.tcp.TcpConnectionManagerBuilder;
import io.genericpool.tcp.TlsConnectionManagerBuilder;
import io.genericpool.tcp.UnixSocketConnectionManagerBuilder;
import io.genericpool.websocket.WebSocketConnectionManagerBuilder;
import io.genericpool.websocket.WebSocketPoolBuilder;
import io.genericpool.websocket.WebSocketSessionBuilder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every knob of every builder stands on its page. */
class KnobsTest {
    private static final String CONFIGURATION = "docs/configuration.md";

    private static Stream<Arguments> builders() {
        return Stream.of(
                Arguments.of(WebSocketPoolBuilder.class, "docs/websocket.md", 10),
                Arguments.of(WebSocketConnectionManagerBuilder.class, "docs/websocket.md", 20),
                Arguments.of(WebSocketSessionBuilder.class, "docs/websocket.md", 6),
                Arguments.of(TcpConnectionManagerBuilder.class, "docs/tcp.md", 10),
                Arguments.of(TlsConnectionManagerBuilder.class, "docs/tcp.md", 15),
                Arguments.of(UnixSocketConnectionManagerBuilder.class, "docs/tcp.md", 4),
                Arguments.of(JdbcPoolBuilder.class, "docs/jdbc.md", 10),
                Arguments.of(JdbcConnectionManagerBuilder.class, "docs/jdbc.md", 4),
                Arguments.of(JdbcEndpoint.class, "docs/jdbc.md", 7),
                Arguments.of(FactoryConnectionManagerBuilder.class, "docs/commons-pool2.md", 2),
                Arguments.of(ConnectionPoolMetricsBuilder.class, "docs/metrics.md", 2),
                Arguments.of(PoolConsoleBuilder.class, "docs/console.md", 5),
                Arguments.of(PoolRecorderBuilder.class, "docs/replay.md", 5),
                Arguments.of(FleetLimitsBuilder.class, "docs/fleet.md", 8),
                Arguments.of(RateGovernorBuilder.class, "docs/failing-endpoints.md", 1));
    }

    /** A row of its own for each of the pool's knobs and of its circuit's. */
    @Test
    void thePoolsKnobsAreInTheTablesOfTheConfiguration() {
        String page = Pages.text(Pages.page(CONFIGURATION));
        for (Class<?> builder : List.of(ConnectionPoolBuilder.class, CircuitGovernorBuilder.class)) {
            List<String> knobs = knobs(builder);
            assertThat(knobs).as(builder.getSimpleName()).hasSizeGreaterThan(6);
            assertThat(knobs.stream().filter(knob -> !page.contains("\n| `" + knob + "` |")))
                    .as("knobs of %s that %s does not have", builder.getSimpleName(), CONFIGURATION)
                    .isEmpty();
        }
        assertThat(knobs(ConnectionPoolBuilder.class)).hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void thePlugInsKnobsAreOnTheirPages(Class<?> builder, String page, int least) {
        String text = Pages.text(Pages.page(page));
        List<String> knobs = knobs(builder);
        assertThat(knobs).hasSizeGreaterThan(least);
        assertThat(knobs.stream().filter(knob -> !Pattern.compile("`\\.?" + knob + "[`(]")
                        .matcher(text)
                        .find()))
                .as("knobs of %s that %s does not have", builder.getSimpleName(), page)
                .isEmpty();
    }

    /** Public methods that give the builder back. */
    private static List<String> knobs(Class<?> builder) {
        return Arrays.stream(builder.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
                .filter(method ->
                        method.getReturnType().isAssignableFrom(builder) && method.getReturnType() != Object.class)
                .map(Method::getName)
                .distinct()
                .toList();
    }
}
