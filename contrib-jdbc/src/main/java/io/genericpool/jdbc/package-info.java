/**
 * JDBC connections for the pool. {@link io.genericpool.jdbc.JdbcPool} provides a {@link javax.sql.DataSource} per
 * database. {@link io.genericpool.jdbc.JdbcConnectionManager} opens, resets and checks the connections.
 */
@NullMarked
package io.genericpool.jdbc;

import org.jspecify.annotations.NullMarked;
