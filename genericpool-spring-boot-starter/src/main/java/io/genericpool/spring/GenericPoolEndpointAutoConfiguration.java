package io.genericpool.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The actuator endpoint {@code genericpool}. */
@AutoConfiguration(after = {GenericPoolJdbcAutoConfiguration.class, GenericPoolWebSocketAutoConfiguration.class})
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(ObservedPool.class)
@ConditionalOnAvailableEndpoint(endpoint = GenericPoolEndpoint.class)
final class GenericPoolEndpointAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    GenericPoolEndpoint genericPoolEndpoint(ObjectProvider<ObservedPool> pools) {
        return new GenericPoolEndpoint(pools.orderedStream().toList());
    }
}
