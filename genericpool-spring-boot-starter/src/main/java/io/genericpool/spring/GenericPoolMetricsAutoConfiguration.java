package io.genericpool.spring;

import io.genericpool.micrometer.ConnectionPoolMetrics;
import io.genericpool.micrometer.PoolTimers;
import io.genericpool.micrometer.WebSocketPoolMetrics;
import io.genericpool.spring.GenericPoolProperties.Metrics;
import io.genericpool.websocket.WebSocketPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Meters of the pools, when {@code generic-pool-micrometer} is there. */
@AutoConfiguration(after = {GenericPoolJdbcAutoConfiguration.class, GenericPoolWebSocketAutoConfiguration.class})
@ConditionalOnClass({MeterRegistry.class, ConnectionPoolMetrics.class})
@ConditionalOnBean(ObservedPool.class)
final class GenericPoolMetricsAutoConfiguration {
    @Bean
    PerPoolTimers genericPoolTimers(GenericPoolProperties properties) {
        return new PerPoolTimers(properties.metrics().timers());
    }

    @Bean
    @ConditionalOnMissingBean(name = "genericPoolMetrics")
    MeterBinder genericPoolMetrics(
            ObjectProvider<ObservedPool> pools, PerPoolTimers timers, GenericPoolProperties properties) {
        return registry -> pools.orderedStream().forEach(observed -> metrics(observed, timers, properties.metrics())
                .bindTo(registry));
    }

    private static ConnectionPoolMetrics metrics(ObservedPool observed, PerPoolTimers timers, Metrics properties) {
        var metrics = ConnectionPoolMetrics.builder(observed.pool());
        if (properties.endpoints()) {
            metrics.endpoints();
        }
        if (properties.openTelemetry() && observed.isOfDatabases()) {
            metrics.openTelemetry();
        }
        PoolTimers own = timers.timersOf(observed.bean());
        return (own == null ? metrics : metrics.timers(own)).build();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebSocketPool.class)
    @ConditionalOnBean(WebSocketPool.class)
    static final class Traffic {
        @Bean
        @ConditionalOnMissingBean(name = "webSocketPoolMetrics")
        MeterBinder webSocketPoolMetrics(ObjectProvider<WebSocketPool> pools) {
            return registry -> pools.orderedStream()
                    .forEach(pool -> WebSocketPoolMetrics.of(pool, new Tag[0]).bindTo(registry));
        }
    }
}
