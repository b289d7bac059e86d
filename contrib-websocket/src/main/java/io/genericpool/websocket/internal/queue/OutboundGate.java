package io.genericpool.websocket.internal.queue;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.MessageTooLargeException;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketInterruptedException;
import io.genericpool.websocket.WebSocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import okhttp3.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * Admits messages to OkHttp's outgoing queue. OkHttp closes a socket whose queue would exceed 16 MiB, so the look at the
 * queue's size and the send that follows from it happen under one lock, and a message that would raise the queue above
 * the high-water mark waits. An empty queue takes any message that is not too large by itself.
 *
 * <p>Those who wait, threads and futures alike, are served in order by {@link #pump}, which runs after each frame that was
 * written. OkHttp lowers its count only a moment after that, so a timer pumps as well while a sender waits.
 *
 * <p>A sender names its epoch (see {@link InboundQueue}): one that comes late sends nothing into the next lease.
 */
public final class OutboundGate {
    /** What OkHttp queues at most, and so the size of a message at most. */
    public static final int MAX_MESSAGE_SIZE = 16 * 1024 * 1024;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(16);

    private final WebSocketEndpoint endpoint;
    private final WebSocket socket;
    private final long highWaterMark;
    private final PoolClock clock;
    private final MessageAccess messages;
    private final Executor executor;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
    private long epoch;
    private boolean open = true;
    private @Nullable Termination termination;
    private boolean pumpScheduled;
    private volatile boolean someoneWaits;

    public OutboundGate(WebSocketEndpoint endpoint, WebSocket socket, QueueSettings settings, Executor executor) {
        this.endpoint = endpoint;
        this.socket = socket;
        this.highWaterMark = settings.highWaterMark();
        this.clock = settings.clock();
        this.messages = settings.messages();
        this.executor = executor;
    }

    /** A message that waits for room. */
    private record Ticket(long epoch, Message message, long size, Pending<Boolean> sender) {}

    public void begin(long which) {
        lock.lock();
        try {
            epoch = which;
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends an epoch, if it has not ended: those who wait in it are told. */
    public void end(long which) {
        List<Ticket> ended;
        lock.lock();
        try {
            if (!open || epoch != which) {
                return;
            }
            open = false;
            ended = removeIf(ticket -> ticket.epoch == which);
        } finally {
            lock.unlock();
        }
        ended.forEach(ticket -> ticket.sender.fail(leaseEnded()));
    }

    public void terminate(Termination how) {
        List<Ticket> ended;
        lock.lock();
        try {
            termination = how;
            ended = removeIf(ticket -> true);
        } finally {
            lock.unlock();
        }
        ended.forEach(ticket -> ticket.sender.fail(how.toException(endpoint)));
    }

    /**
     * Sends a message as soon as there is room for it.
     *
     * @return false when OkHttp refuses it, which it does only on a socket that has ended
     */
    public boolean send(long which, Message message, long nanos) {
        long size = sizeOf(message);
        PendingThread<Boolean> sender;
        lock.lock();
        try {
            checkUsable(which);
            if (waiting.isEmpty() && hasRoomFor(size)) {
                return messages.send(message, socket);
            }
            if (nanos == 0) {
                throw timeout(nanos);
            }
            sender = new PendingThread<>();
            enqueue(new Ticket(which, message, size, sender));
        } finally {
            lock.unlock();
        }
        sender.await(nanos);
        if (withdraw(sender)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new WebSocketInterruptedException(
                        "the thread was interrupted while it waited to send to " + endpoint,
                        new InterruptedException());
            }
            throw timeout(nanos);
        }
        return sender.outcome();
    }

    /** As {@link #send}, without a thread that waits. */
    public CompletableFuture<Boolean> sendAsync(long which, Message message) {
        long size = sizeOf(message);
        lock.lock();
        try {
            checkUsable(which);
            if (waiting.isEmpty() && hasRoomFor(size)) {
                return CompletableFuture.completedFuture(messages.send(message, socket));
            }
            var sender = new PendingFuture<Boolean>(executor, this::withdraw);
            enqueue(new Ticket(which, message, size, sender));
            return sender;
        } catch (WebSocketClosedException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
    }

    /** Sends a message of our own that belongs to no lease, if no sender would have to wait for it. */
    public boolean sendNow(Message message) {
        long size = sizeOf(message);
        lock.lock();
        try {
            return termination == null && waiting.isEmpty() && hasRoomFor(size) && messages.send(message, socket);
        } finally {
            lock.unlock();
        }
    }

    /** A frame was written. Called for each, so it must cost nothing while no sender waits. */
    public void onWritten() {
        if (someoneWaits) {
            pump();
        }
    }

    private void enqueue(Ticket ticket) {
        waiting.add(ticket);
        someoneWaits = true;
        schedulePump(FIRST_PAUSE_NANOS);
    }

    private void schedulePump(long pause) {
        if (!pumpScheduled) {
            pumpScheduled = true;
            clock.schedule(() -> pumpByTimer(Math.min(2 * pause, LONGEST_PAUSE_NANOS)), pause);
        }
    }

    private void pumpByTimer(long nextPause) {
        lock.lock();
        try {
            pumpScheduled = false;
        } finally {
            lock.unlock();
        }
        pump();
        lock.lock();
        try {
            if (!waiting.isEmpty()) {
                schedulePump(nextPause);
            }
        } finally {
            lock.unlock();
        }
    }

    private void pump() {
        while (true) {
            Ticket first;
            boolean sent;
            lock.lock();
            try {
                first = waiting.peek();
                if (first == null || !hasRoomFor(first.size)) {
                    return;
                }
                waiting.remove();
                someoneWaits = !waiting.isEmpty();
                sent = messages.send(first.message, socket);
            } finally {
                lock.unlock();
            }
            first.sender.succeed(sent);
        }
    }

    private boolean withdraw(Pending<Boolean> sender) {
        lock.lock();
        try {
            return !removeIf(ticket -> ticket.sender == sender).isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private List<Ticket> removeIf(Predicate<Ticket> condition) {
        var removed = new ArrayList<Ticket>();
        waiting.removeIf(ticket -> condition.test(ticket) && removed.add(ticket));
        someoneWaits = !waiting.isEmpty();
        return removed;
    }

    /** Senders that wait for room. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private long sizeOf(Message message) {
        // A short text is not measured: a character has at most three bytes.
        long atMost = messages.weight(message) * 3;
        return message.isText() && atMost <= highWaterMark / 4
                ? atMost
                : checkedSize(messages.payloadSize(message), endpoint);
    }

    /** Returns the size of a message's payload; fails when it can never be sent. */
    public static long checkedSize(long size, Object endpoint) {
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

    private void checkUsable(long which) {
        if (!open || epoch != which) {
            throw leaseEnded();
        }
        if (termination != null) {
            throw termination.toException(endpoint);
        }
    }

    private IllegalStateException leaseEnded() {
        return new IllegalStateException("the lease of this connection to " + endpoint + " has ended");
    }

    private WebSocketTimeoutException timeout(long nanos) {
        Duration timeout = Duration.ofNanos(nanos);
        return new WebSocketTimeoutException(
                "no room to send to " + endpoint + " within " + Nanos.text(timeout) + ": " + socket.queueSize()
                        + " bytes are queued already",
                timeout,
                null);
    }
}
