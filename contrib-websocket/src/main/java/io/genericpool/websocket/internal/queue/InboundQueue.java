package io.genericpool.websocket.internal.queue;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.OverflowPolicy;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived and was not taken yet, bounded in messages and bytes, with at most one receiver that waits.
 *
 * <p>Time is cut into epochs, one a lease. A message belongs to the epoch in which it began to arrive and to no other: each
 * epoch begins with an empty queue, between two epochs messages are dropped, and one that waits for room (policy BLOCK) is
 * dropped when its epoch ends. The first lease is different: what arrives between the end of the connect and its beginning
 * is kept for it, up to {@value #MAX_KEPT_WEIGHT} bytes, as a peer that greets does so once. A receiver names its epoch, so
 * one that comes late finds no message of the next lease.
 *
 * <p>What waits in the buffers of the system because the reader waited for room belongs to the epoch too, but no reader can
 * tell it from what comes afterwards. So an epoch that ends while the reader waits is <em>left behind</em>.
 *
 * <p>Invariants, under the lock: a receiver waits only while the queue is empty, open and not terminated; the thread that takes a
 * receiver out of the field, and no other, gives it its outcome, after unlocking.
 */
public final class InboundQueue {
    /** Idle connections may be many, and most peers that send without a receiver do not stop. */
    private static final long MAX_KEPT_WEIGHT = 1024 * 1024;

    /** How long the reader waits for the first lease when there is no more room; meanwhile it sees no close and no pong. */
    private static final Duration LONGEST_WAIT_FOR_FIRST_LEASE = Duration.ofSeconds(5);

    private static final long NO_EPOCH = -1;

    private final WebSocketEndpoint endpoint;
    private final QueueSettings settings;
    private final QueueErrors errors;
    private final Executor executor;
    private final long firstLeaseNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final BoundedMessages messages;
    private boolean open = true;
    private boolean leftBehind;

    /** From the end of the connect until the first lease begins, or there is more than can be kept for it. */
    private boolean keepsForFirstLease;

    /** From this epoch on, messages belong to the first lease. */
    private long adopted = NO_EPOCH;

    /** Messages that the present epoch was given. */
    private long arrived;

    private @Nullable Pending<Message> receiver;
    private @Nullable Termination termination;

    /** Written under the lock. */
    private volatile long epoch;

    private volatile boolean readerBlocked;

    public InboundQueue(WebSocketEndpoint endpoint, QueueSettings settings, Executor executor) {
        this(endpoint, settings, executor, LONGEST_WAIT_FOR_FIRST_LEASE.toNanos());
    }

    public InboundQueue(WebSocketEndpoint endpoint, QueueSettings settings, Executor executor, long firstLeaseNanos) {
        this.firstLeaseNanos = firstLeaseNanos;
        this.endpoint = endpoint;
        this.settings = settings;
        this.errors = new QueueErrors(endpoint);
        this.messages = new BoundedMessages(settings);
        this.executor = executor;
    }

    /** Begins an epoch. No other thread may begin or end one meanwhile. */
    public long begin() {
        Pending<Message> stale = null;
        long begun;
        lock.lock();
        try {
            if (keepsForFirstLease) {
                keepsForFirstLease = false;
                room.signalAll();
            } else {
                adopted = NO_EPOCH;
                stale = clear();
            }
            arrived = messages.size();
            open = true;
            leftBehind = false;
            begun = epoch + 1;
            epoch = begun;
        } finally {
            lock.unlock();
        }
        if (stale != null) {
            stale.fail(errors.leaseEnded());
        }
        return begun;
    }

    /** Ends the epoch in which the connection was prepared, but keeps what arrives for the first lease. */
    public void endPreparation() {
        Pending<Message> waiting;
        lock.lock();
        try {
            open = false;
            keepsForFirstLease = true;
            adopted = epoch;
            waiting = receiver;
            receiver = null;
        } finally {
            lock.unlock();
        }
        if (waiting != null) {
            waiting.fail(errors.leaseEnded());
        }
    }

    /**
     * Ends an epoch, if it has not ended: those who wait in it are told, and what it has received is dropped.
     *
     * @return what was not taken
     */
    public List<Message> end(long which) {
        Pending<Message> waiting;
        List<Message> leftovers;
        lock.lock();
        try {
            if (!open || epoch != which) {
                return List.of();
            }
            open = false;
            leftBehind = readerBlocked;
            leftovers = messages.copy();
            waiting = clear();
        } finally {
            lock.unlock();
        }
        if (waiting != null) {
            waiting.fail(errors.leaseEnded());
        }
        return leftovers;
    }

    /** The present epoch, or the last one when it has ended. */
    public long currentEpoch() {
        return epoch;
    }

    /** Whether the last epoch has ended while there was more to read than there was room for. */
    public boolean wasLeftBehind() {
        lock.lock();
        try {
            return leftBehind;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Pending<Message> clear() {
        messages.dropAll();
        room.signalAll();
        Pending<Message> waiting = receiver;
        receiver = null;
        return waiting;
    }

    /** Takes in a message that began to arrive in an epoch. May block the calling reader. */
    public Fate offer(Message message, long arrivedIn) {
        Pending<Message> waiting;
        lock.lock();
        try {
            awaitRoom(arrivedIn, message);
            if (!admits(arrivedIn)) {
                messages.countDropped();
                return Fate.LATE;
            }
            waiting = receiver;
            receiver = null;
            arrived++;
            if (waiting == null) {
                return messages.offer(message, maxWeight());
            }
        } finally {
            lock.unlock();
        }
        waiting.succeed(message);
        return Fate.TAKEN;
    }

    private void awaitRoom(long arrivedIn, Message message) {
        if (keepsForFirstLease && settings.mustNotDrop()) {
            awaitFirstLease(message);
        }
        if (settings.overflowPolicy() != OverflowPolicy.BLOCK) {
            return;
        }
        while (admits(arrivedIn) && isFullFor(message)) {
            readerBlocked = true;
            room.awaitUninterruptibly();
        }
        readerBlocked = false;
    }

    /** A peer that goes on without a receiver must not hide its end: after a while, all that was kept is given up. */
    private void awaitFirstLease(Message message) {
        long deadline = System.nanoTime() + firstLeaseNanos;
        long left = firstLeaseNanos;
        while (keepsForFirstLease && termination == null && isFullFor(message)) {
            if (left <= 0) {
                keepsForFirstLease = false;
                adopted = NO_EPOCH;
                var unused = clear();
                break;
            }
            readerBlocked = true;
            try {
                left = room.awaitNanos(left);
            } catch (InterruptedException e) {
                // Left over from code of the application; nothing else interrupts a reader.
                left = deadline - System.nanoTime();
            }
        }
        readerBlocked = false;
    }

    /** Whether nothing is read because the queue is full, so that the peer's silence means nothing. */
    public boolean isReaderBlocked() {
        return readerBlocked;
    }

    private boolean admits(long which) {
        return (open || keepsForFirstLease)
                && (epoch == which || (adopted != NO_EPOCH && which >= adopted))
                && termination == null;
    }

    /** Whether anything has arrived for the present epoch. */
    public boolean hasReceived() {
        lock.lock();
        try {
            return arrived > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Messages that wait to be taken. */
    public int size() {
        lock.lock();
        try {
            return messages.size();
        } finally {
            lock.unlock();
        }
    }

    public boolean hasReceiver() {
        lock.lock();
        try {
            return receiver != null;
        } finally {
            lock.unlock();
        }
    }

    /** Messages that were received and never handed out. */
    public long dropped() {
        lock.lock();
        try {
            return messages.dropped();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFullFor(Message message) {
        return messages.isFullFor(message, maxWeight());
    }

    private long maxWeight() {
        return keepsForFirstLease ? Math.min(MAX_KEPT_WEIGHT, settings.inboundBytes()) : settings.inboundBytes();
    }

    public Message receive(long which, long nanos) {
        PendingThread<Message> waiting;
        lock.lock();
        try {
            Message next = poll(which);
            if (next != null) {
                return next;
            }
            if (nanos == 0) {
                throw errors.timeout(nanos);
            }
            waiting = new PendingThread<>();
            receiver = waiting;
        } finally {
            lock.unlock();
        }
        waiting.await(nanos);
        if (withdraw(waiting)) {
            if (Thread.currentThread().isInterrupted()) {
                throw errors.interrupted();
            }
            throw errors.timeout(nanos);
        }
        return waiting.outcome();
    }

    public Optional<Message> tryReceive(long which) {
        lock.lock();
        try {
            return Optional.ofNullable(poll(which));
        } finally {
            lock.unlock();
        }
    }

    public CompletableFuture<Message> receiveAsync(long which) {
        lock.lock();
        try {
            Message next = poll(which);
            if (next != null) {
                return CompletableFuture.completedFuture(next);
            }
            var waiting = new PendingFuture<>(executor, this::withdraw);
            receiver = waiting;
            return waiting;
        } catch (WebSocketClosedException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next message, or null when there is none yet; under the lock. */
    private @Nullable Message poll(long which) {
        if (!open || epoch != which) {
            throw errors.leaseEnded();
        }
        if (receiver != null) {
            throw errors.secondReader();
        }
        Message next = messages.poll();
        if (next != null) {
            room.signal();
            return next;
        }
        if (termination != null) {
            throw termination.toException(endpoint);
        }
        return null;
    }

    /** Takes back a receiver; false when its outcome is on its way or there already. */
    boolean withdraw(Pending<Message> waiting) {
        lock.lock();
        try {
            if (receiver != waiting) {
                return false;
            }
            receiver = null;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will arrive. What has arrived can still be taken. */
    public void terminate(Termination how) {
        Pending<Message> waiting;
        lock.lock();
        try {
            termination = how;
            room.signalAll();
            waiting = receiver;
            receiver = null;
        } finally {
            lock.unlock();
        }
        if (waiting != null) {
            waiting.fail(how.toException(endpoint));
        }
    }
}
