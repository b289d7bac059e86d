package io.genericpool.examples.groups;

import io.genericpool.group.Routing;
import io.genericpool.jdbc.DatabaseRole;
import io.genericpool.jdbc.JdbcEndpoint;
import io.genericpool.jdbc.JdbcPool;
import java.sql.SQLException;
import java.time.Duration;

/** Writes at a primary, and reads from its replicas. */
final class Databases {
    private Databases() {}

    static JdbcPool newPool(JdbcEndpoint primary, JdbcEndpoint one, JdbcEndpoint two) {
        return JdbcPool.builder()
                .endpoint("primary", primary.role(DatabaseRole.WRITER))
                .endpoint("r1", one)
                .endpoint("r2", two)
                .group("readers", DatabaseRole.READER, Routing.leastLoaded(), "r1", "r2")
                .maxSize(20)
                .acquireTimeout(Duration.ofSeconds(5))
                .build();
    }

    static int orders(JdbcPool pool) throws SQLException {
        try (var connection = pool.dataSource("readers").getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from orders")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    static JdbcPool newPoolThatReadsFromThePrimaryToo(JdbcEndpoint primary, JdbcEndpoint one, JdbcEndpoint two) {
        return JdbcPool.builder()
                .endpoint("primary", primary)
                .endpoint("r1", one)
                .endpoint("r2", two)
                .group(
                        "readers",
                        Routing.leastLoaded().tier(name -> name.equals("primary") ? 1 : 0),
                        "r1",
                        "r2",
                        "primary")
                .build();
    }
}
