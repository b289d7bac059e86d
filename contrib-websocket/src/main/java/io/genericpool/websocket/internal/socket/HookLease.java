package io.genericpool.websocket.internal.socket;

import io.genericpool.spi.LeaseScope;
import io.genericpool.websocket.ConnectionHook;
import io.genericpool.websocket.WebSocketConnection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The lease under which a hook of the application uses a connection that no user holds. */
final class HookLease implements LeaseScope {
    private final AtomicBoolean active = new AtomicBoolean(true);
    private volatile Runnable end = () -> {};

    /**
     * Runs a hook on the executor, as it may take its time before it returns its stage.
     *
     * @return ends as the hook's stage does, after the view has ended; cancelling it ends the view
     */
    static CompletableFuture<?> run(OkHttpConnection connection, ConnectionHook hook, Executor executor) {
        var lease = new HookLease();
        WebSocketConnection view = LeasedConnection.begin(connection, lease);
        var ended = new CompletableFuture<@Nullable Void>();
        var unused = ended.whenComplete((nothing, failure) -> lease.end());
        executor.execute(() -> {
            var applied = lease.apply(hook, view).whenComplete((nothing, failure) -> {
                // First: what depends on the future is to find the lease ended.
                lease.end();
                if (failure == null) {
                    ended.complete(null);
                } else {
                    ended.completeExceptionally(failure);
                }
            });
            if (ended.isCancelled()) {
                applied.cancel(true);
            }
        });
        return ended;
    }

    private CompletableFuture<?> apply(ConnectionHook hook, WebSocketConnection view) {
        try {
            return Objects.requireNonNull(hook.apply(view), "the hook returned null instead of a stage")
                    .toCompletableFuture();
        } catch (Throwable t) {
            return CompletableFuture.failedFuture(t);
        }
    }

    private void end() {
        if (active.getAndSet(false)) {
            end.run();
        }
    }

    @Override
    public boolean isActive() {
        return active.get();
    }

    @Override
    public void onEnd(Runnable action) {
        end = action;
    }
}
