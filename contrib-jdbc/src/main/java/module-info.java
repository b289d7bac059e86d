/** Pooled JDBC connections, and a {@link javax.sql.DataSource} per database. */
@org.jspecify.annotations.NullMarked
module io.genericpool.jdbc {
    requires transitive io.genericpool.api;
    requires transitive io.genericpool.core;
    requires transitive java.sql;
    requires org.apache.commons.dbcp2;
    requires static transitive org.jspecify;

    uses java.sql.Driver;

    exports io.genericpool.jdbc;
}
