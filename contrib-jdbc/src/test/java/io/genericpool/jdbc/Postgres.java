package io.genericpool.jdbc;

/** The servers that all tests share, started when the first one asks; those that stop a server have one of their own. */
final class Postgres {
    private static PostgresServer master;
    private static PostgresServer replica;

    private Postgres() {}

    static synchronized PostgresServer master() throws Exception {
        if (master == null) {
            master = PostgresServer.start(50);
        }
        return master;
    }

    /** A second, independent server; nothing is replicated. */
    static synchronized PostgresServer replica() throws Exception {
        if (replica == null) {
            replica = PostgresServer.start(50);
        }
        return replica;
    }
}
