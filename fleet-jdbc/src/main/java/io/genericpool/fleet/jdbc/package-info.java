/**
 * The ledger of a fleet in PostgreSQL. {@link io.genericpool.fleet.jdbc.PostgresEngine} is the engine to give to
 * {@code io.genericpool.fleet.FleetLimits}.
 */
@NullMarked
package io.genericpool.fleet.jdbc;

import org.jspecify.annotations.NullMarked;
