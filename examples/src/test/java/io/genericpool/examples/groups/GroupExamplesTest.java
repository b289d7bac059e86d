package io.genericpool.examples.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.examples.server.EchoServer;
import io.genericpool.jdbc.JdbcEndpoint;
import io.genericpool.websocket.WebSocketPool;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the examples of docs/groups.md against real servers. */
@Timeout(60)
class GroupExamplesTest {
    private static JdbcEndpoint database(String name) {
        return JdbcEndpoint.url("jdbc:h2:mem:groups-" + name + ";DB_CLOSE_DELAY=-1")
                .initSql("create table if not exists orders (id int)");
    }

    @Test
    void readsAreSpreadOverTheReplicas() throws SQLException {
        try (var pool = Databases.newPool(database("p"), database("r1"), database("r2"))) {
            try (var held = pool.group("readers").connection()) {
                assertThat(held.endpoint()).isIn("r1", "r2");
                assertThat(Databases.orders(pool)).isZero();
            }
            assertThat(pool.group("readers").stats().leases()).isEqualTo(Map.of("r1", 1L, "r2", 1L));
        }
    }

    @Test
    void thePrimaryServesReadsWhenNoReplicaCan() throws SQLException {
        var dead = JdbcEndpoint.url("jdbc:h2:mem:dead;IFEXISTS=TRUE");
        try (var pool = Databases.newPoolThatReadsFromThePrimaryToo(database("p"), dead, dead)) {
            assertThat(Databases.orders(pool)).isZero();
            assertThat(pool.group("readers").stats().leases()).containsEntry("primary", 1L);
        }
    }

    @Test
    void theSecondProviderServesWhatTheFirstCannot() throws Exception {
        try (var main = EchoServer.start();
                var second = EchoServer.start();
                var pool = WebSocketPool.builder().build()) {
            var providers = Providers.providers(
                    pool,
                    main.endpoint("/main").uri().toString(),
                    second.endpoint("/second").uri().toString());
            assertThat(Providers.ask(providers, "a")).isEqualTo("/main|a");
            main.close();
            pool.pool().evictAll();
            assertThat(Providers.ask(providers, "b")).isEqualTo("/second|b");
        }
    }

    @Test
    void aHedgedGroupServes() throws Exception {
        try (var server = EchoServer.start();
                var pool = WebSocketPool.builder().build()) {
            var group = Providers.hedged(pool.pool(), server.endpoint("/a"), server.endpoint("/b"));
            assertThat(Providers.ask(group, "x")).isIn("/a|x", "/b|x");
        }
    }

    @Test
    void aSessionFollowsTheRegionThatIsUp() throws Exception {
        var texts = new ConcurrentLinkedQueue<String>();
        try (var eu = EchoServer.start();
                var us = EchoServer.start();
                var pool = WebSocketPool.builder().build();
                var session = Regions.follow(
                        pool,
                        message -> texts.add(message.text()),
                        eu.endpoint("/eu").uri().toString(),
                        us.endpoint("/us").uri().toString())) {
            await().until(() -> texts.contains("/eu|{\"subscribe\":\"trades\"}"));
            eu.close();
            await().until(() -> texts.contains("/us|{\"subscribe\":\"trades\"}"));
            assertThat(session.moves()).isEqualTo(1);
        }
    }
}
