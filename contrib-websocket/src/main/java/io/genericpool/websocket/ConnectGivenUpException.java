package io.genericpool.websocket;

/** A connect was given up because nothing waits for it any more: nothing that its endpoint has done. */
final class ConnectGivenUpException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    ConnectGivenUpException(WebSocketEndpoint endpoint) {
        super("no connection to " + endpoint + ": no request waits for it any more", null);
    }
}
