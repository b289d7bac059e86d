package io.genericpool.spring;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;

/** Contexts with our auto-configurations, in the order that Spring Boot gives them, among those of Boot they meet. */
final class Contexts {
    private Contexts() {}

    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        GenericPoolFleetAutoConfiguration.class,
                        GenericPoolJdbcAutoConfiguration.class,
                        GenericPoolWebSocketAutoConfiguration.class,
                        GenericPoolHealthAutoConfiguration.class,
                        GenericPoolMetricsAutoConfiguration.class,
                        GenericPoolEndpointAutoConfiguration.class,
                        SslAutoConfiguration.class,
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        DataSourceHealthContributorAutoConfiguration.class));
    }

    static ApplicationContextRunner twoDatabases() {
        return runner().withPropertyValues(
                        "genericpool.jdbc.endpoints.master.url=jdbc:h2:mem:master;DB_CLOSE_DELAY=-1",
                        "genericpool.jdbc.endpoints.archive.url=jdbc:h2:mem:archive;DB_CLOSE_DELAY=-1",
                        "genericpool.jdbc.primary=master");
    }
}
