package io.genericpool.websocket;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Messages as a stream, taken one by one as they are demanded. */
final class MessagePublisher implements Flow.Publisher<Message> {
    private final WebSocketConnection connection;

    MessagePublisher(WebSocketConnection connection) {
        this.connection = connection;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Message> subscriber) {
        var subscription = new Subscription(connection, subscriber);
        subscriber.onSubscribe(subscription);
    }

    /**
     * One subscription. Whoever raises {@code work} from zero runs the loop, anybody else only leaves it something to do,
     * so that the subscriber is called by one thread at a time and never from within its own call.
     */
    private static final class Subscription implements Flow.Subscription {
        private final WebSocketConnection connection;
        private final Flow.Subscriber<? super Message> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();
        private volatile boolean done;
        private volatile @Nullable Throwable misuse;
        private volatile @Nullable CompletableFuture<Message> receive;

        Subscription(WebSocketConnection connection, Flow.Subscriber<? super Message> subscriber) {
            this.connection = connection;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {
            if (count <= 0) {
                misuse = new IllegalArgumentException("demand must be at least 1, but is " + count);
            } else {
                demand.accumulateAndGet(count, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            }
            loop();
        }

        @Override
        public void cancel() {
            done = true;
            CompletableFuture<Message> waiting = receive;
            if (waiting != null) {
                waiting.cancel(false);
            }
        }

        private void loop() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int seen = 1;
            do {
                step();
                seen = work.addAndGet(-seen);
            } while (seen != 0);
        }

        private void step() {
            Throwable wrong = misuse;
            if (wrong != null && !done) {
                finish(wrong);
            }
            while (!done) {
                CompletableFuture<Message> next = receive;
                if (next == null) {
                    if (demand.get() == 0) {
                        return;
                    }
                    next = begin();
                }
                if (!next.isDone()) {
                    return;
                }
                receive = null;
                deliver(next);
            }
        }

        private CompletableFuture<Message> begin() {
            CompletableFuture<Message> next;
            try {
                next = connection.receiveAsync();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
            receive = next;
            if (!next.isDone()) {
                var unused = next.whenComplete((message, failure) -> loop());
            }
            if (done) {
                next.cancel(false);
            }
            return next;
        }

        private void deliver(CompletableFuture<Message> next) {
            Message message;
            try {
                message = next.join();
            } catch (CompletionException e) {
                finish(e.getCause() == null ? e : e.getCause());
                return;
            } catch (RuntimeException e) {
                // Cancelled.
                finish(e);
                return;
            }
            demand.accumulateAndGet(1, (a, b) -> a == Long.MAX_VALUE ? a : a - b);
            if (!done) {
                boolean taken = false;
                try {
                    subscriber.onNext(message);
                    taken = true;
                } finally {
                    // One that throws gets nothing more, and leaves the connection to another reader.
                    if (!taken) {
                        done = true;
                    }
                }
            }
        }

        private void finish(Throwable failure) {
            if (done) {
                return;
            }
            done = true;
            if (failure instanceof WebSocketClosedException closed
                    && closed.getCause() == null
                    && CloseCodes.isOrderly(closed.code())) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        }
    }
}
