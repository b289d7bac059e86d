package io.genericpool.websocket;

import io.genericpool.spi.PoolClock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

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
    final boolean compression;
    final boolean goodbyeOnInvalidate;
    final @Nullable Heartbeat heartbeat;
    final @Nullable Drain drain;
    final @Nullable ConnectionHook openHook;
    final @Nullable ConnectionHook resetHook;
    final Predicate<Message> retireOn;
    final @Nullable Retry retry;
    final @Nullable ConnectRate connectRate;

    WebSocketSettings(WebSocketConnectionManagerBuilder builder) {
        name = builder.name;
        headers = builder.headerSources().all();
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
        compression = builder.compression;
        goodbyeOnInvalidate = builder.goodbyeOnInvalidate;
        heartbeat = builder.heartbeat;
        drain = builder.drain;
        openHook = builder.openHook;
        resetHook = builder.resetHook;
        retireOn = builder.retireOn;
        retry = builder.retry;
        connectRate = builder.connectRate;
    }
}
