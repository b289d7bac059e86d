package io.genericpool.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What users of a session send: handed to its connection in order, kept while there is none. */
final class SessionBuffer {
    private final int capacity;
    private final OverflowPolicy policy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final ArrayDeque<Message> kept = new ArrayDeque<>();
    private @Nullable WebSocketConnection connection;
    private boolean closed;

    SessionBuffer(int capacity, OverflowPolicy policy) {
        this.capacity = capacity;
        this.policy = policy;
    }

    /** Sends or keeps a message; returns what was dropped for it. */
    List<Message> send(Message message) {
        while (true) {
            WebSocketConnection target;
            lock.lock();
            try {
                if (closed) {
                    throw new IllegalStateException("The session is closed");
                }
                target = kept.isEmpty() ? connection : null;
                if (target == null) {
                    return keep(message);
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

    private List<Message> keep(Message message) {
        while (policy == OverflowPolicy.BLOCK && kept.size() >= capacity && !closed) {
            change.awaitUninterruptibly();
        }
        if (closed) {
            throw new IllegalStateException("The session is closed");
        }
        if (kept.size() < capacity) {
            kept.add(message);
            return List.of();
        }
        if (policy == OverflowPolicy.FAIL) {
            throw new IllegalStateException("The buffer of the session is full: " + capacity + " messages");
        }
        if (policy == OverflowPolicy.DROP_NEWEST || capacity == 0) {
            return List.of(message);
        }
        Message oldest = kept.removeFirst();
        kept.add(message);
        return List.of(oldest);
    }

    /** Sends what was kept, then lets senders use the connection. */
    @SuppressWarnings("ReferenceEquality") // The very message that was sent, not another one that says the same.
    void attach(WebSocketConnection next) {
        while (true) {
            Message first;
            lock.lock();
            try {
                first = kept.peek();
                if (first == null) {
                    connection = next;
                    return;
                }
            } finally {
                lock.unlock();
            }
            next.send(first);
            lock.lock();
            try {
                // A full buffer may have dropped it meanwhile.
                if (kept.peek() == first) {
                    kept.remove();
                    change.signal();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    void detach(@Nullable WebSocketConnection ended) {
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
    List<Message> close() {
        lock.lock();
        try {
            closed = true;
            connection = null;
            var lost = new ArrayList<>(kept);
            kept.clear();
            change.signalAll();
            return lost;
        } finally {
            lock.unlock();
        }
    }
}
