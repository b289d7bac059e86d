package io.genericpool.websocket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * Admits messages to OkHttp's outgoing queue. OkHttp closes a socket whose queue would exceed 16 MiB, so the look at the
 * queue's size and the send that follows from it happen under one lock, and a message that would raise the queue above
 * the high-water mark waits. An empty queue takes any message that is not too large by itself.
 *
 * <p>Those who wait are served in order. As OkHttp does not tell when its queue shrinks, the first of them looks again
 * after short and growing pauses.
 *
 * <p>A sender names its epoch (see {@link InboundQueue}): one that comes late sends nothing into the next lease.
 */
final class OutboundGate {
    /** What OkHttp queues at most, less than which a message must be. */
    static final int MAX_MESSAGE_SIZE = 16 * 1024 * 1024 - 1;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(16);

    private final WebSocketEndpoint endpoint;
    private final WebSocket socket;
    private final long highWaterMark;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private long epoch;
    private boolean open = true;
    private @Nullable Termination termination;

    OutboundGate(WebSocketEndpoint endpoint, WebSocket socket, long highWaterMark) {
        this.endpoint = endpoint;
        this.socket = socket;
        this.highWaterMark = highWaterMark;
    }

    void begin(long which) {
        lock.lock();
        try {
            epoch = which;
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends an epoch, if it has not ended: those who wait in it are told. */
    void end(long which) {
        lock.lock();
        try {
            if (open && epoch == which) {
                open = false;
                change.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void terminate(Termination how) {
        lock.lock();
        try {
            termination = how;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a message as soon as there is room for it.
     *
     * @return false when OkHttp refuses it, which it does only on a socket that has ended
     */
    boolean send(long which, Message message, long nanos) {
        long size = sizeOf(message);
        lock.lock();
        try {
            checkUsable(which);
            if (!waiting.isEmpty() || !hasRoomFor(size)) {
                awaitRoom(which, size, nanos);
            }
            return message.sendOn(socket);
        } finally {
            lock.unlock();
        }
    }

    /** Senders that wait for room. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private long sizeOf(Message message) {
        // A short text is not measured: a character has at most three bytes.
        long atMost = message.weight() * 3;
        long size = message.isText() && atMost <= highWaterMark / 4 ? atMost : message.payloadSize();
        if (size > MAX_MESSAGE_SIZE) {
            throw new MessageTooLargeException(
                    "A message to " + endpoint + " may have at most " + MAX_MESSAGE_SIZE + " bytes, but has " + size,
                    size,
                    MAX_MESSAGE_SIZE);
        }
        return size;
    }

    private boolean hasRoomFor(long size) {
        long queued = socket.queueSize();
        return queued == 0 || queued + size <= highWaterMark;
    }

    private void awaitRoom(long which, long size, long nanos) {
        long deadline = System.nanoTime() + nanos;
        long pause = FIRST_PAUSE_NANOS;
        Object place = new Object();
        waiting.add(place);
        try {
            while (true) {
                boolean first = waiting.peek() == place;
                if (first && hasRoomFor(size)) {
                    return;
                }
                long left = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - System.nanoTime();
                if (left <= 0) {
                    throw timeout(nanos);
                }
                change.awaitNanos(first ? Math.min(left, pause) : left);
                pause = first ? Math.min(2 * pause, LONGEST_PAUSE_NANOS) : pause;
                checkUsable(which);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebSocketInterruptedException("Interrupted while waiting to send to " + endpoint, e);
        } finally {
            waiting.remove(place);
            change.signalAll();
        }
    }

    private void checkUsable(long which) {
        if (!open || epoch != which) {
            throw new IllegalStateException("The lease of this connection to " + endpoint + " has ended");
        }
        if (termination != null) {
            throw termination.toException(endpoint);
        }
    }

    private WebSocketTimeoutException timeout(long nanos) {
        Duration timeout = Duration.ofNanos(nanos);
        return new WebSocketTimeoutException(
                "No room to send to " + endpoint + " within " + timeout + ": " + socket.queueSize()
                        + " bytes are queued already",
                timeout,
                null);
    }
}
