package io.genericpool.websocket;

import io.genericpool.ConnectionPool;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The sessions of a pool that have not ended. They are closed before the pool, as they would keep their connections until
 * its deadline. Connects that nothing waits for any more are given up, as a pool would wait for them.
 */
final class PoolSessions {
    private static final long CLOSING_STEP_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_CLOSING_NANOS = Duration.ofSeconds(5).toNanos();

    private final ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool;
    private final WebSocketConnectionManager manager;
    private final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosing;

    PoolSessions(ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, WebSocketConnectionManager manager) {
        this.pool = pool;
        this.manager = manager;
    }

    void began(WebSocketSession session) {
        sessions.add(session);
        if (isClosing) {
            session.close();
        }
    }

    void ended(WebSocketSession session) {
        sessions.remove(session);
    }

    /**
     * A session that has asked for a connection since some time does not want it any more. A connect that began later is
     * given up, unless others wait at the endpoint or connections are to be held for it.
     */
    void giveUpConnects(WebSocketEndpoint endpoint, long sinceNanos) {
        boolean isWanted = pool.stats(endpoint)
                .map(stats -> stats.waiters() > 0 || stats.limits().minIdle() > 0)
                .orElse(true);
        if (!isWanted) {
            manager.giveUpConnects(
                    attempt -> attempt.endpoint().equals(endpoint) && attempt.beganNanos() - sinceNanos >= 0);
        }
    }

    /** The pool is about to be closed by the calling thread. */
    void beginClosing() {
        if (isClosing) {
            return;
        }
        isClosing = true;
        sessions.forEach(WebSocketSession::close);
        // Elsewhere, once the pool is closed: until then the connects have waiters, and these are to hear of the close.
        manager.executor().execute(this::giveUpConnectsOnceClosed);
    }

    private void giveUpConnectsOnceClosed() {
        long deadline = System.nanoTime() + LONGEST_CLOSING_NANOS;
        while (!pool.isClosed() || pool.stats().waiters() > 0) {
            if (System.nanoTime() - deadline > 0) {
                return;
            }
            LockSupport.parkNanos(this, CLOSING_STEP_NANOS);
        }
        manager.giveUpConnects(attempt -> true);
    }
}
