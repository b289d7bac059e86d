package io.genericpool.websocket;

import io.genericpool.spi.PoolClock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;

/** What a manager was configured with. Immutable; explained at the setters of the builder. */
final class WebSocketSettings {
    final String name;
    final HandshakeHeaders headers;
    final List<String> subprotocols;
    final boolean requireSubprotocol;
    final int maxMessageSize;
    final int inboundMessages;
    final long inboundBytes;
    final OverflowPolicy overflowPolicy;
    final long highWaterMark;
    final Duration sendTimeout;
    final Duration closeTimeout;
    final Duration ioTimeout;
    final boolean virtualThreads;
    final PoolClock clock;
    final Consumer<OkHttpClient.Builder> customizer;

    WebSocketSettings(WebSocketConnectionManagerBuilder builder) {
        name = builder.name;
        headers = builder.headers();
        subprotocols = List.copyOf(builder.subprotocols);
        requireSubprotocol = builder.requireSubprotocol;
        maxMessageSize = builder.maxMessageSize;
        inboundMessages = builder.inboundMessages;
        inboundBytes = builder.inboundBytes;
        overflowPolicy = builder.overflowPolicy;
        highWaterMark = builder.highWaterMark;
        sendTimeout = builder.sendTimeout;
        closeTimeout = builder.closeTimeout;
        ioTimeout = builder.ioTimeout;
        virtualThreads = builder.virtualThreads;
        clock = builder.clock;
        customizer = builder.customizer;
    }
}
