package io.genericpool.kotlin

import io.genericpool.ConnectionPool
import io.genericpool.spi.ConnectionManager
import io.genericpool.websocket.WebSocketPool
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat

/** What docs/kotlin.md shows. */
internal object Snippets {
    private fun query(connection: Int, text: String) = "$text over $connection"

    suspend fun balance(pool: ConnectionPool<String, Int>): String =
        pool.withConnection("master", timeout = 2.seconds) { connection ->
            query(connection, "balance")
        }

    suspend fun report(pool: ConnectionPool<String, Int>): String =
        pool.withConnectionBlocking("replica") { connection ->
            query(connection, "report") // runs on Dispatchers.IO
        }

    suspend fun lease(pool: ConnectionPool<String, Int>): String =
        pool.acquire("master").use { lease ->
            query(lease.connection(), "lease")
        }

    fun build(manager: ConnectionManager<String, Int>): ConnectionPool<String, Int> {
        val pool = connectionPool(manager) {
            maxSize(8)
            acquireTimeout(2.seconds)
            idleTimeout(5.minutes)
        }
        return pool
    }

    suspend fun prices(pool: WebSocketPool) {
        pool.connection("/prices").use { lease ->
            lease.connection().incoming().take(3).collect { message -> println(message.text()) }
        }
    }

    fun run() = build(Numbers()).use { pool ->
        runBlocking {
            assertThat(balance(pool)).isEqualTo("balance over 1")
            assertThat(report(pool)).isEqualTo("report over 2")
            assertThat(lease(pool)).isEqualTo("lease over 1")
        }
    }
}
