/**
 * The API for users of a pool: {@link io.genericpool.ConnectionPool}, its {@link io.genericpool.Lease leases}, limits,
 * statistics and errors. {@code io.genericpool.core.ConnectionPools} builds pools. Plug-ins implement
 * {@code io.genericpool.spi}.
 */
@NullMarked
package io.genericpool;

import org.jspecify.annotations.NullMarked;
