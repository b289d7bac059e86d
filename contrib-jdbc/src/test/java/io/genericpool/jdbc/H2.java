package io.genericpool.jdbc;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Databases in this process, each under its name for as long as the process lives. */
final class H2 {
    private H2() {}

    static String url(String name) {
        return "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1";
    }

    static DataSource source(String name) {
        var source = new JdbcDataSource();
        source.setURL(url(name));
        return source;
    }
}
