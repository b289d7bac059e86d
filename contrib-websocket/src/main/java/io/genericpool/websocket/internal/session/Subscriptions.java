package io.genericpool.websocket.internal.session;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.SessionState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a session subscribes to, and its state, under one lock. A new connection begins with all subscriptions up to some
 * number. From that moment the session is connected, and later changes are sent by their callers.
 */
final class Subscriptions {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Message> messages = new LinkedHashMap<>();
    private long changes;
    private SessionState state = SessionState.CONNECTING;

    /** What to send first on a connection, and the number of the last change that it contains. */
    record First(List<Message> messages, long toldUpTo) {}

    /** Adds a subscription. Returns its number when it is to be sent now, empty when the next connection begins with it. */
    OptionalLong put(String name, Message message) {
        lock.lock();
        try {
            messages.put(Objects.requireNonNull(name, "name"), message);
            return changed();
        } finally {
            lock.unlock();
        }
    }

    /** Removes a subscription. Returns a number when a message is to be sent for that, empty when there is no need. */
    OptionalLong remove(String name) {
        lock.lock();
        try {
            return messages.remove(Objects.requireNonNull(name, "name")) == null ? OptionalLong.empty() : changed();
        } finally {
            lock.unlock();
        }
    }

    private OptionalLong changed() {
        long number = ++changes;
        return state == SessionState.CONNECTED ? OptionalLong.of(number) : OptionalLong.empty();
    }

    /** The session is connected. From here on, a new subscription is sent by its caller, by way of the buffer. */
    First connect() {
        lock.lock();
        try {
            state = SessionState.CONNECTED;
            return new First(List.copyOf(messages.values()), changes);
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the listener is to be told: the state has changed, or another attempt begins. */
    boolean enter(SessionState next) {
        lock.lock();
        try {
            boolean tells = state != next || next == SessionState.CONNECTING;
            state = next;
            return tells;
        } finally {
            lock.unlock();
        }
    }

    SessionState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }
}
