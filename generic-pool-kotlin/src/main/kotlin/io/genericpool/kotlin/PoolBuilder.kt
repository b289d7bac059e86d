package io.genericpool.kotlin

import io.genericpool.ConnectionPool
import io.genericpool.core.ConnectionPoolBuilder
import io.genericpool.core.ConnectionPools
import io.genericpool.spi.ConnectionManager
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * Builds a pool. All methods of the builder may be called in the block, and those of time limits take Kotlin's durations
 * as well.
 *
 * @param manager what opens, checks and disposes connections
 * @param configure sets knobs; those that are left out have their defaults
 * @return the pool, which the caller closes
 * @throws IllegalArgumentException when a knob has a value that the pool refuses; the message names both
 */
public fun <E : Any, C : Any> connectionPool(
    manager: ConnectionManager<E, C>,
    configure: ConnectionPoolBuilder<E, C>.() -> Unit = {},
): ConnectionPool<E, C> = ConnectionPools.builder(manager).apply(configure).build()

/** Sets the time limit of an acquire: queue, connection attempt and check together. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.acquireTimeout(
    value: Duration,
): ConnectionPoolBuilder<E, C> = acquireTimeout(value.toJavaDuration())

/** Sets the time limit of one connection attempt. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.connectTimeout(
    value: Duration,
): ConnectionPoolBuilder<E, C> = connectTimeout(value.toJavaDuration())

/** Sets the time limit of one aliveness check. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.checkTimeout(
    value: Duration,
): ConnectionPoolBuilder<E, C> = checkTimeout(value.toJavaDuration())

/** Sets the time limit of one reset between two leases. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.resetTimeout(
    value: Duration,
): ConnectionPoolBuilder<E, C> = resetTimeout(value.toJavaDuration())

/** Sets the time limit of one disposal. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.disposeTimeout(
    value: Duration,
): ConnectionPoolBuilder<E, C> = disposeTimeout(value.toJavaDuration())

/** Sets how long a close waits for leases. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.closeTimeout(
    value: Duration,
): ConnectionPoolBuilder<E, C> = closeTimeout(value.toJavaDuration())

/** Sets after which time without use a connection beyond `minIdle` is closed. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.idleTimeout(
    value: Duration,
): ConnectionPoolBuilder<E, C> = idleTimeout(value.toJavaDuration())

/** Sets the age at which a connection is no longer lent. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.maxLifetime(
    value: Duration,
): ConnectionPoolBuilder<E, C> = maxLifetime(value.toJavaDuration())

/** Sets after which time without use an idle connection is checked. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.keepaliveInterval(
    value: Duration,
): ConnectionPoolBuilder<E, C> = keepaliveInterval(value.toJavaDuration())

/** Sets for how long after its last use a connection is lent without a check. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.alivenessBypass(
    value: Duration,
): ConnectionPoolBuilder<E, C> = alivenessBypass(value.toJavaDuration())

/** Sets after which time a held lease is reported as a leak. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.leakDetectionThreshold(
    value: Duration,
): ConnectionPoolBuilder<E, C> = leakDetectionThreshold(value.toJavaDuration())

/** Sets how often the addresses of endpoints are looked up anew. */
public fun <E : Any, C : Any> ConnectionPoolBuilder<E, C>.addressWatch(
    value: Duration,
): ConnectionPoolBuilder<E, C> = addressWatch(value.toJavaDuration())
