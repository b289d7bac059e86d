package io.genericpool.jdbc;

import java.util.List;

class PostgresDriverTest extends DriverContract {
    @Override
    JdbcEndpoint endpoint() throws Exception {
        return Postgres.master().endpoint();
    }

    @Override
    JdbcEndpoint refusedEndpoint(String secret) throws Exception {
        return Postgres.master().endpoint().credentials(PostgresServer.USER, secret);
    }

    @Override
    List<String> names() {
        return List.of("public", "pg_catalog", "nowhere");
    }
}
