package io.genericpool.websocket;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A future that waits for the next message. A call from outside that would end it (cancel, a timeout) first withdraws it
 * from the queue; when a message is on its way to it already, that call is too late and has no effect.
 */
final class FutureReceiver extends CompletableFuture<Message> implements Receiver {
    private final InboundQueue queue;
    private final Executor executor;

    FutureReceiver(InboundQueue queue, Executor executor) {
        this.queue = queue;
        this.executor = executor;
    }

    @Override
    public void deliver(Message message) {
        executor.execute(() -> super.complete(message));
    }

    @Override
    public void fail(RuntimeException failure) {
        executor.execute(() -> super.completeExceptionally(failure));
    }

    @Override
    public boolean complete(Message value) {
        return queue.withdraw(this) && super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return queue.withdraw(this) && super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return queue.withdraw(this) && super.cancel(mayInterruptIfRunning);
    }
}
