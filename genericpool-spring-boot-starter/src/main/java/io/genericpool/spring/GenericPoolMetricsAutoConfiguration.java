package io.genericpool.spring;

import io.genericpool.event.PoolListener;
import io.genericpool.micrometer.ConnectionPoolMetrics;
import io.genericpool.micrometer.PoolTimers;
import io.genericpool.micrometer.WebSocketPoolMetrics;
import io.genericpool.spring.GenericPoolProperties.Metrics;
import io.genericpool.spring.GenericPoolProperties.Timers;
import io.genericpool.websocket.WebSocketPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
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

    /** The timers of each pool, which are its listener first and are bound to the registries afterwards. */
    static final class PerPoolTimers implements ObservedPool.Observer {
        private final Timers kind;
        private final Map<String, PoolTimers> timers = new ConcurrentHashMap<>();

        PerPoolTimers(Timers kind) {
            this.kind = kind;
        }

        @Override
        public @Nullable PoolListener<Object> listenerOf(String bean) {
            return kind == Timers.NONE ? null : timers.computeIfAbsent(bean, name -> create());
        }

        private PoolTimers create() {
            return switch (kind) {
                case LEASES -> PoolTimers.connectsWaitsAndLeases();
                case WAITS -> PoolTimers.connectsAndWaits();
                default -> PoolTimers.connects();
            };
        }

        /** Null when the pool was built without, because it is the application's own. */
        @Nullable
        PoolTimers timersOf(String bean) {
            return timers.get(bean);
        }
    }
}
