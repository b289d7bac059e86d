package io.genericpool.websocket;

import java.util.Map;

/** A source of request headers. It is called at each connection attempt, so a token is always the current one. */
@FunctionalInterface
public interface HandshakeHeaders {
    /**
     * Returns the headers of one upgrade request. Called on the connecting thread, within the timeout of the attempt.
     * May block.
     *
     * @param endpoint the endpoint
     * @return values by name
     * @throws Exception when there are no headers; the attempt fails with this cause
     */
    Map<String, String> headersFor(WebSocketEndpoint endpoint) throws Exception;
}
