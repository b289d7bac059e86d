package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pool's face and its builder. */
@Timeout(60)
class JdbcPoolTest {
    private static JdbcPoolBuilder twoDatabases() {
        return JdbcPool.builder().endpoint("a", H2.url("pool-a")).endpoint("b", H2.source("pool-b"));
    }

    @Test
    void eachNameIsADatabaseOfItsOwn() throws Exception {
        try (var pool = twoDatabases().build()) {
            pool.use("a", connection -> connection.createStatement().execute("create table only_a (id int)"));
            try (var inB = pool.dataSource("b").getConnection()) {
                assertThatThrownBy(() -> inB.createStatement().executeQuery("select * from only_a"))
                        .hasMessageContaining("ONLY_A");
            }
            int rows = pool.use("a", connection -> {
                var result = connection.createStatement().executeQuery("select count(*) from only_a");
                result.next();
                return result.getInt(1);
            });
            assertThat(rows).isZero();
            assertThat(pool.stats().endpoints()).isEqualTo(2);
            assertThat(pool.stats("a").orElseThrow().created()).isEqualTo(1);
        }
    }

    @Test
    void warmUpOpensConnectionsBeforeTheyAreAskedFor() {
        try (var pool = twoDatabases()
                .maxSize(5)
                .connectTimeout(Duration.ofSeconds(60)) // the first one starts the database
                .warmUp(3, "a", "b")
                .build()) {
            assertThat(pool.warmedUp().join()).isEqualTo(6);
            assertThat(pool.stats("b").orElseThrow().idle()).isEqualTo(3);
            assertThat(pool.warmUp("b", 4).join()).isEqualTo(1);
        }
    }

    @Test
    void theKnobsReachThePool() {
        try (var pool = twoDatabases()
                .maxSize(7)
                .totalMaxSize(9)
                .minIdle(1)
                .acquireTimeout(Duration.ofSeconds(3))
                .connectTimeout(Duration.ofSeconds(4))
                .idleTimeout(Duration.ofSeconds(5))
                .maxLifetime(Duration.ofSeconds(6))
                .keepaliveInterval(Duration.ofSeconds(2))
                .name("shop")
                .pool(knobs -> knobs.maxLeases(8))
                .build()) {
            var config = pool.pool().config();
            assertThat(config.defaultLimits().maxSize()).isEqualTo(7);
            assertThat(config.totalMaxSize()).isEqualTo(9);
            assertThat(config.defaultLimits().minIdle()).isEqualTo(1);
            assertThat(config.acquireTimeout()).hasSeconds(3);
            assertThat(config.connectTimeout()).hasSeconds(4);
            assertThat(config.idleTimeout()).hasSeconds(5);
            assertThat(config.maxLifetime()).hasSeconds(6);
            assertThat(config.keepaliveInterval()).hasSeconds(2);
            assertThat(config.name()).isEqualTo("shop");
            assertThat(config.maxLeases()).isEqualTo(8);
        }
    }

    @Test
    void badInputIsRefusedAtOnceAndNamed() {
        assertThatThrownBy(() -> JdbcEndpoint.url("postgresql://me:secret@host/db"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("url")
                .hasMessageContaining("jdbc:")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> JdbcEndpoint.url("jdbc:h2:mem:a").isolation(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("isolation")
                .hasMessageContaining("3");
        assertThatThrownBy(() -> JdbcEndpoint.dataSource(H2.source("a")).property("user", "x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("user");
        assertThatThrownBy(() -> JdbcPool.builder().endpoint(" ", H2.url("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
        assertThatThrownBy(() -> twoDatabases().endpoint("a", H2.url("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endpoint a ");
        assertThatThrownBy(() -> JdbcPool.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endpoint");
        assertThatThrownBy(() -> twoDatabases().warmUp(-1, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("warmUp")
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> twoDatabases().warmUp(1, "c").build())
                .hasMessage("endpoint must be one of [a, b], but is c");
        assertThatThrownBy(() -> twoDatabases().maxSize(5).totalMaxSize(4).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxSize");
        assertThatThrownBy(() -> JdbcEndpoint.dataSource(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("dataSource");
    }

    @Test
    void virtualThreadsAreRefusedWhereThereAreNone() {
        if (Runtime.version().feature() < 21) {
            assertThatThrownBy(() -> JdbcConnectionManager.builder().virtualThreads(true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("21");
        } else {
            try (var pool = twoDatabases()
                    .connections(knobs -> knobs.virtualThreads(true))
                    .warmUp(1, "a")
                    .build()) {
                assertThat(pool.warmedUp().join()).isEqualTo(1);
            }
        }
    }

    @Test
    void theEndpointIsNotChangedByItsCopies() {
        var base = JdbcEndpoint.url(H2.url("copies"));
        var changed = base.readOnly(true).schema("x").initSql("select 1");
        assertThat(base.readOnly).isNull();
        assertThat(base.schema).isNull();
        assertThat(base.initSql()).isEmpty();
        assertThat(changed.readOnly).isTrue();
    }

    @Test
    void keepaliveChecksIdleConnectionsAndDropsDeadOnes() throws Exception {
        var opened = new AtomicInteger();
        var first = new java.util.concurrent.atomic.AtomicReference<java.sql.Connection>();
        try (var pool = JdbcPool.builder()
                .endpoint("a", new Source(() -> {
                    var connection = H2.source("keepalive").getConnection();
                    opened.incrementAndGet();
                    first.compareAndSet(null, connection);
                    return connection;
                }))
                .keepaliveInterval(Duration.ofMillis(50))
                .build()) {
            pool.dataSource("a").getConnection().close();
            first.get().close();
            await().untilAsserted(() ->
                    assertThat(pool.stats().disposed(DisposeReason.DEAD)).isEqualTo(1));
            assertThat(opened).hasValue(1);
        }
    }

    @Test
    void afterTheCloseNoThreadIsLeft() throws Exception {
        var pool = twoDatabases()
                .name("leaves-none")
                .connections(knobs -> knobs.virtualThreads(false))
                .warmUp(2, "a", "b")
                .build();
        pool.warmedUp().join();
        try (var connection = pool.dataSource("a").getConnection()) {
            connection.setReadOnly(true);
        }
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("leaves-none")));
    }
}
