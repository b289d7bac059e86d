package io.genericpool.websocket.internal.socket;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketException;
import io.genericpool.websocket.WebSocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One drain, from the end of a lease on: it sees what the lease left over and what arrives afterwards, and once it is
 * started it waits for quiet. Discarded when the next lease begins.
 *
 * <p>It is decided once, where it was noticed: the executor that completes the future keeps no order, and a deadline that
 * falls together with the quiet must not overtake it there.
 */
public final class Drainer {
    private final WebSocketEndpoint endpoint;
    private final SocketSettings.DrainRules drain;
    private final PoolClock clock;
    private final Executor executor;
    private final CompletableFuture<@Nullable Void> quiet = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();
    private volatile long lastMessageNanos;
    private volatile boolean started;

    public Drainer(WebSocketEndpoint endpoint, SocketSettings.DrainRules drain, PoolClock clock, Executor executor) {
        this.endpoint = endpoint;
        this.drain = drain;
        this.clock = clock;
        this.executor = executor;
        this.lastMessageNanos = clock.nanoTime();
    }

    /** A message has arrived between two leases. */
    public void accept(Message message) {
        lastMessageNanos = clock.nanoTime();
        boolean harmless;
        try {
            harmless = drain.harmless().test(message);
        } catch (Throwable t) {
            // Errors too: they must neither end the reader nor come out of a release.
            fail(
                    t instanceof RuntimeException e
                            ? e
                            : new WebSocketException("the condition of the drain of " + endpoint + " failed: " + t, t));
            return;
        }
        if (!harmless) {
            fail(new WebSocketException(
                    "a message from " + endpoint + " was left over, and onlyIf does not drop it: " + message, null));
        }
    }

    public CompletableFuture<@Nullable Void> start() {
        if (quiet.isDone()) {
            return quiet;
        }
        started = true;
        long limit = Nanos.of(drain.limit());
        lastMessageNanos = clock.nanoTime();
        // First, so that it wins when the two fall together.
        awaitQuiet(Nanos.of(drain.quietPeriod()));
        PoolClock.Timer deadline = clock.schedule(
                () -> fail(new WebSocketTimeoutException(
                        endpoint + " was not quiet within " + Nanos.text(drain.limit()), drain.limit(), null)),
                limit);
        var unused = quiet.whenComplete((nothing, failure) -> deadline.cancel());
        return quiet;
    }

    private void awaitQuiet(long nanos) {
        clock.schedule(
                () -> {
                    long left = Nanos.of(drain.quietPeriod()) - (clock.nanoTime() - lastMessageNanos);
                    if (left <= 0) {
                        decide(() -> quiet.complete(null));
                    } else if (!decided.get()) {
                        awaitQuiet(left);
                    }
                },
                nanos);
    }

    public boolean hasFailed() {
        return quiet.isCompletedExceptionally();
    }

    private void fail(RuntimeException failure) {
        decide(() -> quiet.completeExceptionally(failure));
    }

    private void decide(Runnable outcome) {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        // Before it is started nothing depends on it; afterwards the pool's next step does.
        if (started) {
            executor.execute(outcome);
        } else {
            outcome.run();
        }
    }
}
