package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketException;

/** A connect was given up because nothing waits for it any more: nothing that its endpoint has done. */
public final class ConnectGivenUpException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    public ConnectGivenUpException(WebSocketEndpoint endpoint) {
        super("no connection to " + endpoint + ": no request waits for it any more", null);
    }
}
