package io.genericpool.websocket.internal.session;

import io.genericpool.Lease;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The connection that is to take the place of a session's present one, when that is old enough or its peer has given
 * notice. While it cannot be had, the present one serves on. Only the session's thread comes here.
 */
final class Replacement {
    private static final long WHILE_UNDER_WAY = Duration.ofMillis(20).toNanos();
    private static final long OTHERWISE = Duration.ofSeconds(1).toNanos();

    private final SessionSettings settings;
    private final long rotateAfter;
    private final long beganNanos = System.nanoTime();

    private @Nullable CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> next;
    private int failures;

    /** Counted from the beginning. */
    private long notBefore;

    Replacement(SessionSettings settings) {
        this.settings = settings;
        this.rotateAfter = Nanos.of(settings.rotateAfter());
    }

    /** The new connection once it is there; asks for one when it is time. */
    @Nullable
    Lease<WebSocketEndpoint, WebSocketConnection> poll(boolean retired) {
        long age = age();
        CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> asked = next;
        if (asked == null) {
            if (age >= notBefore && (retired || age >= rotateAfter)) {
                next = settings.target().requestNext();
            }
            return null;
        }
        if (!asked.isDone()) {
            return null;
        }
        next = null;
        if (asked.isCompletedExceptionally()) {
            notBefore = age + settings.backoff().pauseNanos(++failures, null);
            return null;
        }
        return asked.join();
    }

    /** After what time to poll again. */
    long pauseNanos() {
        if (next != null) {
            return WHILE_UNDER_WAY;
        }
        long left = Math.max(rotateAfter, notBefore) - age();
        return Math.max(1, Math.min(left, OTHERWISE));
    }

    private long age() {
        return System.nanoTime() - beganNanos;
    }

    /** It is no longer wanted. */
    void cancel() {
        if (next != null && !next.cancel(true)) {
            // Granted while the old connection died: the next acquire finds it in the pool.
            var unused = next.thenAccept(Lease::release);
        }
    }
}
