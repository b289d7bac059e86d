package io.genericpool.examples;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.examples.watch.Consoled;
import io.genericpool.tcp.SocketConnection;
import io.genericpool.tcp.UnixSocketConnectionManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Unix-domain sockets as docs/tcp.md shows it: with services on this machine, such as Docker's. */
final class UnixSocketQuick {
    private UnixSocketQuick() {}

    /** Asks each service whose socket is given, such as {@code /var/run/docker.sock}, whether it is there. */
    public static void main(String[] args) throws IOException {
        try (var pool = pool()) {
            for (String socket : Consoled.others(args)) {
                System.out.println(socket + ": " + ask(pool, Path.of(socket), "GET /_ping HTTP/1.0\r\n\r\n"));
            }
            Consoled.show(Consoled.isAsked(args), pool);
        }
    }

    static ConnectionPool<Path, SocketConnection> pool() {
        var manager = UnixSocketConnectionManager.builder()
                .readTimeout(Duration.ofSeconds(5))
                .build();
        return ConnectionPools.builder(manager).build();
    }

    /** What is answered until the service ends the connection. */
    static String ask(ConnectionPool<Path, SocketConnection> pool, Path socket, String request) throws IOException {
        return pool.use(socket, connection -> {
            connection.output().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(connection.input().readAllBytes(), StandardCharsets.UTF_8);
        });
    }
}
