package io.genericpool.jdbc.internal.lent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The reset of one connection after a lease that has left something behind. It ends when its work has, so that no caller
 * disposes the connection under it: cancelling aborts the connection, on which the work fails.
 */
final class Reset extends CompletableFuture<@Nullable Void> {
    private final Work work;
    private final Runnable abort;

    /** Sets the session back; waits for the database. */
    interface Work {
        void run() throws Exception;
    }

    Reset(Work work, Runnable abort) {
        this.work = work;
        this.abort = abort;
    }

    Reset start(Executor executor) {
        try {
            executor.execute(this::work);
        } catch (RuntimeException | Error e) {
            completeExceptionally(e);
        }
        return this;
    }

    private void work() {
        try {
            work.run();
            complete(null);
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        abort.run();
        return false;
    }
}
