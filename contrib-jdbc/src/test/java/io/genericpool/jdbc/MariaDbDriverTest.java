package io.genericpool.jdbc;

import java.util.List;

/** MariaDB's driver, at a MariaDB server where one is installed. */
class MariaDbDriverTest extends DriverContract {
    @Override
    JdbcEndpoint endpoint() throws Exception {
        return JdbcEndpoint.url(MariaDbServer.get().url("mariadb"))
                .credentials(MariaDbServer.USER, MariaDbServer.PASSWORD);
    }

    @Override
    JdbcEndpoint refusedEndpoint(String secret) throws Exception {
        return JdbcEndpoint.url(MariaDbServer.get().url("mariadb")).credentials(MariaDbServer.USER, secret);
    }

    @Override
    List<String> beginnings() {
        return List.of("BEGIN", "START TRANSACTION", "SET autocommit = 0", "/*! BEGIN */");
    }

    @Override
    List<String> names() {
        return List.of("other", "nowhere");
    }
}
