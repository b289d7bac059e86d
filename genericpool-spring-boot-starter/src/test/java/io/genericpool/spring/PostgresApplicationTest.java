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
