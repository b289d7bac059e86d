package io.genericpool.jdbc;

class H2DriverTest extends DriverContract {
    @Override
    JdbcEndpoint endpoint() {
        return JdbcEndpoint.url(H2.url("matrix")).credentials("sa", "");
    }

    @Override
    JdbcEndpoint refusedEndpoint(String secret) {
        return JdbcEndpoint.url("jdbc:h2:mem:matrix;NO_SUCH_SETTING=1;PASSWORD=" + secret);
    }
}
