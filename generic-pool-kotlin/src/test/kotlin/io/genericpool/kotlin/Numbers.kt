package io.genericpool.kotlin

import io.genericpool.spi.ConnectionManager
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicInteger

/** Connections are numbers. Failures of arguments leave a connection alive, and so do cancellations. */
class Numbers : ConnectionManager<String, Int> {
    private val last = AtomicInteger()

    override fun create(endpoint: String, timeout: Duration): Int = last.incrementAndGet()

    override fun dispose(endpoint: String, connection: Int, timeout: Duration) {}

    override fun isFatal(endpoint: String, connection: Int, failure: Throwable): Boolean =
        !(failure is IllegalArgumentException || failure is CancellationException)
}
