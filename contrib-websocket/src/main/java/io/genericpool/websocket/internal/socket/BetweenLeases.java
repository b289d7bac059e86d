package io.genericpool.websocket.internal.socket;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.websocket.ConnectionHook;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.internal.queue.InboundQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What happens to a connection from the end of one lease to the beginning of the next: the reset hook, then the drain. */
public final class BetweenLeases {
    private final OkHttpConnection connection;
    private final SocketSettings settings;
    private final Executor executor;
    private volatile @Nullable Drainer drainer;

    BetweenLeases(OkHttpConnection connection, SocketSettings settings, Executor executor) {
        this.connection = connection;
        this.settings = settings;
        this.executor = executor;
    }

    /** Begins a lease, which ends what was there to be awaited. */
    long begin() {
        drainer = null;
        long epoch = connection.inbound().begin();
        connection.outbound().begin(epoch);
        return epoch;
    }

    void end(long epoch) {
        connection.outbound().end(epoch);
        InboundQueue inbound = connection.inbound();
        SocketSettings.DrainRules drain = settings.drain();
        if (drain != null) {
            // In place before the queue closes, so that no message falls between the two.
            var next = new Drainer(connection.endpoint(), drain, settings.clock(), executor);
            drainer = next;
            inbound.end(epoch).forEach(next::accept);
        } else {
            inbound.end(epoch);
        }
    }

    /** A message has arrived outside of a lease. */
    void late(Message message) {
        Drainer draining = drainer;
        if (draining != null) {
            draining.accept(message);
        }
    }

    /** What is to be awaited after a lease; when there is nothing to do, no stage is made. */
    public CompletionStage<?> reset() {
        ConnectionHook hook = settings.hooks().reset();
        Drainer first = drainer;
        if (hook == null) {
            if (first != null) {
                return first.start();
            }
            retireIfLeftBehind();
            return ConnectionManager.NO_RESET;
        }
        CompletableFuture<?> hooked = HookLease.run(connection, hook, executor);
        if (first == null) {
            return hooked.thenRun(this::retireIfLeftBehind);
        }
        // The hook is a lease of its own, at the end of which another drain was prepared.
        return hooked.thenCompose(nothing -> {
            Drainer second = drainer;
            return first.hasFailed() || second == null ? first.start() : second.start();
        });
    }

    /** Without a drain, the next lease would be shown what the system keeps of the last one. */
    private void retireIfLeftBehind() {
        if (connection.inbound().wasLeftBehind()) {
            connection.retire();
        }
    }
}
