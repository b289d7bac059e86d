package io.genericpool.tcp;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server on a file whose backlog is full: further connects hang. */
final class FullUnixBacklog implements AutoCloseable {
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final List<SocketChannel> clients = new ArrayList<>();
    private final Path path;

    FullUnixBacklog(Path path) throws IOException {
        this.path = path;
        server.bind(UnixDomainSocketAddress.of(path), 1);
        boolean isFull = false;
        while (!isFull) {
            var client = SocketChannel.open(StandardProtocolFamily.UNIX);
            clients.add(client);
            client.configureBlocking(false);
            try {
                client.connect(UnixDomainSocketAddress.of(path));
            } catch (SocketException e) {
                isFull = true;
            }
        }
    }

    Path path() {
        return path;
    }

    /** Takes one connection out of the backlog, so that there is room. */
    void acceptOne() throws IOException {
        clients.add(server.accept());
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel client : clients) {
            client.close();
        }
        Files.deleteIfExists(path);
    }
}
