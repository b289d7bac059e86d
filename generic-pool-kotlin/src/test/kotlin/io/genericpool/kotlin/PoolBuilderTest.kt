package io.genericpool.kotlin

import io.genericpool.EndpointLimits
import java.time.Duration as JavaDuration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** A pool is built in a block, with Kotlin's durations. */
class PoolBuilderTest {
    @Test
    fun `what the block sets reaches the pool, and the rest is as by default`() {
        connectionPool(Numbers()) {
            maxSize(3)
            acquireTimeout(2.seconds)
            connectTimeout(1.seconds)
            checkTimeout(3.seconds)
            resetTimeout(4.seconds)
            disposeTimeout(5.seconds)
            closeTimeout(6.seconds)
            idleTimeout(7.minutes)
            maxLifetime(80.minutes)
            keepaliveInterval(9.minutes)
            alivenessBypass(1.seconds)
            leakDetectionThreshold(11.minutes)
        }.use { pool ->
            val config = pool.config()
            assertThat(config.defaultLimits()).isEqualTo(EndpointLimits.of(0, 3))
            assertThat(
                listOf(
                    config.acquireTimeout(),
                    config.connectTimeout(),
                    config.checkTimeout(),
                    config.resetTimeout(),
                    config.disposeTimeout(),
                    config.closeTimeout(),
                ),
            ).containsExactly(
                JavaDuration.ofSeconds(2),
                JavaDuration.ofSeconds(1),
                JavaDuration.ofSeconds(3),
                JavaDuration.ofSeconds(4),
                JavaDuration.ofSeconds(5),
                JavaDuration.ofSeconds(6),
            )
            assertThat(
                listOf(
                    config.idleTimeout(),
                    config.maxLifetime(),
                    config.keepaliveInterval(),
                    config.alivenessBypass(),
                    config.leakDetectionThreshold(),
                ),
            ).containsExactly(
                JavaDuration.ofMinutes(7),
                JavaDuration.ofMinutes(80),
                JavaDuration.ofMinutes(9),
                JavaDuration.ofSeconds(1),
                JavaDuration.ofMinutes(11),
            )
        }
        connectionPool(Numbers()).use { pool ->
            assertThat(pool.config().acquireTimeout()).isEqualTo(JavaDuration.ofSeconds(30))
        }
    }

    @Test
    fun `a refused value is named with its bound`() {
        val refused = assertThrows<IllegalArgumentException> { connectionPool(Numbers()) { acquireTimeout((-1).seconds) } }
        assertThat(refused).hasMessageContaining("acquireTimeout")
    }
}
