package io.genericpool.kotlin

import io.genericpool.ConnectionPool
import io.genericpool.core.ConnectionPools
import java.time.Duration
import java.util.concurrent.ThreadLocalRandom
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/**
 * Coroutines that are cancelled at any moment, from another thread than the one that grants. Afterwards no lease is out, and
 * all connections can be leased at once. `-Dstorm.coroutines` and `-Dstorm.runs` make it longer.
 */
@Timeout(300)
class CancellationStormTest {
    private val coroutines = Integer.getInteger("storm.coroutines", 20_000)
    private val runs = Integer.getInteger("storm.runs", 1)
    private val connections = 4

    @Test
    fun `no lease is lost by withConnection`() = storm { pool -> pool.withConnection("a") { yield() } }

    @Test
    fun `no lease is lost by acquire`() = storm { pool -> pool.acquire("a").release() }

    private fun storm(work: suspend (ConnectionPool<String, Int>) -> Unit) = repeat(runs) {
        ConnectionPools.builder(Numbers())
            .maxSize(connections)
            .acquireTimeout(Duration.ofSeconds(60))
            .build()
            .use { pool ->
                runBlocking(Dispatchers.Default) {
                    repeat(coroutines / BATCH) {
                        coroutineScope { repeat(BATCH) { cancelAtAnyMoment { work(pool) } } }
                    }
                }
                await().atMost(Duration.ofSeconds(60)).untilAsserted { assertThat(pool.stats().leased()).isZero() }
                assertThat(pool.stats().waiters()).isZero()
                val all = List(connections) { pool.connection("a", Duration.ofSeconds(10)) }
                assertThat(all.map { it.connection() }.distinct()).hasSize(connections)
                all.forEach { it.release() }
            }
    }

    private fun kotlinx.coroutines.CoroutineScope.cancelAtAnyMoment(work: suspend () -> Unit) {
        val job = launch { work() }
        when (ThreadLocalRandom.current().nextInt(4)) {
            0 -> job.cancel()
            1 -> launch { job.cancel() }
            2 -> launch {
                yield()
                job.cancel()
            }
            else -> {} // it ends by itself
        }
    }

    private companion object {
        const val BATCH = 1000
    }
}
