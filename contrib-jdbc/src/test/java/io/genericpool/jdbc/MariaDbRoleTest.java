package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The role of a MariaDB server where one is installed, by both drivers. */
@Timeout(120)
class MariaDbRoleTest {
    private MariaDbServer server;
    private JdbcPool pool;

    @BeforeEach
    void start() throws Exception {
        server = MariaDbServer.get();
        // Without the privilege to write in spite of read_only.
        server.administer("create or replace user writing@'127.0.0.1' identified by 'secret'");
        server.administer("grant create, drop, select on shop.* to writing@'127.0.0.1'");
    }

    @AfterEach
    void stop() throws SQLException {
        if (pool != null) {
            pool.close();
        }
        if (server != null) {
            server.administer("set global read_only = 0");
        }
    }

    private JdbcPool open(String vendor, DatabaseRole role) {
        return JdbcPool.builder()
                .endpoint(
                        "shop",
                        JdbcEndpoint.url(server.url(vendor))
                                .credentials("writing", "secret")
                                .role(role))
                .wrongRolePause(Duration.ofMillis(200))
                .pool(knobs -> knobs.alivenessBypass(Duration.ofSeconds(30)))
                .build();
    }

    private void write() throws SQLException {
        try (var connection = pool.dataSource("shop").getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists written (id int)");
            statement.execute("drop table written");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "mysql"})
    void aWriterThatRefusesAWriteLeavesThePoolUntilItAcceptsThemAgain(String vendor) throws Exception {
        pool = open(vendor, DatabaseRole.WRITER);
        write();
        server.administer("set global read_only = 1");
        assertThatThrownBy(this::write)
                .isInstanceOf(SQLException.class)
                .satisfies(e -> assertThat(((SQLException) e).getErrorCode()).isEqualTo(1290));
        assertThatThrownBy(this::write).hasRootCauseInstanceOf(DatabaseRoleException.class);
        await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());
        server.administer("set global read_only = 0");
        await().ignoreExceptions().untilAsserted(this::write);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "mysql"})
    void aReaderIsAServerThatIsReadOnly(String vendor) throws Exception {
        pool = open(vendor, DatabaseRole.READER);
        assertThatThrownBy(this::write)
                .hasRootCauseInstanceOf(DatabaseRoleException.class)
                .hasMessageContaining("accepts writes");
        server.administer("set global read_only = 1");
        await().ignoreExceptions().untilAsserted(() -> {
            try (var connection = pool.dataSource("shop").getConnection()) {
                assertThat(connection.isValid(5)).isTrue();
            }
        });
    }
}
