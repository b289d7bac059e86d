package io.genericpool.websocket.internal.session;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketConnection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a session reads two connections: the new one, whose subscriptions take effect after a while, and the
 * old one, until the new one has delivered. What has arrived on both is taken from the old one first. Only the session's
 * thread comes here.
 */
final class Overlap {
    private final Source old;
    private final Source next;
    private final BooleanSupplier isOver;

    Overlap(
            WebSocketConnection old,
            Consumer<Message> fromOld,
            WebSocketConnection next,
            Consumer<Message> fromNext,
            BooleanSupplier isOver) {
        this.old = new Source(old, fromOld);
        this.next = new Source(next, fromNext);
        this.isOver = isOver;
    }

    /** Reads both until it is over, one of them has ended, or the time is up; then what the old one has left. */
    void run(long nanos) {
        long deadline = System.nanoTime() + nanos;
        long left = nanos;
        while (!isOver.getAsBoolean() && !old.ended && !next.ended && left > 0) {
            old.begin();
            next.begin();
            if (old.isReady()) {
                old.take();
            } else if (next.isReady()) {
                next.take();
            } else {
                awaitEither(left);
            }
            left = deadline - System.nanoTime();
        }
        old.takeRest();
        next.stop();
    }

    private void awaitEither(long nanos) {
        CompletableFuture<Message> one = old.receive;
        CompletableFuture<Message> other = next.receive;
        if (one == null || other == null) {
            return;
        }
        try {
            CompletableFuture.anyOf(one, other).get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Seen by who looks at the futures.
        } catch (InterruptedException e) {
            // Nothing that concerns a session: it ends by its close.
        }
    }

    private static final class Source {
        private final WebSocketConnection connection;
        private final Consumer<Message> consumer;
        private @Nullable CompletableFuture<Message> receive;
        private boolean ended;

        Source(WebSocketConnection connection, Consumer<Message> consumer) {
            this.connection = connection;
            this.consumer = consumer;
        }

        void begin() {
            if (receive == null && !ended) {
                try {
                    receive = connection.receiveAsync();
                } catch (RuntimeException e) {
                    ended = true;
                }
            }
        }

        boolean isReady() {
            return receive != null && receive.isDone();
        }

        void take() {
            CompletableFuture<Message> done = receive;
            receive = null;
            if (done != null) {
                Message message;
                try {
                    message = done.join();
                } catch (RuntimeException e) {
                    ended = true;
                    return;
                }
                consumer.accept(message);
            }
        }

        /** Takes back a receive that waits; one whose message is on its way is taken. */
        void stop() {
            CompletableFuture<Message> waiting = receive;
            if (waiting != null && !waiting.cancel(false)) {
                take();
            }
            receive = null;
        }

        void takeRest() {
            stop();
            try {
                for (Optional<Message> message = connection.tryReceive();
                        message.isPresent();
                        message = connection.tryReceive()) {
                    consumer.accept(message.get());
                }
            } catch (RuntimeException e) {
                // It has told all it had to tell.
                ended = true;
            }
        }
    }
}
