package io.genericpool.websocket.internal.session;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.OverflowPolicy;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketInterruptedException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What users of a session send: handed to its connection in order, kept while there is none.
 *
 * <p>Invariant, under the lock: while there is a connection, nothing is kept. While what was kept is being sent, senders
 * wait, so that it comes to an end.
 *
 * <p>Messages that subscribe or unsubscribe have a number, in the order of their calls. A new connection begins with all
 * subscriptions up to some number; messages up to that one would say again, or too late, what it has been told.
 */
public final class SessionBuffer {
    /** The number of messages that are no subscriptions: no connection begins with them. */
    public static final long NOT_NUMBERED = Long.MAX_VALUE;

    private final int capacity;
    private final OverflowPolicy policy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private @Nullable WebSocketConnection connection;
    private long toldUpTo = -1;
    private boolean attaching;
    private boolean closed;

    private record Kept(Message message, long number) {}

    public SessionBuffer(int capacity, OverflowPolicy policy) {
        this.capacity = capacity;
        this.policy = policy;
    }

    /**
     * Sends or keeps a message; returns what was dropped for it.
     *
     * @param mayWait false for the thread that attaches connections: it would wait for itself
     */
    public List<Message> send(Message message, long number, boolean mayWait) {
        while (true) {
            WebSocketConnection target;
            lock.lock();
            try {
                awaitTurn(mayWait);
                target = connection;
                if (target == null) {
                    return keep(new Kept(message, number));
                }
                if (number <= toldUpTo) {
                    return List.of();
                }
            } finally {
                lock.unlock();
            }
            try {
                // Not under the lock: a send may wait for room.
                target.send(message);
                return List.of();
            } catch (WebSocketClosedException | IllegalStateException e) {
                // That connection has ended; unless there is another one already, the message is kept for the next.
                detach(target);
            }
        }
    }

    /** Waits until the message can be sent, kept or dropped. */
    private void awaitTurn(boolean mayWait) {
        try {
            while (!closed && (attaching || mustWaitForRoom())) {
                if (!mayWait) {
                    throw full();
                }
                change.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebSocketInterruptedException(
                    "the thread was interrupted while it waited to send in a session", e);
        }
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
    }

    private boolean mustWaitForRoom() {
        return policy == OverflowPolicy.BLOCK && connection == null && kept.size() >= capacity;
    }

    private List<Message> keep(Kept message) {
        if (kept.size() < capacity) {
            kept.add(message);
            return List.of();
        }
        if (policy == OverflowPolicy.FAIL) {
            throw full();
        }
        if (policy == OverflowPolicy.DROP_NEWEST || capacity == 0) {
            return List.of(message.message);
        }
        Kept oldest = kept.removeFirst();
        kept.add(message);
        return List.of(oldest.message);
    }

    private IllegalStateException full() {
        return new IllegalStateException("the buffer of the session is full: it holds " + capacity + " messages");
    }

    /** Sends what was kept, then everything, by a connection that was told of subscriptions up to a number. */
    public void attach(WebSocketConnection next, long number) {
        lock.lock();
        try {
            attaching = true;
        } finally {
            lock.unlock();
        }
        boolean attached = false;
        try {
            for (Kept first = poll(); first != null; first = poll()) {
                sendKept(first, next, number);
            }
            attached = true;
        } finally {
            lock.lock();
            try {
                attaching = false;
                if (attached && !closed) {
                    connection = next;
                    toldUpTo = number;
                }
                change.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void sendKept(Kept message, WebSocketConnection next, long number) {
        if (message.number <= number) {
            return;
        }
        boolean sent = false;
        try {
            next.send(message.message);
            sent = true;
        } finally {
            if (!sent) {
                putBack(message);
            }
        }
    }

    private @Nullable Kept poll() {
        lock.lock();
        try {
            return kept.poll();
        } finally {
            lock.unlock();
        }
    }

    private void putBack(Kept message) {
        lock.lock();
        try {
            kept.addFirst(message);
        } finally {
            lock.unlock();
        }
    }

    public void detach(@Nullable WebSocketConnection ended) {
        lock.lock();
        try {
            if (connection == ended) {
                connection = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; returns what was never sent. */
    public List<Message> close() {
        lock.lock();
        try {
            closed = true;
            connection = null;
            List<Message> lost = kept.stream().map(Kept::message).toList();
            kept.clear();
            change.signalAll();
            return lost;
        } finally {
            lock.unlock();
        }
    }
}
