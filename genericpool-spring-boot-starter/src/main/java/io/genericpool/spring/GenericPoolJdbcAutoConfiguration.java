package io.genericpool.spring;

import io.genericpool.EndpointLimits;
import io.genericpool.event.PoolListener;
import io.genericpool.jdbc.JdbcDataSource;
import io.genericpool.jdbc.JdbcPool;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnCheckpointRestore;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The databases below {@code genericpool.jdbc}: one {@link JdbcPool}, and a {@link DataSource} per database. It steps
 * back when the application has a bean of its own for either.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@ConditionalOnClass({JdbcPool.class, DataSourceAutoConfiguration.class})
@Conditional(GenericPoolJdbcAutoConfiguration.OnEndpoints.class)
@EnableConfigurationProperties(GenericPoolProperties.class)
final class GenericPoolJdbcAutoConfiguration {
    /** Closed with the context: after the web server has finished its requests. */
    @Bean(name = ObservedPool.DATABASES, destroyMethod = "close")
    @ConditionalOnMissingBean
    JdbcPool jdbcPool(
            GenericPoolProperties properties,
            Environment environment,
            ObjectProvider<JdbcConnectionDetails> details,
            ObjectProvider<PoolListener<? super String>> listeners,
            ObjectProvider<ObservedPool.Observer> observers,
            ObjectProvider<JdbcPoolCustomizer> customizers) {
        Stream<PoolListener<? super String>> more = observers
                .orderedStream()
                .map(each -> each.listenerOf(ObservedPool.DATABASES))
                .filter(Objects::nonNull)
                .map(each -> each);
        return new JdbcPools(properties.jdbc(), environment, details.getIfAvailable())
                .create(
                        customizers.orderedStream().toList(),
                        CombinedListener.of(
                                Stream.concat(listeners.orderedStream(), more).toList()),
                        Threading.VIRTUAL.isActive(environment));
    }

    @Bean
    ObservedPool observedJdbcPool(JdbcPool pool, GenericPoolProperties properties) {
        return new ObservedPool(
                ObservedPool.DATABASES,
                pool.pool().config().name(),
                pool.pool(),
                Set.copyOf(pool.endpoints()),
                name -> JdbcGroups.isRequired(properties.jdbc(), name),
                JdbcGroups.required(properties.jdbc().groups()));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(DataSource.class)
    @Import(DataSourceRegistrar.class)
    static final class DataSources {
        /** Gives {@code jdbc.connections.*} to Spring Boot's metrics. */
        @Bean
        DataSourcePoolMetadataProvider genericPoolMetadataProvider(GenericPoolProperties properties) {
            Map<String, EndpointLimits> limits = JdbcPools.limits(properties.jdbc());
            return source -> {
                JdbcDataSource ours = DataSourceUnwrapper.unwrap(source, JdbcDataSource.class);
                return ours == null
                        ? null
                        : new JdbcPoolMetadata(
                                ours,
                                endpoint -> limits.getOrDefault(
                                        endpoint, ours.pool().config().defaultLimits()));
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnCheckpointRestore
    @ConditionalOnBean(JdbcPool.class)
    static final class Checkpoints {
        @Bean
        QuiesceLifecycle jdbcPoolQuiesceLifecycle(JdbcPool pool, GenericPoolProperties properties) {
            return new QuiesceLifecycle(pool.pool(), properties.jdbc().quiesceTimeout());
        }
    }

    /** Matches when a database is configured. Without one, Spring Boot's own {@code DataSource} stays in its place. */
    static final class OnEndpoints extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            var message = ConditionMessage.forCondition("genericpool.jdbc.endpoints");
            return Names.below(GenericPoolProperties.ENDPOINTS, context.getEnvironment())
                            .isEmpty()
                    ? ConditionOutcome.noMatch(message.because("holds no database"))
                    : ConditionOutcome.match(message.because("holds databases"));
        }
    }
}
