package io.genericpool.spring;

import io.genericpool.jdbc.JdbcPool;
import io.genericpool.websocket.WebSocketPool;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health of the pools. It takes the place of Spring Boot's {@code db}, which would lease a connection. */
@AutoConfiguration(
        after = {GenericPoolJdbcAutoConfiguration.class, GenericPoolWebSocketAutoConfiguration.class},
        beforeName = "org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration")
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
final class GenericPoolHealthAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JdbcPool.class)
    @ConditionalOnBean(name = "observedJdbcPool")
    @ConditionalOnEnabledHealthIndicator("db")
    static final class Databases {
        @Bean
        @ConditionalOnMissingBean(name = {"dbHealthContributor", "dbHealthIndicator"})
        HealthContributor dbHealthContributor(@Qualifier("observedJdbcPool") ObservedPool observed) {
            return new PoolHealth(observed);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebSocketPool.class)
    @ConditionalOnBean(WebSocketPool.class)
    @ConditionalOnEnabledHealthIndicator("websocket")
    static final class WebSockets {
        @Bean
        @ConditionalOnMissingBean(name = {"webSocketHealthContributor", "webSocketHealthIndicator"})
        HealthContributor webSocketHealthContributor(ObjectProvider<ObservedPool> observed) {
            return CompositeHealthContributor.fromMap(observed.orderedStream()
                    .filter(pool -> !pool.isOfDatabases())
                    .collect(Collectors.toMap(ObservedPool::name, PoolHealth::new)));
        }
    }
}
