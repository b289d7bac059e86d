package io.genericpool.kotlin

import io.genericpool.AcquireTimeoutException
import io.genericpool.ConnectionPool
import io.genericpool.PoolClosedException
import io.genericpool.core.ConnectionPools
import java.time.Duration as JavaDuration
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.assertThrows

/** What a coroutine gets from a pool, and what is left when it ends in any way. */
@Timeout(60)
class CoroutinesTest {
    private val pool: ConnectionPool<String, Int> =
        ConnectionPools.builder(Numbers()).maxSize(1).acquireTimeout(JavaDuration.ofSeconds(30)).build()

    @AfterEach
    fun close() {
        pool.close(JavaDuration.ZERO)
    }

    private fun assertNothingOut() {
        await().untilAsserted { assertThat(pool.stats().leased()).isZero() }
        assertThat(pool.stats().waiters()).isZero()
    }

    @Test
    fun `work has a connection, and its result may be null`(): Unit = runBlocking {
        assertThat(pool.withConnection("a") { "result of $it" }).isEqualTo("result of 1")
        assertNull(pool.withConnection("a") { null })
        assertThat(pool.withConnectionBlocking("a") { it + 41 }).isEqualTo(42)
        pool.acquire("a").use { assertThat(it.connection()).isEqualTo(1) }
        assertNothingOut()
        assertThat(pool.stats().created()).isEqualTo(1)
    }

    @Test
    fun `work runs in the context of its caller`(): Unit = runBlocking {
        val caller = Thread.currentThread()
        withContext(CoroutineName("caller")) {
            pool.withConnection("a") {
                assertThat(Thread.currentThread()).isSameAs(caller)
                assertThat(currentCoroutineContext()[CoroutineName]?.name).isEqualTo("caller")
            }
        }
        pool.withConnectionBlocking("a") { assertThat(Thread.currentThread()).isNotSameAs(caller) }
    }

    @Test
    fun `a failure reaches the caller, and the manager decides about the connection`(): Unit = runBlocking {
        assertThrows<IllegalArgumentException> { pool.withConnection("a") { throw IllegalArgumentException("harmless") } }
        assertThat(pool.withConnection("a") { it }).isEqualTo(1)
        assertThrows<IllegalStateException> { pool.withConnectionBlocking("a") { error("fatal") } }
        assertThat(pool.withConnection("a") { it }).isEqualTo(2)
        assertNothingOut()
    }

    @Test
    fun `a request has its timeout and its errors`(): Unit = runBlocking {
        pool.acquire("a").use {
            assertThrows<AcquireTimeoutException> { pool.withConnection("a", 1.milliseconds) { it } }
            assertThrows<AcquireTimeoutException> { pool.acquire("a", 1.milliseconds) }
        }
        assertNothingOut()
        pool.close(JavaDuration.ZERO)
        assertThrows<PoolClosedException> { pool.withConnection("a") { it } }
        assertThrows<PoolClosedException> { pool.acquire("a") }
    }

    @Test
    fun `a cancelled request is withdrawn`(): Unit = runBlocking {
        pool.acquire("a").use {
            val use = launch(Dispatchers.Default) { pool.withConnection("a") { error("it is held") } }
            val lease = launch(Dispatchers.Default) { pool.acquire("a").release() }
            await().until { pool.stats().waiters() == 2 }
            use.cancelAndJoin()
            lease.cancelAndJoin()
            await().until { pool.stats().waiters() == 0 }
        }
        assertNothingOut()
    }

    @Test
    fun `cancelled work ends before others get its connection`(): Unit = runBlocking {
        val started = CompletableDeferred<Unit>()
        val order = mutableListOf<String>()
        val running = launch {
            pool.withConnection("a") {
                started.complete(Unit)
                try {
                    awaitCancellation()
                } finally {
                    order += "ended"
                }
            }
        }
        started.await()
        val next = async {
            pool.withConnection("a") {
                order += "next"
                it
            }
        }
        running.cancel()
        assertThat(next.await()).isEqualTo(1)
        assertThat(order).containsExactly("ended", "next")
    }

    @Test
    fun `a cancellation interrupts work that blocks`(): Unit = runBlocking {
        val started = CountDownLatch(1)
        val running = launch(Dispatchers.Default) {
            pool.withConnectionBlocking("a") {
                started.countDown()
                CountDownLatch(1).await()
            }
        }
        started.await()
        running.cancelAndJoin()
        assertNothingOut()
    }
}
