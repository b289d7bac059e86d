package io.genericpool.websocket;

/** The thread was interrupted while it waited in a call of a connection. Its interrupt flag is set again. */
public class WebSocketInterruptedException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the operation that was waiting, with the endpoint
     * @param cause the interrupt
     */
    public WebSocketInterruptedException(String message, InterruptedException cause) {
        super(message, cause);
    }
}
