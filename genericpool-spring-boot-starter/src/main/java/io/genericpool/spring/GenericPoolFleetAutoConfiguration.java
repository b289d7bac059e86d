package io.genericpool.spring;

import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.jdbc.PostgresEngine;
import io.genericpool.fleet.redis.RedisEngine;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spring.internal.failure.InvalidPropertyException;
import io.genericpool.support.MaskedFailure;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketPool;
import java.net.URI;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The limits of a fleet below {@code genericpool.fleet}: one engine, and one {@link FleetLimits} that all pools of the
 * properties use. It steps back when the application has a bean of its own for either. Both are made before the pools, and
 * the engine is closed after them.
 */
@AutoConfiguration(before = {GenericPoolJdbcAutoConfiguration.class, GenericPoolWebSocketAutoConfiguration.class})
@EnableConfigurationProperties(GenericPoolProperties.class)
final class GenericPoolFleetAutoConfiguration {
    /** Matches when anything stands below {@code genericpool.fleet}. */
    static final class OnFleet extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return isSet(GenericPoolProperties.FLEET, context.getEnvironment());
        }
    }

    /** Matches when the ledger is in PostgreSQL. */
    static final class OnLedger extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return isSet(GenericPoolProperties.FLEET + ".jdbc", context.getEnvironment());
        }
    }

    private static ConditionOutcome isSet(String prefix, Environment environment) {
        var message = ConditionMessage.forCondition(prefix);
        return Names.below(prefix, environment).isEmpty()
                ? ConditionOutcome.noMatch(message.because("is empty"))
                : ConditionOutcome.match(message.because("is not empty"));
    }

    /** A limit that is written and not kept would be worse than a start that fails. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.genericpool.fleet.FleetLimits")
    @Conditional(OnFleet.class)
    static final class WithoutFleets {
        WithoutFleets(GenericPoolProperties properties) {
            throw new InvalidPropertyException(
                    GenericPoolProperties.FLEET + ".name",
                    properties.fleet().name(),
                    "the limits of a fleet need the module generic-pool-fleet, which is not on the class path",
                    "Add 'io.genericpool:generic-pool-fleet' to the dependencies of the application.");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RedisEngine.class)
    @ConditionalOnProperty("genericpool.fleet.redis.url")
    static final class Redis {
        @Bean(destroyMethod = "close")
        @ConditionalOnMissingBean(FleetEngine.class)
        RedisEngine redisFleetEngine(GenericPoolProperties properties, Environment environment) {
            var redis = properties.fleet().redis();
            var knobs = new Knobs(GenericPoolProperties.FLEET + ".redis", environment);
            URI server = Fleets.server(knobs.property("url"), String.valueOf(redis.url()));
            var builder = RedisEngine.builder(server);
            knobs.set("prefix", redis.prefix(), builder::prefix);
            knobs.set("timeout", redis.timeout(), builder::timeout);
            return builder.build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({PostgresEngine.class, DriverManagerDataSource.class})
    @Conditional(OnLedger.class)
    static final class Postgres {
        @Bean(destroyMethod = "close")
        @ConditionalOnMissingBean(FleetEngine.class)
        PostgresEngine postgresFleetEngine(
                GenericPoolProperties properties, Environment environment, ConfigurableListableBeanFactory beans) {
            var ledger = properties.fleet().jdbc();
            var knobs = new Knobs(GenericPoolProperties.FLEET + ".jdbc", environment);
            var builder = PostgresEngine.builder(Fleets.source(ledger, knobs, beans, Postgres::unpooled));
            knobs.set("schema", ledger.schema(), builder::schema);
            knobs.set("timeout", ledger.timeout(), builder::timeout);
            PostgresEngine engine = builder.build();
            if (ledger.install()) {
                install(engine, knobs);
            }
            return engine;
        }

        private static DataSource unpooled(GenericPoolProperties.Ledger ledger) {
            var source = new DriverManagerDataSource(String.valueOf(ledger.url()));
            source.setUsername(ledger.username());
            source.setPassword(ledger.password());
            return source;
        }

        private static void install(PostgresEngine engine, Knobs knobs) {
            try {
                engine.install();
            } catch (SQLException e) {
                engine.close();
                Throwable masked = MaskedFailure.of(e); // a driver, and who looks for one, may tell the URL
                var failure = new InvalidPropertyException(
                        knobs.property("install"),
                        "true",
                        "the ledger could not be created: " + masked.getMessage(),
                        "Start the database, or give the user the right to create a schema. Or create the ledger"
                                + " before the start, and leave the property out.");
                failure.initCause(masked);
                throw failure;
            } catch (RuntimeException e) {
                engine.close();
                throw e;
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(FleetLimits.class)
    @Conditional(OnFleet.class)
    static final class Limits {
        @Bean
        @ConditionalOnMissingBean
        FleetLimits<Object> fleetLimits(
                GenericPoolProperties properties, Environment environment, ObjectProvider<FleetEngine> engine) {
            return new Fleets(properties, environment).limits(engine.getIfAvailable());
        }
    }

    /** Also for limits that are the application's own. They come first, so its customizers can set other ones. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JdbcPool.class)
    static final class Databases {
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        JdbcPoolCustomizer fleetJdbcPoolCustomizer(ObjectProvider<SharedLimits<? super String>> limits) {
            return builder -> limits.ifAvailable(shared -> builder.pool(pool -> pool.sharedLimits(shared)));
        }
    }

    /** As above. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebSocketPool.class)
    static final class WebSockets {
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        WebSocketPoolCustomizer fleetWebSocketPoolCustomizer(
                ObjectProvider<SharedLimits<? super WebSocketEndpoint>> limits) {
            return (name, builder) -> limits.ifAvailable(shared -> builder.pool(pool -> pool.sharedLimits(shared)));
        }
    }
}
