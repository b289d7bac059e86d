package io.genericpool.support;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes blocking calls of a store one after the other, on one daemon that ends when idle. Each call is bounded in time,
 * with the time that it waits for those before it; so is the number of those that wait. Thread-safe.
 */
public final class SerialCalls implements AutoCloseable {
    private static final long IDLE_SECONDS = 60;

    private final long timeoutNanos;
    private final int mostWaiting;
    private final ThreadPoolExecutor caller;
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Starts no thread yet. */
    public SerialCalls(String threadName, long timeoutNanos, int mostWaiting) {
        this.timeoutNanos = timeoutNanos;
        this.mostWaiting = mostWaiting;
        this.caller = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(mostWaiting),
                PoolThreads.named(threadName));
        caller.allowCoreThreadTimeOut(true);
    }

    /** Returns at once. A call that is overdue before its turn is not made. */
    @SuppressWarnings("CollectionUndefinedEquality") // each future is equal to itself alone
    public <T> CompletableFuture<T> call(Callable<T> call) {
        var result = new CompletableFuture<T>();
        pending.add(result);
        try {
            caller.execute(() -> run(call, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(
                    closed ? closedException() : new IOException("more than " + mostWaiting + " calls wait", e));
        }
        if (closed) { // after it was added: else close may have missed it
            result.completeExceptionally(closedException());
        }
        CompletableFuture<T> bounded = result.orTimeout(timeoutNanos, TimeUnit.NANOSECONDS);
        CompletableFuture<T> unused = bounded.whenComplete((value, failure) -> pending.remove(result));
        return bounded;
    }

    private static <T> void run(Callable<T> call, CompletableFuture<T> result) {
        if (result.isDone()) {
            return;
        }
        try {
            result.complete(call.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    private static IOException closedException() {
        return new IOException("the engine is closed");
    }

    /** Fails all calls. The one in progress is interrupted, which may not end it. */
    @Override
    public void close() {
        closed = true;
        caller.shutdownNow();
        pending.forEach(result -> result.completeExceptionally(closedException()));
    }
}
