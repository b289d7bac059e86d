package io.genericpool.websocket.internal.session;

import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.SessionState;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketInterruptedException;
import io.genericpool.websocket.WebSocketTimeoutException;
import io.genericpool.websocket.internal.socket.ConnectionView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A session that has started. Its thread acquires a connection, subscribes on it, hands on what arrives, and begins again
 * when the connection has ended, until the session is closed.
 */
public final class SessionLoop {
    private final SessionSettings settings;
    private final PoolSessions sessions;
    private final SessionCalls calls;
    private final SessionBuffer buffer;
    private final SessionInbox inbox;
    private final Subscriptions subscriptions = new Subscriptions();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private volatile boolean closed;

    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong moves = new AtomicLong();

    /** Of the latest connection. Only the session's thread comes here. */
    private @Nullable WebSocketEndpoint latest;

    /** The request that is under way. */
    private volatile @Nullable CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> asked;

    private volatile @Nullable Lease<WebSocketEndpoint, WebSocketConnection> lease;

    /** The one whose place the lease has taken, while both are read. */
    private volatile @Nullable Lease<WebSocketEndpoint, WebSocketConnection> outgoing;

    /** When the session has asked for its present connection, by the clock of the connects. */
    private volatile long askedNanos;

    SessionLoop(SessionSettings settings, PoolSessions sessions) {
        this.settings = settings;
        this.sessions = sessions;
        this.calls = new SessionCalls(settings.target(), settings.listener());
        this.buffer = new SessionBuffer(settings.bufferSize(), settings.overflow());
        this.inbox = new SessionInbox(settings.numbering(), settings.overlap(), calls);
    }

    public SessionTarget target() {
        return settings.target();
    }

    /** Of the present connection; null when there is none. */
    public @Nullable WebSocketEndpoint endpoint() {
        Lease<WebSocketEndpoint, WebSocketConnection> held = lease;
        return held == null ? null : held.endpoint();
    }

    /** Sends a message, or keeps it until there is a connection. */
    public void send(Message message) {
        send(message, SessionBuffer.NOT_NUMBERED);
    }

    private void send(Message message, long number) {
        tellLost(buffer.send(message, number, !calls.isOnRunner()));
    }

    /** Sends a message now, if there is a connection, and first on every later connection. */
    public void subscribe(String name, Message message) {
        sendNumbered(message, subscriptions.put(name, message));
    }

    /** Removes a subscription, and sends a message now if there is a connection. */
    public void unsubscribe(String name, Message message) {
        sendNumbered(message, subscriptions.remove(name));
    }

    private void sendNumbered(Message message, OptionalLong number) {
        if (number.isPresent()) {
            send(message, number.getAsLong());
        }
    }

    public SessionState state() {
        return subscriptions.state();
    }

    /** The number of connections after the first. */
    public long reconnects() {
        return Math.max(0, connections.get() - 1);
    }

    /** The number of connections to another member of the group than before. */
    public long moves() {
        return moves.get();
    }

    /** Ends the session and its connection. Does not wait for the listener. */
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

    void run() {
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
                    if (!closed) {
                        closed = true;
                        calls.tell("onDisconnected", listener -> listener.onDisconnected(e));
                    }
                } catch (Throwable t) {
                    // Errors too: one that code of others has thrown must not end the session without a word.
                    if (!closed) {
                        boolean stable =
                                connected && System.nanoTime() - connectedNanos >= Nanos.of(settings.stableAfter());
                        failures = stable ? 1 : failures + 1;
                        backOff(failures, t);
                    }
                }
            }
        } finally {
            giveUp(null);
            close();
            enter(SessionState.CLOSED);
            sessions.ended(this);
        }
    }

    private void backOff(int failures, Throwable cause) {
        giveUp(cause);
        calls.tell("onDisconnected", listener -> listener.onDisconnected(cause));
        enter(SessionState.BACKING_OFF);
        long nanos = settings.backoff().pauseNanos(failures, settings.target().reasonToWait(cause));
        calls.tell("onBackingOff", listener -> listener.onBackingOff(failures, Duration.ofNanos(nanos)));
        pause(nanos);
    }

    /** Asks the pool for a connection, in a way that {@link #close} can end. */
    private Lease<WebSocketEndpoint, WebSocketConnection> acquire() {
        askedNanos = sessions.nanoTime();
        CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> request =
                settings.target().request();
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
            settings.target().endpoints().forEach(endpoint -> sessions.giveUpConnects(endpoint, askedNanos));
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
            Subscriptions.First first = subscriptions.connect();
            first.messages().forEach(connection::send);
            if (connections.get() > 0) {
                inbox.reconnect().forEach(connection::send);
            }
            buffer.attach(connection, first.toldUpTo());
            if (connections.getAndIncrement() > 0) {
                sessions.reconnected();
            }
            taken = true;
            calls.tell("onState", listener -> listener.onState(SessionState.CONNECTED));
            calls.tell("onConnected", listener -> listener.onConnected(connection, reconnects()));
            arriveAt(next.endpoint());
        } finally {
            if (!taken || closed) {
                next.invalidate();
            }
        }
    }

    private void arriveAt(WebSocketEndpoint endpoint) {
        WebSocketEndpoint before = latest;
        latest = endpoint;
        if (before != null && !before.equals(endpoint)) {
            moves.incrementAndGet();
            sessions.moved();
            calls.tell("onMoved", listener -> listener.onMoved(before, endpoint));
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
        if (subscriptions.enter(next)) {
            calls.tell("onState", listener -> listener.onState(next));
        }
    }

    @Override
    public String toString() {
        return "session to " + settings.target() + ", " + state();
    }
}
