package io.genericpool.benchmarks.jdbc;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What the pools connect to. */
final class Databases {
    /** Answers at once. */
    static final String STUB = "stub";
    /** Answers after a millisecond, during which its thread sleeps. */
    static final String STUB_1_MS = "stub, 1 ms";

    static final String POSTGRES = "postgresql";

    /** The system property with the URL of PostgreSQL. */
    static final String URL = "benchmarks.postgresql";

    private Databases() {}

    static DataSource open(String name) {
        return switch (name) {
            case STUB -> new StubSource(0);
            case STUB_1_MS -> new StubSource(1000);
            case POSTGRES -> postgres();
            default -> throw new IllegalArgumentException("no database is called " + name);
        };
    }

    private static DataSource postgres() {
        String url = System.getProperty(URL);
        if (url == null) {
            throw new IllegalStateException("system property " + URL + " must be the URL of a database");
        }
        var source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }
}
