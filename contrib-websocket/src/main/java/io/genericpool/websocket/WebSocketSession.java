package io.genericpool.websocket;

import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
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
    /** How often to look for the end of a connect, and for a peer's notice. */
    private static final long SHORT_POLL = Duration.ofMillis(20).toNanos();

    private static final long LONG_POLL = Duration.ofSeconds(1).toNanos();

    private final WebSocketSessionBuilder settings;
    private final SessionBuffer buffer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Map<String, Message> subscriptions = new LinkedHashMap<>();
    private SessionState state = SessionState.CONNECTING;
    private volatile boolean closed;
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
        settings.executor.execute(this::run);
    }

    /**
     * Sends a message, or keeps it until there is a connection. May wait for room, as
     * {@link WebSocketConnection#send(Message)}, or as the policy of the buffer says.
     *
     * @param message the message
     * @throws IllegalStateException when the session is closed, or the buffer is full and its policy is to fail
     */
    public void send(Message message) {
        List<Message> lost = buffer.send(Objects.requireNonNull(message, "message"));
        if (!lost.isEmpty()) {
            tell(() -> settings.listener.onLost(lost));
        }
    }

    /**
     * Sends a message now, if there is a connection, and first thing on every later one.
     *
     * @param name by which it is replaced or taken back
     * @param message what subscribes
     */
    public void subscribe(String name, Message message) {
        lock.lock();
        try {
            subscriptions.put(name, message);
            if (state != SessionState.CONNECTED) {
                return;
            }
        } finally {
            lock.unlock();
        }
        send(message);
    }

    /**
     * Sends a message now, if there is a connection, and forgets a subscription.
     *
     * @param name its name
     * @param message what unsubscribes
     */
    public void unsubscribe(String name, Message message) {
        lock.lock();
        try {
            if (subscriptions.remove(name) == null || state != SessionState.CONNECTED) {
                return;
            }
        } finally {
            lock.unlock();
        }
        send(message);
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

    /** Ends the session; its connection goes back to the pool. Does not wait for the listener. Idempotent. */
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
        int failures = 0;
        try {
            while (!closed) {
                long began = System.nanoTime();
                Throwable cause = null;
                try {
                    if (lease == null) {
                        enter(SessionState.CONNECTING);
                        use(settings.pool.pool().connection(settings.endpoint));
                    }
                    began = System.nanoTime();
                    receive(Objects.requireNonNull(lease, "lease").connection());
                } catch (PoolClosedException e) {
                    closed = true;
                } catch (RuntimeException e) {
                    cause = e;
                }
                if (cause != null && !closed) {
                    boolean wasStable = System.nanoTime() - began >= Nanos.of(settings.stableAfter);
                    failures = wasStable ? 1 : failures + 1;
                    backOff(failures, cause);
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
        pause(settings.backoff.pauseNanos(failures, cause));
    }

    /** Subscribes on a connection and makes it the session's. */
    private void use(Lease<WebSocketEndpoint, WebSocketConnection> next) {
        boolean taken = false;
        try {
            WebSocketConnection connection = next.connection();
            List<Message> first;
            lock.lock();
            try {
                first = List.copyOf(subscriptions.values());
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
            buffer.attach(connection);
            lease = next;
            connections.incrementAndGet();
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
        long due = Nanos.of(settings.rotateAfter);
        long began = System.nanoTime();
        int failures = 0;
        CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> next = null;
        try {
            while (!closed) {
                long left = due == Long.MAX_VALUE ? due : due - (System.nanoTime() - began);
                if (next == null && (left <= 0 || isRetired(connection))) {
                    next = settings.pool.pool().newConnectionAsync(settings.endpoint);
                }
                if (next != null && next.isDone()) {
                    if (!next.isCompletedExceptionally()) {
                        Lease<WebSocketEndpoint, WebSocketConnection> taken = next.join();
                        next = null;
                        rotate(connection, taken);
                        return;
                    }
                    // The old one serves until there is a new one.
                    next = null;
                    due = System.nanoTime() - began + settings.backoff.pauseNanos(++failures, null);
                }
                receiveOne(connection, next == null && left > 0 ? Math.min(left, LONG_POLL) : SHORT_POLL);
            }
        } finally {
            if (next != null && !next.cancel(true)) {
                // Granted while the old connection died: the next acquire finds it in the pool.
                var unused = next.thenAccept(Lease::release);
            }
        }
    }

    private static boolean isRetired(WebSocketConnection connection) {
        return connection instanceof ConnectionView view && view.open().isRetired();
    }

    private void receiveOne(WebSocketConnection connection, long nanos) {
        try {
            accept(connection.receive(Duration.ofNanos(nanos)));
        } catch (WebSocketTimeoutException e) {
            // Time to look whether the connection is due for replacement.
        }
    }

    private void rotate(WebSocketConnection old, Lease<WebSocketEndpoint, WebSocketConnection> next) {
        Lease<WebSocketEndpoint, WebSocketConnection> oldLease = lease;
        // What is sent meanwhile is kept for the new one, so that no subscription goes to the old one only.
        buffer.detach(old);
        use(next);
        for (var message = old.tryReceive(); message.isPresent(); message = old.tryReceive()) {
            accept(message.get());
        }
        if (oldLease != null) {
            // It carries subscriptions that nobody takes back.
            oldLease.invalidate();
        }
        tell(() -> settings.listener.onDisconnected(null));
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
