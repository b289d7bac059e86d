package io.genericpool.websocket;

import java.util.Map;

/** A source of request headers, asked at each connect, so that a token is always the current one. */
@FunctionalInterface
public interface HandshakeHeaders {
    /**
     * Tells the headers of one upgrade request. Called on the thread that connects, within the connect's deadline; may
     * block.
     *
     * @param endpoint where to
     * @return values by name
     * @throws Exception when there are none to be had: the connect fails with this cause
     */
    Map<String, String> headersFor(WebSocketEndpoint endpoint) throws Exception;
}
