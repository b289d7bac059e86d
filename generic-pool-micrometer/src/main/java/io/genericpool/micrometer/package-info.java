/**
 * Publishes the statistics of pools as Micrometer meters. {@link io.genericpool.micrometer.ConnectionPoolMetrics} reads
 * the statistics of any pool when a registry asks for them. {@link io.genericpool.micrometer.PoolTimers} measures
 * connection attempts, waits and leases as a listener of the pool.
 * {@link io.genericpool.micrometer.WebSocketPoolMetrics} publishes the traffic of a WebSocket pool.
 */
@NullMarked
package io.genericpool.micrometer;

import org.jspecify.annotations.NullMarked;
