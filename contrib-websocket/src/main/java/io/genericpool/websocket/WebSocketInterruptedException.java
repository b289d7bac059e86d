package io.genericpool.websocket;

/** The thread was interrupted while it waited in a call of a connection; its interrupt flag is set again. */
public class WebSocketInterruptedException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what was waited for, with the endpoint
     * @param cause the interrupt
     */
    public WebSocketInterruptedException(String message, InterruptedException cause) {
        super(message, cause);
    }
}
