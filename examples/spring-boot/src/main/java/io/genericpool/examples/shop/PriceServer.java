package io.genericpool.examples.shop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** Answers each symbol with the symbol and a price, on a free port of the loopback address. */
final class PriceServer extends WebSocketServer {
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    PriceServer() {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        setDaemon(true);
    }

    /** The URI, once the server listens. */
    String uri() throws IOException, InterruptedException {
        try {
            return "ws://127.0.0.1:" + port.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server of prices does not listen", e);
        }
    }

    @Override
    public void onStart() {
        port.complete(getPort());
    }

    @Override
    public void onMessage(WebSocket client, String symbol) {
        client.send(symbol + " " + ThreadLocalRandom.current().nextInt(1, 100_000) + ".50");
    }

    @Override
    public void onOpen(WebSocket client, ClientHandshake handshake) {}

    @Override
    public void onClose(WebSocket client, int code, String reason, boolean remote) {}

    @Override
    public void onError(@Nullable WebSocket client, Exception failure) {
        if (client == null) {
            port.completeExceptionally(failure);
        }
    }
}
