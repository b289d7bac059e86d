package io.genericpool.websocket.internal.session;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The sessions of a pool that have not ended. They are closed before the pool, as they would keep their connections until
 * its deadline. Connects that nothing waits for any more are given up, as a pool would wait for them.
 */
public final class PoolSessions {
    private static final long CLOSING_STEP_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_CLOSING_NANOS = Duration.ofSeconds(5).toNanos();

    private final ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool;
    private final Connects connects;
    private final Set<SessionLoop> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    public PoolSessions(ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, Connects connects) {
        this.pool = pool;
        this.connects = connects;
    }

    public SessionTarget target(WebSocketEndpoint endpoint) {
        return SessionTarget.of(pool, endpoint);
    }

    public SessionTarget target(EndpointGroup<WebSocketEndpoint, WebSocketConnection> group) {
        return SessionTarget.of(group);
    }

    /** Starts a session on a thread of its own. It closes at once when the pool is being closed. */
    public SessionLoop start(SessionSettings settings) {
        var session = new SessionLoop(settings, this);
        sessions.add(session);
        if (closing) {
            session.close();
        }
        connects.executor().execute(session::run);
        return session;
    }

    void ended(SessionLoop session) {
        sessions.remove(session);
    }

    /** A session has another connection. */
    void reconnected() {
        connects.registry().reconnected();
    }

    /** A session has a connection to another member of its group than before. */
    void moved() {
        connects.registry().moved();
    }

    /** The present time of the clock that connects run on. */
    long nanoTime() {
        return connects.clock().nanoTime();
    }

    /**
     * A session that has asked for a connection since some time does not want it any more. A connect that began later is
     * given up, unless others wait at the endpoint or connections are to be held for it.
     */
    void giveUpConnects(WebSocketEndpoint endpoint, long sinceNanos) {
        boolean wanted = pool.stats(endpoint)
                .map(stats -> stats.waiters() > 0 || stats.limits().minIdle() > 0)
                .orElse(true);
        if (!wanted) {
            connects.registry()
                    .giveUp(attempt -> attempt.endpoint().equals(endpoint) && attempt.beganNanos() - sinceNanos >= 0);
        }
    }

    /** The pool is about to be closed by the calling thread. */
    public void beginClosing() {
        if (closing) {
            return;
        }
        closing = true;
        sessions.forEach(SessionLoop::close);
        // Elsewhere, once the pool is closed: until then the connects have waiters, and these are to hear of the close.
        connects.executor().execute(this::giveUpConnectsOnceClosed);
    }

    private void giveUpConnectsOnceClosed() {
        long deadline = System.nanoTime() + LONGEST_CLOSING_NANOS;
        while (!pool.isClosed() || pool.stats().waiters() > 0) {
            if (System.nanoTime() - deadline > 0) {
                return;
            }
            LockSupport.parkNanos(this, CLOSING_STEP_NANOS);
        }
        connects.registry().giveUp(attempt -> true);
    }
}
