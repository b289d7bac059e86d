package io.genericpool.jdbc;

import java.util.List;

/** Tells a network timeout that it cannot set. */
class HsqldbDriverTest extends DriverContract {
    @Override
    JdbcEndpoint endpoint() {
        return JdbcEndpoint.url("jdbc:hsqldb:mem:matrix").credentials("SA", "");
    }

    @Override
    JdbcEndpoint refusedEndpoint(String secret) {
        return JdbcEndpoint.url("jdbc:hsqldb:mem:matrix;password=" + secret).credentials("SA", secret);
    }

    @Override
    List<String> beginnings() {
        return List.of("SET AUTOCOMMIT FALSE"); // START TRANSACTION does not stop autocommit
    }
}
