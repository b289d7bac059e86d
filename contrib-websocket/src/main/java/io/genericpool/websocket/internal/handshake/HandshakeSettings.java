package io.genericpool.websocket.internal.handshake;

import io.genericpool.websocket.HandshakeHeaders;
import io.genericpool.websocket.WebSocketEndpoint;
import java.util.List;
import java.util.function.Function;
import okhttp3.HttpUrl;

/**
 * What is asked of a server when a connection is opened.
 *
 * @param urls where an endpoint is, as OkHttp wants it
 * @param headers more headers of the request
 * @param subprotocols those that are offered, the most wanted first
 * @param subprotocolRequired whether the server must choose one of them
 * @param compression whether messages may be deflated
 */
public record HandshakeSettings(
        Function<WebSocketEndpoint, HttpUrl> urls,
        HandshakeHeaders headers,
        List<String> subprotocols,
        boolean subprotocolRequired,
        boolean compression) {}
