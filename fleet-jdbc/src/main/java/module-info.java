/** The ledger of a fleet in PostgreSQL. */
@org.jspecify.annotations.NullMarked
module io.genericpool.fleet.jdbc {
    requires transitive io.genericpool.api;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.checkerframework.checker.qual;
    requires static org.postgresql.jdbc;
    requires static transitive org.jspecify;

    exports io.genericpool.fleet.jdbc;
}
