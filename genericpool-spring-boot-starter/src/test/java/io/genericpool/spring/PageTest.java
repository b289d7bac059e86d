package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointLimits;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.websocket.WebSocketPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static void load(ConfigurableApplicationContext context) {
        try {
            Path page = Path.of(System.getProperty("basedir", "."), "..", "docs", "spring-boot.md");
            var yaml = YAML.matcher(Files.readString(page));
            assertThat(yaml.find()).isTrue();
            var resource = new ByteArrayResource(yaml.group(1).getBytes(StandardCharsets.UTF_8));
            new YamlPropertySourceLoader()
                    .load("page", resource)
                    .forEach(context.getEnvironment().getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ApplicationContextRunner runner() {
        return Contexts.runner()
                .withInitializer(PageTest::load)
                .withPropertyValues("genericpool.jdbc.close-timeout=1s");
    }

    @Test
    void thePropertiesOfThePageStartAnApplication() {
        runner().run(context -> {
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
}
