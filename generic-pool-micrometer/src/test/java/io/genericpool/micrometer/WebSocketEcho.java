package io.genericpool.micrometer;

import io.genericpool.websocket.WebSocketPool;
import java.io.IOException;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** A pool and a server that sends each text back. It accepts one connection. */
final class WebSocketEcho implements AutoCloseable {
    private final MockWebServer server = new MockWebServer();
    final WebSocketPool pool;

    WebSocketEcho(String name) throws IOException {
        server.enqueue(new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket webSocket, Response response) {
                        // The client speaks first.
                    }

                    @Override
                    public void onMessage(WebSocket webSocket, String text) {
                        webSocket.send(text);
                    }

                    @Override
                    public void onClosing(WebSocket webSocket, int code, String reason) {
                        webSocket.close(code, reason);
                    }
                })
                .build());
        server.start();
        pool = WebSocketPool.builder()
                .name(name)
                .baseUri("ws://localhost:" + server.getPort())
                .build();
    }

    @Override
    public void close() {
        pool.close();
        server.close();
    }
}
