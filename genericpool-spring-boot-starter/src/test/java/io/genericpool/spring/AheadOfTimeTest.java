package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointGroup;
import io.genericpool.fleet.InProcessEngine;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.websocket.WebSocketPool;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.jdbc.core.JdbcTemplate;

/** A start from what Spring has written ahead of time, as a native image and {@code spring.aot.enabled} do. */
@Timeout(120)
class AheadOfTimeTest {
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        GenericPoolFleetAutoConfiguration.class,
        GenericPoolJdbcAutoConfiguration.class,
        GenericPoolWebSocketAutoConfiguration.class,
        GenericPoolHealthAutoConfiguration.class,
        GenericPoolMetricsAutoConfiguration.class,
        DataSourceAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class
    })
    static class Application {
        @Bean
        FleetEngine engine() {
            return new InProcessEngine();
        }
    }

    private static <T extends GenericApplicationContext> T withProperties(T context) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test",
                        Map.of(
                                "genericpool.jdbc.endpoints.master.url", "jdbc:h2:mem:ahead",
                                "genericpool.jdbc.endpoints.archive.url", "jdbc:h2:mem:archive",
                                "genericpool.jdbc.primary", "master",
                                "genericpool.jdbc.max-size", "3",
                                "genericpool.jdbc.groups.readers.members", "archive",
                                "genericpool.jdbc.readers", "readers",
                                "genericpool.websocket.prices.groups.regions.members", "/a,/b",
                                "genericpool.fleet.name", "ahead",
                                "genericpool.fleet.cap", "2",
                                "genericpool.websocket.prices.base-uri", "ws://127.0.0.1:9")));
        return context;
    }

    @Test
    @CompileWithForkedClassLoader
    void thePoolsStartFromGeneratedCode() {
        var source = withProperties(new AnnotationConfigApplicationContext());
        source.register(Application.class);
        var generation = new TestGenerationContext();
        new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
        generation.writeGeneratedContent();
        TestCompiler.forSystem().with(generation).compile(compiled -> {
            @SuppressWarnings("unchecked")
            ApplicationContextInitializer<GenericApplicationContext> generated =
                    compiled.getInstance(ApplicationContextInitializer.class);
            try (var context = withProperties(new GenericApplicationContext())) {
                generated.initialize(context);
                context.refresh();
                assertThat(context.getBean(JdbcTemplate.class).queryForObject("select database()", String.class))
                        .isEqualTo("AHEAD");
                assertThat(context.getBean(JdbcPool.class)
                                .pool()
                                .config()
                                .defaultLimits()
                                .maxSize())
                        .isEqualTo(3);
                assertThat(context.getBean(JdbcPool.class)
                                .stats("master")
                                .orElseThrow()
                                .share())
                        .hasValue(1);
                assertThat(context.getBean("archiveDataSource")).isNotNull();
                assertThat(context.getBean("readersDataSource")).isNotNull();
                assertThat(context.getBean("pricesRegionsGroup")).isInstanceOf(EndpointGroup.class);
                assertThat(context.getBean("pricesWebSocketPool")).isInstanceOf(WebSocketPool.class);
                BeanDefinition pool = context.getBeanDefinition("jdbcPool");
                assertThat(pool.getDestroyMethodName()).isEqualTo("close");
            }
        });
    }
}
