package io.genericpool.commons;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.clients.jedis.HostAndPort;
import redis.embedded.RedisServer;

/** A Redis server of its own process, on a free port of this machine. */
final class Redis implements AutoCloseable {
    private final RedisServer server;
    private final HostAndPort endpoint;

    private Redis(RedisServer server, int port) {
        this.server = server;
        this.endpoint = new HostAndPort("127.0.0.1", port);
    }

    static Redis start() throws IOException {
        int port = freePort();
        var server = RedisServer.newRedisServer()
                .bind("127.0.0.1")
                .port(port)
                .setting("save \"\"")
                .build();
        server.start();
        return new Redis(server, port);
    }

    HostAndPort endpoint() {
        return endpoint;
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }

    static int freePort() throws IOException {
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return unused.getLocalPort();
        }
    }
}
