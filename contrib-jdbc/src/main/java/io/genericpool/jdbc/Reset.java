package io.genericpool.jdbc;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The reset of one connection after a lease that has left something behind. It ends when its work has, so that nobody
 * disposes the connection under it: cancelling aborts the connection, on which the work fails.
 */
final class Reset extends CompletableFuture<@Nullable Void> {
    private final PhysicalConnection connection;
    private final LentConnection view;

    Reset(PhysicalConnection connection, LentConnection view) {
        this.connection = connection;
        this.view = view;
    }

    Reset start(Executor executor) {
        try {
            executor.execute(this::work);
        } catch (RuntimeException e) {
            completeExceptionally(e);
        }
        return this;
    }

    private void work() {
        try {
            connection.resetNow(view);
            complete(null);
        } catch (SQLException e) {
            connection.noteFailure(e);
            completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            completeExceptionally(e);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        connection.abort();
        return false;
    }
}
