package io.genericpool.websocket.internal.socket;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketTimeoutException;
import io.genericpool.websocket.internal.frame.WatchedSocket;
import io.genericpool.websocket.internal.queue.Termination;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeats of one connection. Two timers follow each other: beat, then check, then the next beat. What may block
 * (writing a ping to a peer that does not read, cutting the socket) runs on the executor; the timer's thread only looks
 * and hands on, once a heartbeat. The first beat comes after a
 * random part of the interval, so that connections opened together do not beat together.
 */
final class HeartbeatMonitor {
    private final OkHttpConnection connection;
    private final Pings pings;
    private final WatchedSocket socket;
    private final SocketSettings.HeartbeatRules heartbeat;
    private final PoolClock clock;
    private final Executor executor;

    private volatile PoolClock.Timer timer = () -> {};
    private volatile boolean stopped;

    // Only the chain of timers comes here, one step at a time.
    private int missed;
    private long bytesReadAtBeat;

    private volatile boolean answered;
    private volatile long beatNanos;
    private volatile long roundTripNanos = -1;

    HeartbeatMonitor(
            OkHttpConnection connection,
            Pings pings,
            WatchedSocket socket,
            SocketSettings.HeartbeatRules heartbeat,
            SocketSettings settings,
            Executor executor) {
        this.connection = connection;
        this.pings = pings;
        this.socket = socket;
        this.heartbeat = heartbeat;
        this.clock = settings.clock();
        this.executor = executor;
    }

    void start() {
        long interval = Nanos.of(heartbeat.interval());
        beatAfter(interval / 2 + ThreadLocalRandom.current().nextLong(interval / 2 + 1));
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    private void beatAfter(long nanos) {
        after(nanos, () -> executor.execute(() -> run(this::beat)));
    }

    private void after(long nanos, Runnable step) {
        timer = clock.schedule(() -> run(step), nanos);
        if (stopped) {
            timer.cancel();
        }
    }

    private void run(Runnable step) {
        if (!stopped) {
            step.run();
        }
    }

    private void beat() {
        bytesReadAtBeat = socket.bytesRead();
        answered = false;
        beatNanos = clock.nanoTime();
        // First: a write to a peer that does not read blocks, and then the check is what finds it.
        after(Nanos.of(heartbeat.timeout()), this::check);
        Supplier<Message> message = heartbeat.message();
        if (message == null) {
            pings.startHere();
        } else {
            try {
                connection.outbound().sendNow(message.get());
            } catch (Throwable e) {
                // Errors too: a supplier that throws one must not leave a connection without heartbeats.
                connection.fail(Termination.failed(e));
            }
        }
    }

    private void check() {
        boolean alive = answered
                || socket.bytesRead() > bytesReadAtBeat
                || connection.inbound().isReaderBlocked();
        missed = alive ? 0 : missed + 1;
        if (missed > heartbeat.tolerance()) {
            var failure = new WebSocketTimeoutException(
                    connection.endpoint() + " did not answer " + missed + " heartbeats in a row within "
                            + Nanos.text(heartbeat.timeout()),
                    heartbeat.timeout(),
                    null);
            executor.execute(() -> connection.fail(Termination.failed(failure)));
            return;
        }
        Duration rest = heartbeat.interval().minus(heartbeat.timeout());
        beatAfter(Nanos.of(rest));
    }

    /** Whether a message is an answer to a heartbeat, and so is not for the application. */
    boolean takes(Message message) {
        Predicate<Message> answer = heartbeat.answer();
        if (answer == null || !connection.callbacks().test("answeredBy of the heartbeat", answer, message)) {
            return false;
        }
        if (!answered) {
            answered = true;
            roundTripNanos = clock.nanoTime() - beatNanos;
        }
        return true;
    }

    /** The time from the last heartbeat that is a message to its answer, or null when there was none. */
    @Nullable
    Duration roundTrip() {
        long nanos = roundTripNanos;
        return nanos < 0 ? null : Duration.ofNanos(nanos);
    }
}
