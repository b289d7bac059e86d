package io.genericpool.websocket.internal.pool;

import io.genericpool.websocket.internal.socket.SocketSettings;
import java.time.Duration;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;

/**
 * What a manager was built with. Later changes of the builder have no effect on it.
 *
 * @param name of the manager's threads
 * @param virtualThreads whether these are virtual
 * @param ioTimeout how long one step of a connect may take
 * @param customizer changes the client first
 * @param goodbyeOnInvalidate whether an invalidated connection is closed by a handshake
 * @param sockets for each connection
 */
public record WebSocketSettings(
        String name,
        boolean virtualThreads,
        Duration ioTimeout,
        Consumer<OkHttpClient.Builder> customizer,
        boolean goodbyeOnInvalidate,
        SocketSettings sockets) {}
