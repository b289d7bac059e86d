package io.genericpool.websocket;

import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.internal.queue.OutboundGate;
import io.genericpool.websocket.internal.socket.ConnectionView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that outlives its connections. The session holds a lease. When the connection dies, or is due for
 * replacement, the session acquires another one, sends the subscriptions again and requests missed messages. A lease by
 * itself never does that.
 *
 * <p>The listener receives everything that arrives, on a thread of the session. Messages sent without a connection are
 * kept, within limits. Any thread may call all methods, and many threads may call {@link #send} at once.
 *
 * <p>The session ends with {@link #close}, or when its pool is closed.
 */
public final class WebSocketSession implements AutoCloseable {
    private final SessionSettings settings;
    private final SessionCalls calls;
    private final SessionBuffer buffer;
    private final SessionInbox inbox;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Map<String, Message> subscriptions = new LinkedHashMap<>();
    private long subscriptionChanges;
    private SessionState state = SessionState.CONNECTING;
    private volatile boolean closed;

    private final AtomicLong connections = new AtomicLong();

    /** The request that is under way. */
    private volatile @Nullable CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> asked;

    private volatile @Nullable Lease<WebSocketEndpoint, WebSocketConnection> lease;

    /** The one whose place the lease has taken, while both are read. */
    private volatile @Nullable Lease<WebSocketEndpoint, WebSocketConnection> outgoing;

    /** When the session has asked for its present connection, by the clock of the connects. */
    private volatile long askedNanos;

    WebSocketSession(SessionSettings settings) {
        this.settings = settings;
        this.calls = new SessionCalls(settings.endpoint(), settings.listener());
        this.buffer = new SessionBuffer(settings.bufferSize(), settings.overflow());
        this.inbox = new SessionInbox(settings.numbering(), settings.overlap(), calls);
    }

    void start() {
        settings.manager().executor().execute(this::run);
    }

    /**
     * Sends a message, or keeps it until there is a connection. The call may wait for room, as
     * {@link WebSocketConnection#send(Message)} does, or as the policy of the buffer requires.
     *
     * @param message the message
     * @throws IllegalStateException when the session is closed, or when the buffer is full and its policy is to fail.
     *     Also when its policy is to wait but the call comes from the session's listener, because no other thread would
     *     make room
     * @throws MessageTooLargeException when the message can never be sent
     * @throws WebSocketTimeoutException when there was no room in time; the message was neither sent nor kept
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited; the message was neither
     *     sent nor kept
     */
    public void send(Message message) {
        checkSize(message);
        send(message, SessionBuffer.NOT_NUMBERED);
    }

    private void checkSize(Message message) {
        long unused = OutboundGate.checkedSize(
                Objects.requireNonNull(message, "message").payloadSize(), settings.endpoint());
    }

    private void send(Message message, long number) {
        tellLost(buffer.send(message, number, !calls.isOnRunner()));
    }

    /**
     * Sends a message now, if there is a connection, and first on every later connection.
     *
     * @param name the name, used to replace or remove the subscription
     * @param message the message that subscribes
     * @throws MessageTooLargeException when the message can never be sent
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
     * Removes a subscription, and sends a message now if there is a connection.
     *
     * @param name the name of the subscription
     * @param message the message that unsubscribes
     * @throws MessageTooLargeException when the message can never be sent
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
     * Returns the state of the session.
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
     * The number of connections the session has had after the first.
     *
     * @return the counter
     */
    public long reconnects() {
        return Math.max(0, connections.get() - 1);
    }

    /**
     * Ends the session and discards its connection, because the peer would continue to send. A connection attempt for
     * which only this session waits is cancelled. The call does not wait for the listener. Idempotent.
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
        stopAsking();
        // Ends the receive that the session's thread waits in.
        giveUp(null);
        tellLost(lost);
    }

    private void tellLost(List<Message> lost) {
        if (!lost.isEmpty()) {
            calls.tell("onLost", listener -> listener.onLost(lost));
        }
    }

    private void run() {
        calls.runOnThisThread();
        int failures = 0;
        try {
            while (!closed) {
                long connectedNanos = 0;
                boolean connected = false;
                try {
                    enter(SessionState.CONNECTING);
                    if (closed) {
                        // By the listener.
                        break;
                    }
                    use(acquire());
                    connectedNanos = System.nanoTime();
                    connected = true;
                    while (!closed) {
                        receive(Objects.requireNonNull(lease, "lease").connection());
                    }
                } catch (PoolClosedException e) {
                    closed = true;
                } catch (Throwable t) {
                    // Errors too: one that code of others has thrown must not end the session without a word.
                    if (!closed) {
                        boolean wasStable =
                                connected && System.nanoTime() - connectedNanos >= Nanos.of(settings.stableAfter());
                        failures = wasStable ? 1 : failures + 1;
                        backOff(failures, t);
                    }
                }
            }
        } finally {
            giveUp(null);
            close();
            enter(SessionState.CLOSED);
            settings.pool().sessions().ended(this);
        }
    }

    private void backOff(int failures, Throwable cause) {
        giveUp(cause);
        calls.tell("onDisconnected", listener -> listener.onDisconnected(cause));
        enter(SessionState.BACKING_OFF);
        long nanos = settings.backoff().pauseNanos(failures, cause);
        calls.tell("onBackingOff", listener -> listener.onBackingOff(failures, Duration.ofNanos(nanos)));
        pause(nanos);
    }

    /** Asks the pool for a connection, in a way that {@link #close} can end. */
    private Lease<WebSocketEndpoint, WebSocketConnection> acquire() {
        askedNanos = settings.manager().nanoTime();
        CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> request =
                settings.pool().pool().connectionAsync(settings.endpoint());
        asked = request;
        if (closed) {
            stopAsking();
        }
        try {
            return request.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        } finally {
            asked = null;
            boolean unused = Thread.interrupted();
        }
    }

    private void stopAsking() {
        CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> request = asked;
        if (request != null && request.cancel(true)) {
            settings.pool().sessions().giveUpConnects(settings.endpoint(), askedNanos);
        }
    }

    /** Subscribes on a connection and makes it the session's. */
    private void use(Lease<WebSocketEndpoint, WebSocketConnection> next) {
        if (closed) {
            // Granted at the last moment; as it was not used, it is as good as new.
            next.release();
            return;
        }
        // First: a close meanwhile is to end the sends below.
        lease = next;
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
            if (connections.get() > 0) {
                inbox.reconnect().forEach(connection::send);
            }
            buffer.attach(connection, toldUpTo);
            if (connections.getAndIncrement() > 0) {
                settings.manager().reconnected();
            }
            taken = true;
            calls.tell("onState", listener -> listener.onState(SessionState.CONNECTED));
            calls.tell("onConnected", listener -> listener.onConnected(connection, reconnects()));
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
        } catch (WebSocketInterruptedException e) {
            // A session ends by its close; an interrupt has no meaning for it.
            boolean unused = Thread.interrupted();
            return;
        }
        inbox.accept(message);
    }

    private void rotate(WebSocketConnection old, Lease<WebSocketEndpoint, WebSocketConnection> next) {
        Lease<WebSocketEndpoint, WebSocketConnection> oldLease = lease;
        outgoing = oldLease;
        try {
            // What is sent meanwhile is kept for the new one, so that no subscription goes to the old one only.
            buffer.detach(old);
            use(next);
            inbox.overlap(old, next.connection(), () -> closed);
        } finally {
            outgoing = null;
            if (oldLease != null) {
                closeAfterWhatIsQueued(old);
                // It carries subscriptions that nothing takes back.
                oldLease.invalidate();
            }
        }
        calls.tell("onDisconnected", listener -> listener.onDisconnected(null));
    }

    /** Messages that were accepted for the old connection must not be cut off with it. */
    private static void closeAfterWhatIsQueued(WebSocketConnection old) {
        try {
            old.close();
        } catch (RuntimeException e) {
            // Its lease has ended already, or it is dead.
        }
    }

    private void giveUp(@Nullable Throwable cause) {
        Lease<WebSocketEndpoint, WebSocketConnection> before = outgoing;
        if (before != null) {
            before.invalidate(cause);
        }
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
            long deadline = System.nanoTime() + nanos;
            for (long left = nanos; left > 0 && !closed; left = deadline - System.nanoTime()) {
                try {
                    left = wake.awaitNanos(left);
                } catch (InterruptedException e) {
                    // A session ends by its close; an interrupt has no meaning for it.
                }
            }
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
        calls.tell("onState", listener -> listener.onState(next));
    }

    @Override
    public String toString() {
        return "session to " + settings.endpoint() + ", " + state();
    }
}
