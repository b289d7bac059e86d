package io.genericpool.jdbc;

import java.util.List;

/** Begins no transaction by a text, and refuses to commit a read-only one it does not know. */
class DerbyDriverTest extends DriverContract {
    @Override
    JdbcEndpoint endpoint() {
        return JdbcEndpoint.url("jdbc:derby:memory:matrix;create=true");
    }

    @Override
    JdbcEndpoint refusedEndpoint(String secret) {
        return JdbcEndpoint.url("jdbc:derby:memory:nowhere;password=" + secret);
    }

    @Override
    List<String> beginnings() {
        return List.of();
    }

    @Override
    List<String> names() {
        return List.of("APP", "SYS", "nowhere");
    }
}
