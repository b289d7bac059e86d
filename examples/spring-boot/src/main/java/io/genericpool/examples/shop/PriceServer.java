package io.genericpool.examples.shop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** Answers each symbol with the symbol and a price, on a free port of the loopback address. */
final class PriceServer extends WebSocketServer {
    private final CountDownLatch started = new CountDownLatch(1);

    PriceServer() {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        setDaemon(true);
    }

    /** The URI, once the server listens. */
    String uri() throws InterruptedException {
        started.await();
        return "ws://127.0.0.1:" + getPort();
    }

    @Override
    public void onStart() {
        started.countDown();
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
            throw new IllegalStateException("the server of prices cannot listen", failure);
        }
    }
}
