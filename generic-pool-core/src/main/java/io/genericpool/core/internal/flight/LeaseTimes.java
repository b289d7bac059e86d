package io.genericpool.core.internal.flight;

/**
 * The times of one lease, in nanoseconds.
 *
 * @param waited from the request until the connection was given away to it
 * @param handOver from then until the requester ran
 * @param held from when it was given away until the end
 * @param endedAt the end, by the pool's clock
 */
public record LeaseTimes(long waited, long handOver, long held, long endedAt) {}
