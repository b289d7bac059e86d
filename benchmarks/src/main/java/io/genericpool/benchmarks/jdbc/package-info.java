/** JDBC: the pool beside HikariCP, on a stub driver and on PostgreSQL. */
package io.genericpool.benchmarks.jdbc;
