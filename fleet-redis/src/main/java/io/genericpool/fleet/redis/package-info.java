/**
 * The ledger of a fleet in Redis or Valkey. {@link io.genericpool.fleet.redis.RedisEngine} is the engine to give to
 * {@code io.genericpool.fleet.FleetLimits}.
 */
@NullMarked
package io.genericpool.fleet.redis;

import org.jspecify.annotations.NullMarked;
