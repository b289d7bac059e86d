package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.internal.frame.WatchedSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The pings of one connection: one in flight at a time, as some servers cut off a client with many unanswered ones. Who
 * asks while one is in flight joins it.
 */
public final class Pings {
    private final WatchedSocket socket;
    private final Executor executor;
    private final AtomicReference<@Nullable Ping> inFlight = new AtomicReference<>();
    private volatile long roundTripNanos = -1;

    Pings(WatchedSocket socket, Executor executor) {
        this.socket = socket;
        this.executor = executor;
    }

    private static final class Ping {
        final long id;
        final long sentNanos = System.nanoTime();
        final CompletableFuture<Duration> roundTrip = new CompletableFuture<>();

        Ping(long id) {
            this.id = id;
        }
    }

    /**
     * Sends a ping unless one is in flight.
     *
     * @return the round trip of the one in flight; completed by the reader, so nothing slow may depend on it
     */
    CompletableFuture<Duration> start() {
        // Writing blocks when the peer does not read; a caller that waits for the pong has its own timeout.
        return start(executor);
    }

    /** As {@link #start}, for callers that may block. */
    void startHere() {
        var unused = start(Runnable::run);
    }

    private CompletableFuture<Duration> start(Executor writing) {
        // 0 stands for no ping.
        var ping = new Ping(ThreadLocalRandom.current().nextLong() | 1);
        Ping other = inFlight.compareAndExchange(null, ping);
        if (other != null) {
            return other.roundTrip;
        }
        writing.execute(() -> socket.ping(ping.id));
        return ping.roundTrip;
    }

    void onPong(long id) {
        Ping ping = inFlight.get();
        if (ping != null && ping.id == id && inFlight.compareAndSet(ping, null)) {
            Duration roundTrip = Duration.ofNanos(System.nanoTime() - ping.sentNanos);
            roundTripNanos = roundTrip.toNanos();
            ping.roundTrip.complete(roundTrip);
        }
    }

    void terminate(RuntimeException failure) {
        Ping ping = inFlight.getAndSet(null);
        if (ping != null) {
            ping.roundTrip.completeExceptionally(failure);
        }
    }

    /** The last round trip, or null when there was none. */
    @Nullable
    Duration roundTrip() {
        long nanos = roundTripNanos;
        return nanos < 0 ? null : Duration.ofNanos(nanos);
    }
}
