package io.genericpool.micrometer;

import io.genericpool.PoolStats;
import io.genericpool.group.GroupStats;
import java.util.Map;

/**
 * One snapshot for all meters of a pool.
 *
 * @param minIdle the sum over the endpoints; zero unless endpoints are read
 * @param endpoints the rows of the endpoint meters by their tag; empty without such meters
 * @param groups the open groups by name, in the order of their names
 */
record PoolReading(
        PoolStats stats, long minIdle, Map<String, EndpointSums> endpoints, Map<String, GroupStats<?>> groups) {}
