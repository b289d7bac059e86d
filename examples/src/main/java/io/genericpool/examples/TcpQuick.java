package io.genericpool.examples;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.examples.server.LocalEcho;
import io.genericpool.examples.watch.Consoled;
import io.genericpool.tcp.SocketConnection;
import io.genericpool.tcp.TcpConnectionManager;
import io.genericpool.tcp.TcpEndpoint;
import io.genericpool.tcp.UnreadData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Plain TCP as docs/tcp.md shows it: with servers that speak in lines, as Redis can. */
final class TcpQuick {
    private TcpQuick() {}

    /** Sends PING, twice, to each server whose {@code host:port} is given; or to one that answers with the same. */
    public static void main(String[] args) throws IOException {
        boolean console = Consoled.isAsked(args);
        String[] servers = Consoled.others(args);
        if (servers.length > 0) {
            run(console, servers);
            return;
        }
        try (var echo = new LocalEcho()) {
            run(console, echo.hostAndPort());
        }
    }

    private static void run(boolean console, String... servers) throws IOException {
        try (var pool = pool()) {
            for (String server : servers) {
                TcpEndpoint endpoint = TcpEndpoint.of(server);
                System.out.println(endpoint + ": " + ask(pool, endpoint, "PING"));
                System.out.println(endpoint + ": " + ask(pool, endpoint, "PING"));
            }
            System.out.println(pool.stats().created() + " connections opened");
            Consoled.show(console, pool);
        }
    }

    static ConnectionPool<TcpEndpoint, SocketConnection> pool() {
        var manager = TcpConnectionManager.builder()
                .readTimeout(Duration.ofSeconds(5))
                .keepAlive(Duration.ofSeconds(60), Duration.ofSeconds(10), 3)
                .unreadData(UnreadData.DISCARD) // what one lease left over must not be the next one's answer
                .build();
        return ConnectionPools.builder(manager).maxSize(20).totalMaxSize(100).build();
    }

    static String ask(ConnectionPool<TcpEndpoint, SocketConnection> pool, TcpEndpoint endpoint, String command)
            throws IOException {
        return pool.use(endpoint, connection -> {
            connection.output().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(connection.input(), StandardCharsets.UTF_8)).readLine();
        });
    }
}
