package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JDBC 4.3: the driver hears where the work of a holder begins and ends. */
@Timeout(60)
class RequestsTest {
    private final StubDriver driver = new StubDriver();
    private final JdbcPool pool =
            JdbcPool.builder().endpoint("database", driver.source()).maxSize(1).build();

    @AfterEach
    void stop() {
        pool.close();
    }

    private List<String> requests() {
        return driver.calls().stream()
                .filter(call -> call.endsWith("Request()") || call.startsWith("rollback"))
                .toList();
    }

    @Test
    void aRequestLastsAsLongAsItsLease() throws Exception {
        var source = pool.dataSource("database");
        for (int i = 0; i < 2; i++) {
            var connection = source.getConnection();
            assertThat(requests()).containsExactly("beginRequest()");
            connection.close();
            assertThat(requests()).containsExactly("endRequest()");
        }
    }

    @Test
    void aRequestEndsAfterTheReset() throws Exception {
        try (var connection = pool.dataSource("database").getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("insert");
            assertThat(requests()).containsExactly("beginRequest()");
        }
        await().until(() -> pool.stats().idle() == 1);
        assertThat(requests()).containsExactly("rollback()", "endRequest()");
    }

    @Test
    void aDriverThatFailsToBeginOrEndARequestLosesTheConnection() throws Exception {
        driver.on("endRequest", arguments -> {
            throw new SQLException("the request cannot end");
        });
        pool.dataSource("database").getConnection().close();
        await().until(() -> pool.stats().disposed() == 1);
        driver.on("beginRequest", arguments -> {
            throw new SQLException("the request cannot begin");
        });
        assertThatThrownBy(() -> pool.dataSource("database").getConnection())
                .isInstanceOf(SQLException.class)
                .hasStackTraceContaining("the request cannot begin");
        await().until(() -> pool.stats().disposed() == 2);
    }
}
