package io.genericpool.examples.fleet;

import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Connections to a {@link CountedServer}. A disposal ends when the server has counted the connection out. */
final class CountedManager implements ConnectionManager<InetSocketAddress, Socket> {
    private final int number;

    CountedManager(int number) {
        this.number = number;
    }

    @Override
    public Socket create(InetSocketAddress endpoint, Duration timeout) throws IOException {
        var socket = new Socket(endpoint.getAddress(), endpoint.getPort());
        try {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(number);
            if (socket.getInputStream().read() != number) {
                throw new IOException("the server does not greet client " + number);
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void dispose(InetSocketAddress endpoint, Socket socket, Duration timeout) throws IOException {
        try (socket) {
            socket.shutdownOutput();
            while (socket.getInputStream().read() >= 0) {
                // Until the server has ended its side.
            }
        }
    }
}
