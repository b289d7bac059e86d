package io.genericpool.examples;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.examples.watch.Consoled;
import io.genericpool.tcp.AsyncSocketConnection;
import io.genericpool.tcp.TcpEndpoint;
import io.genericpool.tcp.TlsConnectionManager;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** TLS without a thread per conversation, as docs/tcp.md shows it: the quickstart of generic-connection-pool. */
final class TlsQuick {
    private TlsQuick() {}

    /** Prints the first line of the front page of each web server whose {@code host:port} is given. */
    public static void main(String[] args) throws Exception {
        try (var pool = pool(SSLContext.getDefault())) {
            var pages = new ArrayList<CompletableFuture<String>>();
            for (String server : Consoled.others(args)) {
                pages.add(frontPage(pool, TcpEndpoint.of(server)));
            }
            for (var page : pages) {
                System.out.println(
                        page.get(10, TimeUnit.SECONDS).lines().findFirst().orElse("nothing"));
            }
            Consoled.show(Consoled.isAsked(args), pool);
        }
    }

    static ConnectionPool<TcpEndpoint, AsyncSocketConnection> pool(SSLContext context) {
        var manager = TlsConnectionManager.builder()
                .sslContext(context)
                .applicationProtocols("http/1.1")
                .buildAsync();
        return ConnectionPools.builder(manager)
                .idleTimeout(Duration.ofSeconds(30))
                .maxLifetime(Duration.ofMinutes(10))
                .maxSize(20)
                .totalMaxSize(100)
                .build();
    }

    static CompletableFuture<String> frontPage(
            ConnectionPool<TcpEndpoint, AsyncSocketConnection> pool, TcpEndpoint server) {
        String request = "GET / HTTP/1.0\r\nHost: " + server.host() + "\r\n\r\n";
        return pool.useAsync(server, connection -> connection
                .write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)))
                .thenCompose(written -> readAll(connection, new StringBuilder())));
    }

    private static CompletableFuture<String> readAll(AsyncSocketConnection connection, StringBuilder page) {
        var buffer = ByteBuffer.allocate(8 * 1024);
        return connection.read(buffer).thenCompose(count -> {
            if (count < 0) {
                return CompletableFuture.completedFuture(page.toString()); // the pool discards what has ended
            }
            page.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            return readAll(connection, page);
        });
    }
}
