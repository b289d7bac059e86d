package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.jdbc.JdbcPool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** A whole application with all auto-configurations, on a real PostgreSQL. */
@Timeout(120)
class PostgresApplicationTest {
    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() throws Exception {
        server = EmbeddedPostgres.start();
        administer("create role shop login");
        administer("create database shop owner shop");
        administer("create database replica owner shop");
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    private static String url(String database, String user) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?user=" + user;
    }

    private static void administer(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url("postgres", "postgres"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int sessions() throws SQLException {
        try (var connection = DriverManager.getConnection(url("postgres", "postgres"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from pg_stat_activity where usename = 'shop'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static ConfigurableApplicationContext start(String... more) {
        var application = new SpringApplication(Shop.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        var arguments = new String[more.length + 3];
        arguments[0] = "--genericpool.jdbc.endpoints.master.url=" + url("shop", "shop");
        arguments[1] = "--genericpool.jdbc.fail-fast=true";
        arguments[2] = "--spring.main.banner-mode=off";
        System.arraycopy(more, 0, arguments, 3, more.length);
        return application.run(arguments);
    }

    @Test
    void transactionsCommitAndRollBack() throws Exception {
        try (var context = start()) {
            context.getBean(JdbcTemplate.class).execute("create table if not exists orders (id int primary key)");
            var orders = context.getBean(Shop.Orders.class);
            int before = orders.count();
            orders.add(before + 1, false);
            assertThatThrownBy(() -> orders.add(before + 2, true)).hasMessage("the order is refused");
            assertThat(orders.count()).isEqualTo(before + 1);
            assertThat(context.getBean(JdbcPool.class).stats().leased()).isZero();
            assertThat(sessions()).isEqualTo(1);
        }
        await().untilAsserted(() -> assertThat(sessions()).isZero());
    }

    private static void prepare(String database, int orders) throws SQLException {
        try (var connection = DriverManager.getConnection(url(database, "shop"));
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists orders (id int primary key)");
            statement.execute("delete from orders");
            statement.execute("insert into orders select generate_series(1001, 1000 + " + orders + ")");
        }
    }

    private static String[] withReaders(String role) {
        return new String[] {
            "--genericpool.jdbc.endpoints.replica.url=" + url("replica", "shop"),
            "--genericpool.jdbc.primary=master",
            "--genericpool.jdbc.groups.readers.members=replica",
            "--genericpool.jdbc.groups.readers.policy=round-robin",
            "--genericpool.jdbc.groups.readers.role=" + role,
            "--genericpool.jdbc.groups.readers.required=false",
            "--genericpool.jdbc.readers=readers"
        };
    }

    @Test
    void readOnlyTransactionsReadFromTheGroupOfReaders() throws Exception {
        prepare("shop", 2);
        prepare("replica", 5);
        try (var context = start(withReaders("writer"))) { // as this server is one
            var orders = context.getBean(Shop.Orders.class);
            assertThat(orders.count()).isEqualTo(5);
            orders.add(1, false);
            assertThat(orders.count()).isEqualTo(5);
            var template = context.getBean(JdbcTemplate.class);
            assertThat(template.queryForObject("select count(*) from orders", Integer.class))
                    .isEqualTo(3);
            assertThat(context.getBean(JdbcPool.class).group("readers").stats().leases())
                    .containsEntry("replica", 2L);
            assertThat(context.getBean(JdbcPool.class).stats().leased()).isZero();
        }
        await().untilAsserted(() -> assertThat(sessions()).isZero());
    }

    @Test
    void thePrimaryServesReadsWhenNoReaderIsInItsRole() throws Exception {
        prepare("shop", 2);
        prepare("replica", 5);
        try (var context = start(withReaders("reader"))) {
            assertThat(context.getBean(Shop.Orders.class).count()).isEqualTo(2);
            JdbcPool pool = context.getBean(JdbcPool.class);
            assertThat(pool.group("readers").stats().leases()).containsEntry("replica", 0L);
            assertThat(pool.stats("replica").orElseThrow().lastConnectFailure().orElseThrow())
                    .hasMessageContaining("must be a reader");
        }
        await().untilAsserted(() -> assertThat(sessions()).isZero());
    }

    @Test
    void aCloseWaitsForTheWorkThatHoldsAConnection() throws Exception {
        var context = start("--genericpool.jdbc.close-timeout=60s");
        var pool = context.getBean(JdbcPool.class);
        Connection held = context.getBean(DataSource.class).getConnection();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
        await().until(() -> pool.pool().isClosed());
        try (var statement = held.createStatement();
                var rows = statement.executeQuery("select 42")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(42);
        }
        assertThat(closing).isNotDone();
        held.close();
        closing.join();
        await().untilAsserted(() -> assertThat(sessions()).isZero());
    }
}
