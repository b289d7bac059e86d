package io.genericpool.websocket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something did not happen in time: a connect, a receive, a send that waited for room. The connection may be alive. */
public class WebSocketTimeoutException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final Duration timeout;

    /**
     * Makes an exception.
     *
     * @param message what did not happen, with the endpoint
     * @param timeout the time that was allowed
     * @param cause why, or null
     */
    public WebSocketTimeoutException(String message, Duration timeout, @Nullable Throwable cause) {
        super(message, cause);
        this.timeout = timeout;
    }

    /**
     * The time that was allowed.
     *
     * @return the time
     */
    public final Duration timeout() {
        return timeout;
    }
}
