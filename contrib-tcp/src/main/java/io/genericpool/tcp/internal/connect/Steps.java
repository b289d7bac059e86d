package io.genericpool.tcp.internal.connect;

import io.genericpool.tcp.internal.wire.SelectorWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tlschannel.NeedsReadException;
import tlschannel.NeedsTaskException;
import tlschannel.NeedsWriteException;

/**
 * Runs the steps of a connect one after the other, holding no thread while the socket is not ready. A socket that is closed
 * meanwhile makes the step that waits run again, which then fails.
 */
public final class Steps {
    private final SelectorWatch watch;
    private final Executor executor;
    private final Iterator<Step> remaining;
    private final CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    private Step current;

    private Steps(SelectorWatch watch, Executor executor, List<Step> steps) {
        this.watch = watch;
        this.executor = executor;
        this.remaining = steps.iterator();
        this.current = remaining.next();
    }

    /**
     * Starts.
     *
     * @param executor where a step's computations are done, which may take milliseconds
     * @param steps at least one
     * @return completed when all are done, or with the failure of one, on the loop's thread, an executor's or the caller's
     */
    static CompletableFuture<@Nullable Void> run(SelectorWatch watch, Executor executor, List<Step> steps) {
        var run = new Steps(watch, executor, steps);
        run.advance();
        return run.result;
    }

    private void advance() {
        try {
            while (true) {
                current.run();
                if (!remaining.hasNext()) {
                    result.complete(null);
                    return;
                }
                current = remaining.next();
            }
        } catch (NeedsReadException e) {
            await(() -> watch.whenReadable(this::advance));
        } catch (NeedsWriteException e) {
            await(() -> watch.whenWritable(SelectionKey.OP_WRITE, this::advance));
        } catch (ConnectPendingException e) {
            await(() -> watch.whenWritable(SelectionKey.OP_CONNECT, this::advance));
        } catch (NeedsTaskException e) {
            await(() -> executor.execute(() -> compute(e.getTask())));
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    private void compute(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            result.completeExceptionally(e);
            return;
        } finally {
            clearInterrupt(); // a user's trust manager, say, may have left its flag
        }
        advance();
    }

    /** On a thread of the executor, whose interrupts are for the task alone: undoes what users' code has left. */
    public static void clearInterrupt() {
        var unused = Thread.interrupted();
    }

    private void await(Runnable waiting) {
        try {
            waiting.run();
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            result.completeExceptionally(cause);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }
}
