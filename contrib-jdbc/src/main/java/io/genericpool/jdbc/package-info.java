/**
 * JDBC connections for the pool: {@link io.genericpool.jdbc.JdbcPool} gives a {@link javax.sql.DataSource} for each
 * database, {@link io.genericpool.jdbc.JdbcConnectionManager} makes, resets and checks the connections.
 */
@NullMarked
package io.genericpool.jdbc;

import org.jspecify.annotations.NullMarked;
