package io.genericpool.tcp;

import io.genericpool.testkit.RefusingPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Endpoints that cannot be connected to. */
final class Refused {
    /** Held until the tests' JVM ends. */
    private static final RefusingPort PORT = new RefusingPort();

    private Refused() {}

    /** A port on which nobody listens. */
    static TcpEndpoint endpoint() {
        return TcpEndpoint.of("127.0.0.1", PORT.number());
    }

    /** A server whose backlog is full: it answers no further connect at all. */
    static final class FullBacklog implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> clients = new ArrayList<>();

        FullBacklog() throws IOException {
            // The system takes some more than the backlog says, and lets the first too many hang.
            boolean isFull = false;
            while (!isFull) {
                var client = new Socket();
                clients.add(client);
                try {
                    client.connect(server.getLocalSocketAddress(), 200);
                } catch (java.net.SocketTimeoutException e) {
                    isFull = true;
                }
            }
        }

        TcpEndpoint endpoint() {
            return TcpEndpoint.of("127.0.0.1", server.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket client : clients) {
                client.close();
            }
        }
    }
}
