package io.genericpool.testkit.fleet;

import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The server that a fleet's limit protects. It counts its open connections itself, each from its accept to its end. */
final class CountingServer implements AutoCloseable {
    private final ServerSocket listening = listen();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "counting-server");
        thread.setDaemon(true);
        return thread;
    });

    CountingServer() {
        threads.execute(this::accept);
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                int now = open.incrementAndGet();
                most.accumulateAndGet(now, Math::max);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the only way out.
        }
    }

    /** It answers when it has counted a connection, and closes its side after it has counted it out. */
    private void serve(Socket socket) {
        try (socket) {
            socket.getOutputStream().write(1);
            while (socket.getInputStream().read() >= 0) {
                // only the end matters
            }
        } catch (IOException e) {
            // That is an end, too.
        } finally {
            open.decrementAndGet();
            sockets.remove(socket);
        }
    }

    int open() {
        return open.get();
    }

    int most() {
        return most.get();
    }

    /** Its disposals wait until the server has counted the connection out, as far as it is alive. */
    ConnectionManager<String, Socket> manager() {
        return new ConnectionManager<>() {
            @Override
            public Socket create(String endpoint, Duration timeout) throws IOException {
                var socket = new Socket(listening.getInetAddress(), listening.getLocalPort());
                socket.setSoTimeout(10_000);
                if (socket.getInputStream().read() != 1) {
                    socket.close();
                    throw new IOException("the server ended the connection");
                }
                return socket;
            }

            @Override
            public void dispose(String endpoint, Socket socket, Duration timeout) throws IOException {
                try (socket) {
                    socket.shutdownOutput();
                    while (socket.getInputStream().read() >= 0) {
                        // until the server has ended its side
                    }
                }
            }
        };
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
