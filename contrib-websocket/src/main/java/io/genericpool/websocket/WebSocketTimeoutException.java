package io.genericpool.websocket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection attempt, a receive, or a send that waited for room timed out. The connection may still be alive. */
public class WebSocketTimeoutException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final Duration timeout;

    /**
     * Creates an exception.
     *
     * @param message the operation that timed out, with the endpoint
     * @param timeout the timeout
     * @param cause the cause, or null
     */
    public WebSocketTimeoutException(String message, Duration timeout, @Nullable Throwable cause) {
        super(message, cause);
        this.timeout = timeout;
    }

    /**
     * Returns the timeout.
     *
     * @return the time
     */
    public final Duration timeout() {
        return timeout;
    }
}
