package io.genericpool.websocket.internal.session;

import io.genericpool.websocket.SessionListener;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the application's code for a session: its listener and its functions. What they throw, errors included, is logged
 * and told and goes no further. An interrupt flag that they leave on the session's thread is cleared: it would end the
 * session's next wait.
 */
final class SessionCalls {
    private static final System.Logger LOG = System.getLogger("io.genericpool.websocket.WebSocketSession");
    private static final long LOG_INTERVAL_NANOS = 1_000_000_000L;

    private final SessionTarget target;
    private final SessionListener listener;

    /** The session's thread; on others, which belong to the application, the interrupt flag is the application's. */
    private volatile @Nullable Thread runner;

    private final AtomicLong lastLogged = new AtomicLong(System.nanoTime() - LOG_INTERVAL_NANOS);
    private final AtomicLong notLogged = new AtomicLong();

    SessionCalls(SessionTarget target, SessionListener listener) {
        this.target = target;
        this.listener = listener;
    }

    /** The calling thread is the session's. */
    void runOnThisThread() {
        runner = Thread.currentThread();
    }

    boolean isOnRunner() {
        return Thread.currentThread() == runner;
    }

    /** Tells the listener. */
    void tell(String method, Consumer<SessionListener> call) {
        try {
            call.accept(listener);
        } catch (Throwable t) {
            failed(method + " of the listener", t);
        } finally {
            clearInterrupt();
        }
    }

    /** Asks a function of the application; one that fails is taken to have said nothing. */
    <T extends @Nullable Object> T ask(String what, Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (Throwable t) {
            failed(what, t);
            return otherwise;
        } finally {
            clearInterrupt();
        }
    }

    private void clearInterrupt() {
        if (isOnRunner()) {
            boolean unused = Thread.interrupted();
        }
    }

    private void failed(String what, Throwable failure) {
        try {
            log(what, failure);
            listener.onCallbackFailed(what, failure);
        } catch (Throwable again) {
            // It was told of the first one, or cannot be told.
        }
    }

    /** At most once a second: a listener may fail at every message. */
    private void log(String what, Throwable failure) {
        long now = System.nanoTime();
        long last = lastLogged.get();
        if (now - last < LOG_INTERVAL_NANOS || !lastLogged.compareAndSet(last, now)) {
            notLogged.incrementAndGet();
            return;
        }
        long more = notLogged.getAndSet(0);
        LOG.log(
                System.Logger.Level.WARNING,
                "session to " + target + ": " + what + " failed; the session continues"
                        + (more == 0 ? "" : " (" + more + " more failures were not logged)"),
                failure);
    }
}
