package io.genericpool.websocket;

import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that outlives its connections: holds a lease, and when the connection dies, or is due for replacement,
 * takes another one, sends the subscriptions again, asks for what was missed and goes on. A lease by itself never does
 * that.
 *
 * <p>Everything that arrives is given to the listener, on a thread of the session's own. What is sent while there is no
 * connection is kept, within bounds. All methods may be called by any thread, those of {@link #send} by many at once.
 *
 * <p>It ends with {@link #close}, or when its pool is closed.
 */
public final class WebSocketSession implements AutoCloseable {
    private final WebSocketSessionBuilder settings;
    private final SessionBuffer buffer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Map<String, Message> subscriptions = new LinkedHashMap<>();
    private long subscriptionChanges;
    private SessionState state = SessionState.CONNECTING;
    private volatile boolean closed;

    /** The session's thread. */
    private volatile @Nullable Thread runner;

    private final AtomicLong connections = new AtomicLong();
    private volatile @Nullable Lease<WebSocketEndpoint, WebSocketConnection> lease;

    // Only the session's thread comes here.
    private long lastSeen = -1;
    private boolean expectsGap;

    WebSocketSession(WebSocketSessionBuilder settings) {
        this.settings = settings;
        this.buffer = new SessionBuffer(settings.bufferSize, settings.overflow);
    }

    void start() {
        settings.manager.executor().execute(this::run);
    }

    /**
     * Sends a message, or keeps it until there is a connection. May wait for room, as
     * {@link WebSocketConnection#send(Message)}, or as the policy of the buffer says.
     *
     * @param message the message
     * @throws IllegalStateException when the session is closed, or the buffer is full and its policy is to fail, or to wait
     *     but this call comes from the session's listener, for which nobody would make room
     * @throws MessageTooLargeException when it can never be sent
     * @throws WebSocketTimeoutException when there was no room in time; it was neither sent nor kept
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited; it was neither sent nor kept
     */
    public void send(Message message) {
        checkSize(message);
        send(message, SessionBuffer.NOT_NUMBERED);
    }

    private void checkSize(Message message) {
        long unused = OutboundGate.checkedSizeOf(Objects.requireNonNull(message, "message"), settings.endpoint);
    }

    private void send(Message message, long number) {
        List<Message> lost = buffer.send(message, number, Thread.currentThread() != runner);
        if (!lost.isEmpty()) {
            tell(() -> settings.listener.onLost(lost));
        }
    }

    /**
     * Sends a message now, if there is a connection, and first thing on every later one.
     *
     * @param name by which it is replaced or taken back
     * @param message what subscribes
     * @throws MessageTooLargeException when it can never be sent
     */
    public void subscribe(String name, Message message) {
        checkSize(message);
        long number;
        lock.lock();
        try {
            subscriptions.put(Objects.requireNonNull(name, "name"), message);
            number = ++subscriptionChanges;
            if (state != SessionState.CONNECTED) {
                return;
            }
        } finally {
            lock.unlock();
        }
        send(message, number);
    }

    /**
     * Sends a message now, if there is a connection, and forgets a subscription.
     *
     * @param name its name
     * @param message what unsubscribes
     * @throws MessageTooLargeException when it can never be sent
     */
    public void unsubscribe(String name, Message message) {
        checkSize(message);
        long number;
        lock.lock();
        try {
            if (subscriptions.remove(Objects.requireNonNull(name, "name")) == null) {
                return;
            }
            number = ++subscriptionChanges;
            if (state != SessionState.CONNECTED) {
                return;
            }
        } finally {
            lock.unlock();
        }
        send(message, number);
    }

    /**
     * What the session is doing.
     *
     * @return the state
     */
    public SessionState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many connections the session has had beyond the first.
     *
     * @return the counter
     */
    public long reconnects() {
        return Math.max(0, connections.get() - 1);
    }

    /**
     * Ends the session; its connection, to which the peer would go on to send, is discarded. Does not wait for the
     * listener. Idempotent.
     */
    @Override
    public void close() {
        List<Message> lost = buffer.close();
        lock.lock();
        try {
            closed = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
        // Ends the receive that the session's thread waits in.
        giveUp(null);
        if (!lost.isEmpty()) {
            tell(() -> settings.listener.onLost(lost));
        }
    }

    private void run() {
        runner = Thread.currentThread();
        int failures = 0;
        try {
            while (!closed) {
                long connectedNanos = 0;
                boolean connected = false;
                try {
                    enter(SessionState.CONNECTING);
                    use(settings.pool.pool().connection(settings.endpoint));
                    connectedNanos = System.nanoTime();
                    connected = true;
                    while (!closed) {
                        receive(Objects.requireNonNull(lease, "lease").connection());
                    }
                } catch (PoolClosedException e) {
                    closed = true;
                } catch (RuntimeException e) {
                    if (!closed) {
                        boolean wasStable =
                                connected && System.nanoTime() - connectedNanos >= Nanos.of(settings.stableAfter);
                        failures = wasStable ? 1 : failures + 1;
                        backOff(failures, e);
                    }
                }
            }
        } finally {
            giveUp(null);
            close();
            enter(SessionState.CLOSED);
        }
    }

    private void backOff(int failures, Throwable cause) {
        giveUp(cause);
        tell(() -> settings.listener.onDisconnected(cause));
        enter(SessionState.BACKING_OFF);
        long nanos = settings.backoff.pauseNanos(failures, cause);
        tell(() -> settings.listener.onBackingOff(failures, Duration.ofNanos(nanos)));
        pause(nanos);
    }

    /** Subscribes on a connection and makes it the session's. */
    private void use(Lease<WebSocketEndpoint, WebSocketConnection> next) {
        boolean taken = false;
        try {
            WebSocketConnection connection = next.connection();
            List<Message> first;
            long toldUpTo;
            lock.lock();
            try {
                first = List.copyOf(subscriptions.values());
                toldUpTo = subscriptionChanges;
                // From here on a new subscription is sent by its caller, by way of the buffer.
                state = SessionState.CONNECTED;
            } finally {
                lock.unlock();
            }
            first.forEach(connection::send);
            if (connections.get() > 0 && lastSeen >= 0) {
                expectsGap = true;
                settings.replay.apply(lastSeen).forEach(connection::send);
            }
            buffer.attach(connection, toldUpTo);
            lease = next;
            if (connections.getAndIncrement() > 0) {
                settings.manager.reconnected();
            }
            taken = true;
            tell(() -> settings.listener.onState(SessionState.CONNECTED));
            tell(() -> settings.listener.onConnected(connection, reconnects()));
        } finally {
            if (!taken || closed) {
                next.invalidate();
            }
        }
    }

    /** Receives until the connection was replaced as planned; when it ends before, that is thrown. */
    private void receive(WebSocketConnection connection) {
        var replacement = new Replacement(settings);
        try {
            while (!closed) {
                Lease<WebSocketEndpoint, WebSocketConnection> next = replacement.poll(isRetired(connection));
                if (next != null) {
                    rotate(connection, next);
                    return;
                }
                receiveOne(connection, replacement.pauseNanos());
            }
        } finally {
            replacement.cancel();
        }
    }

    private static boolean isRetired(WebSocketConnection connection) {
        return connection instanceof ConnectionView view && view.open().isRetired();
    }

    private void receiveOne(WebSocketConnection connection, long nanos) {
        Message message;
        try {
            message = connection.receive(Duration.ofNanos(nanos));
        } catch (WebSocketTimeoutException e) {
            // Time to look whether the connection is due for replacement.
            return;
        }
        accept(message);
    }

    private void rotate(WebSocketConnection old, Lease<WebSocketEndpoint, WebSocketConnection> next) {
        Lease<WebSocketEndpoint, WebSocketConnection> oldLease = lease;
        // What is sent meanwhile is kept for the new one, so that no subscription goes to the old one only.
        buffer.detach(old);
        use(next);
        try {
            acceptRest(old);
        } finally {
            if (oldLease != null) {
                // It carries subscriptions that nobody takes back.
                oldLease.invalidate();
            }
        }
        tell(() -> settings.listener.onDisconnected(null));
    }

    /** What has arrived on a connection that was replaced. Its end is no longer the session's. */
    private void acceptRest(WebSocketConnection old) {
        boolean gapIsPossible = expectsGap;
        try {
            for (var message = old.tryReceive(); message.isPresent(); message = old.tryReceive()) {
                accept(message.get());
            }
        } catch (WebSocketClosedException e) {
            // It has told all it had to tell.
        }
        expectsGap = gapIsPossible;
    }

    private void accept(Message message) {
        long number = settings.sequence.applyAsLong(message);
        if (number >= 0) {
            if (number <= lastSeen) {
                return;
            }
            if (expectsGap && number > lastSeen + 1) {
                long before = lastSeen;
                tell(() -> settings.listener.onGap(before, number));
            }
            expectsGap = false;
            lastSeen = number;
        }
        tell(() -> settings.listener.onMessage(message));
    }

    private void giveUp(@Nullable Throwable cause) {
        Lease<WebSocketEndpoint, WebSocketConnection> held = lease;
        lease = null;
        if (held != null) {
            try {
                buffer.detach(held.connection());
            } catch (IllegalStateException e) {
                // Revoked by the close of the pool: the view refuses, and so does the buffer's next send.
            }
            held.invalidate(cause);
        }
    }

    private void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closed) {
                left = wake.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody but a shutting down executor interrupts this thread.
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void enter(SessionState next) {
        lock.lock();
        try {
            if (state == next && next != SessionState.CONNECTING) {
                return;
            }
            state = next;
        } finally {
            lock.unlock();
        }
        tell(() -> settings.listener.onState(next));
    }

    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            // A listener's failure is its own; the session must go on for the next message.
            System.getLogger(WebSocketSession.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The listener of a session to " + settings.endpoint + " failed",
                            e);
        }
    }
}
