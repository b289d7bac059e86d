package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointGroup;
import io.genericpool.EndpointLimits;
import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.redis.RedisEngine;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.websocket.WebSocketPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ByteArrayResource;

/** The properties on the page of the documentation start an application. Its databases do not exist, which a start allows. */
@Timeout(60)
class PageTest {
    private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    /** One block of the page, by its place among them. */
    private static void load(ConfigurableApplicationContext context, int block) {
        try {
            Path page = Path.of(System.getProperty("basedir", "."), "..", "docs", "spring-boot.md");
            List<String> blocks = YAML.matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(blocks).hasSize(3);
            var resource = new ByteArrayResource(blocks.get(block).getBytes(StandardCharsets.UTF_8));
            new YamlPropertySourceLoader()
                    .load("block " + block, resource)
                    .forEach(context.getEnvironment().getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ApplicationContextRunner runner(int block) {
        return Contexts.runner()
                .withInitializer(context -> load(context, block))
                .withPropertyValues("genericpool.jdbc.close-timeout=1s");
    }

    @Test
    void thePropertiesOfThePageStartAnApplication() {
        runner(0).run(context -> {
            assertThat(context).hasNotFailed();
            var pool = context.getBean(JdbcPool.class);
            assertThat(pool.pool().config().totalMaxSize()).isEqualTo(60);
            assertThat(pool.pool().config().defaultLimits()).isEqualTo(EndpointLimits.of(0, 10));
            assertThat(context).hasBean("masterDataSource").hasBean("archiveDataSource");
            assertThat(context.getBean("pricesWebSocketPool", WebSocketPool.class)
                            .pool()
                            .config()
                            .defaultLimits()
                            .maxSize())
                    .isEqualTo(50);
        });
    }

    @Test
    void theGroupsOfThePageStartAnApplication() {
        runner(1).run(context -> {
            assertThat(context).hasNotFailed().hasBean("readersDataSource").hasBean("routingDataSource");
            var readers = context.getBean(JdbcPool.class).group("readers");
            assertThat(readers.members()).containsExactly("r1", "r2");
            var regions = context.getBean("pricesRegionsGroup", EndpointGroup.class);
            assertThat(regions.members()).hasSize(2);
        });
    }

    @Test
    void thePropertiesOfAFleetOnThePageDoSoToo() {
        runner(0).withInitializer(context -> load(context, 2)).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(RedisEngine.class);
            assertThat(context.getBean(FleetLimits.class)).hasToString("limits of fleet 'shop'");
            assertThat(context.getBean(JdbcPool.class).stats().hasSharedLimits())
                    .isTrue();
            assertThat(context.getBean("pricesWebSocketPool", WebSocketPool.class)
                            .pool()
                            .stats()
                            .hasSharedLimits())
                    .isTrue();
        });
    }
}
