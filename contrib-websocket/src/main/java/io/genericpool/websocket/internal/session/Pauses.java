package io.genericpool.websocket.internal.session;

import org.jspecify.annotations.Nullable;

/** Says how long to wait after a failure. */
@FunctionalInterface
public interface Pauses {
    /**
     * The pause before the next attempt.
     *
     * @param failures the failures in a row, 1 for the first
     * @param cause what the last one was, null when it is not known
     */
    long pauseNanos(int failures, @Nullable Throwable cause);
}
