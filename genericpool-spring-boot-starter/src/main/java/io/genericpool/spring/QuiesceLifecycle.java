package io.genericpool.spring;

import io.genericpool.ConnectionPool;
import io.genericpool.SuspendMode;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Brings a pool to rest before a checkpoint, which may hold no open socket, and ends the rest after the restore. A
 * lifecycle of the default phase stops before the web server does, so this one stops after it.
 */
final class QuiesceLifecycle implements SmartLifecycle {
    /** Lower phases stop later. The web server's graceful shutdown and its stop stand above. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

    private final ConnectionPool<?, ?> pool;
    private final Duration timeout;
    private volatile boolean running;

    QuiesceLifecycle(ConnectionPool<?, ?> pool, Duration timeout) {
        this.pool = pool;
        this.timeout = timeout;
    }

    @Override
    public void start() {
        if (!pool.isClosed()) {
            pool.endQuiesce();
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (!pool.isClosed()) {
            var unused = pool.quiesce(SuspendMode.WAIT, timeout);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
