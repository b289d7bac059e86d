/**
 * What users of a pool call: {@link io.genericpool.ConnectionPool}, its {@link io.genericpool.Lease leases}, limits,
 * statistics and errors. A pool is built by {@code io.genericpool.core.ConnectionPools}; plug-ins implement
 * {@code io.genericpool.spi}.
 */
@NullMarked
package io.genericpool;

import org.jspecify.annotations.NullMarked;
