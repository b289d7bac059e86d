package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.internal.frame.CloseCodes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Messages as a stream, taken one by one as they are demanded. */
public final class MessagePublisher implements Flow.Publisher<Message> {
    private final WebSocketConnection connection;

    public MessagePublisher(WebSocketConnection connection) {
        this.connection = connection;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Message> subscriber) {
        var subscription = new Subscription(connection, subscriber);
        subscriber.onSubscribe(subscription);
    }

    /**
     * One subscription. The thread that raises {@code work} from zero runs the loop, any other only leaves it something to
     * do, so that the subscriber is called by one thread at a time and never from within its own call.
     *
     * <p>However it ends, no message is lost to the next reader: a receive that waits is withdrawn, and a message that is on
     * its way already is delivered first.
     */
    private static final class Subscription implements Flow.Subscription {
        private static final System.Logger LOG = System.getLogger(WebSocketConnection.class.getName());

        private final WebSocketConnection connection;
        private final Flow.Subscriber<? super Message> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();
        private volatile boolean cancelled;
        private volatile @Nullable Throwable misuse;
        private volatile @Nullable CompletableFuture<Message> receive;

        /** Only the thread in the loop comes here. */
        private boolean done;

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
            cancelled = true;
            CompletableFuture<Message> waiting = receive;
            if (waiting != null) {
                // Here too: the loop may be busy on another thread.
                waiting.cancel(false);
            }
            loop();
        }

        /** On a thread of the connection's manager. What the subscriber throws has nowhere else to go. */
        private void received() {
            try {
                loop();
            } catch (Throwable t) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "connection to " + connection.endpoint() + ": a subscriber failed and gets nothing more",
                        t);
            }
        }

        private void loop() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int seen = 1;
            do {
                boolean stepped = false;
                try {
                    step();
                    stepped = true;
                } finally {
                    // A subscriber that throws gets nothing more, and leaves the connection to another reader.
                    done |= !stepped;
                }
                seen = work.addAndGet(-seen);
            } while (seen != 0);
        }

        private void step() {
            while (!done) {
                CompletableFuture<Message> next = receive;
                if (next != null && !next.isDone() && !(mustEnd() && next.cancel(false))) {
                    return;
                }
                receive = null;
                if (next != null && !next.isCancelled()) {
                    deliver(next);
                } else if (mustEnd()) {
                    end();
                } else if (demand.get() == 0) {
                    return;
                } else {
                    begin();
                }
            }
        }

        private boolean mustEnd() {
            return cancelled || misuse != null;
        }

        private void end() {
            Throwable wrong = misuse;
            if (cancelled || wrong == null) {
                done = true;
            } else {
                finish(wrong);
            }
        }

        private void begin() {
            CompletableFuture<Message> next;
            try {
                next = connection.receiveAsync();
            } catch (RuntimeException e) {
                finish(e);
                return;
            }
            receive = next;
            if (!next.isDone()) {
                var unused = next.whenComplete((message, failure) -> received());
            }
        }

        private void deliver(CompletableFuture<Message> next) {
            Message message;
            try {
                message = next.join();
            } catch (CompletionException e) {
                finish(e.getCause() == null ? e : e.getCause());
                return;
            }
            demand.accumulateAndGet(1, (a, b) -> a == Long.MAX_VALUE ? a : a - b);
            subscriber.onNext(message);
        }

        private void finish(Throwable failure) {
            done = true;
            if (cancelled) {
                return;
            }
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
