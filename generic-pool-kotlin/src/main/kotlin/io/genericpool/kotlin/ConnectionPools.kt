package io.genericpool.kotlin

import io.genericpool.ConnectionPool
import io.genericpool.Lease
import java.util.concurrent.CompletionException
import kotlin.coroutines.resumeWithException
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * Runs some work with a connection of the pool, without blocking a thread while it waits. The pool takes the connection
 * back when the work has ended. The work runs in the caller's coroutine context.
 *
 * When the coroutine is cancelled, a waiting request is withdrawn. Work that runs already is cancelled too, and the
 * connection goes back when the work has ended. No moment of a cancellation loses a connection. When the work fails or is
 * cancelled, the manager decides (`isFatal`) whether the connection is pooled again.
 *
 * @param endpoint the endpoint
 * @param timeout the time limit for queue, connection attempt and check together; by default the pool's `acquireTimeout`.
 *     The timeout does not cover the work
 * @param work the work, which must not keep the connection
 * @return the result of the work
 * @throws io.genericpool.PoolException when no connection could be acquired
 */
public suspend fun <E : Any, C : Any, R> ConnectionPool<E, C>.withConnection(
    endpoint: E,
    timeout: Duration? = null,
    work: suspend (C) -> R,
): R = supervisorScope {
    // A plain scope would be cancelled by failed work, and the pool would hear of the cancellation before the failure.
    val scope = this
    val use =
        if (timeout == null) {
            useAsync(endpoint) { connection -> scope.future { Result(work(connection)) } }
        } else {
            useAsync(endpoint, timeout.toJavaDuration()) { connection -> scope.future { Result(work(connection)) } }
        }
    use.await().value
}

/** A result that may be null, where a future's null would say nothing. */
private class Result<R>(val value: R)

/**
 * Runs some work that blocks its thread, such as JDBC, with a connection of the pool. The request waits without a thread.
 * The work then runs on [Dispatchers.IO], and a cancellation of the coroutine interrupts it. The rest is as in
 * [withConnection].
 *
 * @param endpoint the endpoint
 * @param timeout the time limit of the acquire; by default the pool's `acquireTimeout`
 * @param work the work, which must not keep the connection
 * @return the result of the work
 * @throws io.genericpool.PoolException when no connection could be acquired
 */
public suspend fun <E : Any, C : Any, R> ConnectionPool<E, C>.withConnectionBlocking(
    endpoint: E,
    timeout: Duration? = null,
    work: (C) -> R,
): R = withConnection(endpoint, timeout) { connection -> runInterruptible(Dispatchers.IO) { work(connection) } }

/**
 * Acquires a connection without blocking a thread. The caller must release the lease, for example with `use`. Prefer
 * [withConnection], which does that itself.
 *
 * When the coroutine is cancelled, the request is withdrawn. A lease that was granted at the same moment is released.
 *
 * @param endpoint the endpoint
 * @param timeout the time limit for queue, connection attempt and check together; by default the pool's `acquireTimeout`
 * @return the lease
 * @throws io.genericpool.PoolException when no connection could be acquired
 */
public suspend fun <E : Any, C : Any> ConnectionPool<E, C>.acquire(
    endpoint: E,
    timeout: Duration? = null,
): Lease<E, C> = suspendCancellableCoroutine { continuation ->
    val request =
        if (timeout == null) connectionAsync(endpoint) else connectionAsync(endpoint, timeout.toJavaDuration())
    continuation.invokeOnCancellation { request.cancel(false) }
    request.whenComplete { lease, failure ->
        if (lease != null) {
            continuation.resume(lease) { _, granted, _ -> granted.release() }
        } else {
            continuation.resumeWithException(causeOf(failure))
        }
    }
}

private fun causeOf(failure: Throwable): Throwable =
    if (failure is CompletionException) failure.cause ?: failure else failure
