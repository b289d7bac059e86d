package io.genericpool.testkit.internal.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireInterruptedException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Something a pool was asked for, by a thread that blocks or as a future; and what became of it. */
public final class Pending<T> {
    private final World world;
    private final Future<T> result;
    private final @Nullable Thread thread;

    public Pending(World world, Future<T> result, @Nullable Thread thread) {
        this.world = world;
        this.result = result;
        this.thread = thread;
    }

    /** What it came to; everything that is due is done first, but no time passes. */
    public T value() {
        world.await("the end of a request", this::isDone);
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new AssertionError("the request failed", e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** What it failed with, as its caller sees it. */
    public Throwable failure() {
        world.await("the end of a request", this::isDone);
        try {
            throw new AssertionError("expected a failure, but got " + result.get());
        } catch (ExecutionException e) {
            var cause = e.getCause();
            return causeOf(cause instanceof CompletionException ? cause : e);
        } catch (CancellationException e) {
            return e;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static Throwable causeOf(Throwable wrapper) {
        var cause = wrapper.getCause();
        return cause == null ? wrapper : cause;
    }

    public <X extends Throwable> X failsWith(Class<X> type) {
        var failure = failure();
        assertThat(failure).isInstanceOf(type);
        return type.cast(failure);
    }

    public boolean isDone() {
        return result.isDone() && (thread == null || !thread.isAlive());
    }

    public boolean hasFailed() {
        world.settle();
        if (!isDone()) {
            return false;
        }
        return result instanceof CompletableFuture && ((CompletableFuture<T>) result).isCompletedExceptionally();
    }

    public void assertWaits() {
        world.settle();
        assertThat(isDone()).as("request is done").isFalse();
    }

    /** Gives up: interrupts the caller, or cancels the future. */
    public void cancel() {
        if (thread == null) {
            result.cancel(true);
        } else {
            thread.interrupt();
        }
    }

    public void assertCancelled() {
        if (thread == null) {
            failsWith(CancellationException.class);
        } else {
            failsWith(AcquireInterruptedException.class);
        }
    }

    public CompletableFuture<T> future() {
        return (CompletableFuture<T>) result;
    }

    public @Nullable Thread thread() {
        return thread;
    }
}
