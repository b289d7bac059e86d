package io.genericpool.commons;

import io.genericpool.testkit.FixedPort;
import java.io.IOException;
import redis.clients.jedis.HostAndPort;
import redis.embedded.RedisServer;

/** A Redis server of its own process, on a free port of this machine. */
final class Redis implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    private final RedisServer server;
    private final HostAndPort endpoint;

    private Redis(RedisServer server, int port) {
        this.server = server;
        this.endpoint = new HostAndPort("127.0.0.1", port);
    }

    /** Tries another port when a stranger was quicker. */
    static Redis start() throws IOException {
        for (int i = 1; ; i++) {
            try {
                return start(FixedPort.find());
            } catch (IOException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Redis start(int port) throws IOException {
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
}
