package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.DefaultJedisClientConfig;

@Timeout(120)
class CommonsPoolQuickTest {
    @Test
    void aFactoryAndBothViewsServeTwoRealServers() throws Exception {
        var one = CommonsPoolQuick.redis();
        var other = CommonsPoolQuick.redis();
        try {
            var servers = List.of(CommonsPoolQuick.endpoint(one), CommonsPoolQuick.endpoint(other));
            var text = new ByteArrayOutputStream();
            try (var out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
                CommonsPoolQuick.run(false, servers, out);
            }
            assertThat(text.toString(StandardCharsets.UTF_8).lines())
                    .containsExactly(
                            servers.get(0).getPort() + ": 51 visits over 1 connection",
                            servers.get(1).getPort() + ": 51 visits over 1 connection",
                            "3 idle in a pool of one server");
        } finally {
            one.stop();
            other.stop();
        }
    }

    @Test
    void thePoolOfOneServerHasTheLimitsOfItsConfiguration() throws Exception {
        var redis = CommonsPoolQuick.redis();
        try (var pool = CommonsPoolQuick.pool(
                CommonsPoolQuick.endpoint(redis),
                DefaultJedisClientConfig.builder().build())) {
            pool.addObjects(30);
            assertThat(pool.getNumIdle()).isEqualTo(20);
        } finally {
            redis.stop();
        }
    }

    @Test
    void everyKnobOfCommonsPoolIsInTheTable() {
        String table = Pages.text(Pages.page("docs/from-commons-pool2.md"));
        List<String> knobs = knobsOf(GenericKeyedObjectPoolConfig.class);
        assertThat(knobs).hasSizeGreaterThan(20);
        assertThat(knobs).allSatisfy(knob -> assertThat(table).contains("`" + knob + "`"));
        assertThat(knobsOf(GenericObjectPoolConfig.class))
                .allSatisfy(knob -> assertThat(table).contains("`" + knob + "`"));
    }

    private static List<String> knobsOf(Class<?> config) {
        return Arrays.stream(config.getMethods())
                .filter(method -> method.getName().startsWith("set") && !method.isAnnotationPresent(Deprecated.class))
                .map(Method::getName)
                .map(name -> Character.toLowerCase(name.charAt(3)) + name.substring(4))
                .distinct()
                .toList();
    }
}
