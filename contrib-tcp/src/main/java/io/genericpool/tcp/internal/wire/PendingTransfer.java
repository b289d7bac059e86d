package io.genericpool.tcp.internal.wire;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A read or write that waits. The first to settle it decides its outcome: its connection, with data in hand, or the user,
 * who cancels it or completes it by a timeout. So a read never takes bytes that no caller gets.
 */
final class PendingTransfer extends CompletableFuture<Integer> {
    final ByteBuffer buffer;
    private final Consumer<PendingTransfer> onWithdrawn;
    private final AtomicBoolean settled = new AtomicBoolean();

    /** Once settled by the connection, written by the settling thread before it hands this to the one that finishes. */
    private int count;

    private @Nullable Throwable failure;

    /** @param onWithdrawn told when the user has settled it, on the user's thread, before any other thread learns of it */
    PendingTransfer(ByteBuffer buffer, Consumer<PendingTransfer> onWithdrawn) {
        this.buffer = buffer;
        this.onWithdrawn = onWithdrawn;
    }

    /** By the connection: no other thread can decide any more. */
    boolean settle() {
        return settled.compareAndSet(false, true);
    }

    boolean isSettled() {
        return settled.get();
    }

    void succeeds(int transferred) {
        count = transferred;
    }

    void fails(Throwable cause) {
        failure = cause;
    }

    /** Completes it as was decided; dependents run here. */
    void finish() {
        if (failure == null) {
            super.complete(count);
        } else {
            super.completeExceptionally(failure);
        }
    }

    @Override
    public boolean complete(Integer value) {
        return withdraw() && super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        return withdraw() && super.completeExceptionally(cause);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return withdraw() ? super.cancel(mayInterruptIfRunning) : isCancelled();
    }

    private boolean withdraw() {
        boolean first = settle();
        if (first) {
            onWithdrawn.accept(this);
        }
        return first;
    }

    /** Dependents are futures of the usual kind: cancelling one withdraws nothing. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
