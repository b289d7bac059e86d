package io.genericpool.testkit.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy on the loopback address that can be cut, as a network can. While it is cut, connections stay open and nothing
 * passes. Connections of before the end of a cut stay silent for ever, as behind a firewall that has forgotten them.
 * Thread-safe.
 */
public final class Cable implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    /** An odd number while it is cut. */
    private final AtomicInteger cuts = new AtomicInteger();

    /**
     * Begins to listen.
     *
     * @param port of the server on the loopback address that connections go to
     * @throws IOException if it cannot listen
     */
    public Cable(int port) throws IOException {
        this.port = port;
        start(this::accept);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "cable");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Returns where clients connect to.
     *
     * @return the port of this proxy
     */
    public int port() {
        return listening.getLocalPort();
    }

    /** Lets nothing pass from now on. */
    public void cut() {
        cuts.updateAndGet(number -> number | 1);
    }

    /** Lets new connections pass again. */
    public void mend() {
        cuts.updateAndGet(number -> number + (number & 1));
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                var server = new Socket(listening.getInetAddress(), port);
                sockets.add(client);
                sockets.add(server);
                int number = cuts.get();
                start(() -> pump(client, server, number));
                start(() -> pump(server, client, number));
            }
        } catch (IOException e) {
            // Closed, or the server is down: both end it.
        }
    }

    private void pump(Socket from, Socket to, int number) {
        var buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if ((number & 1) == 0 && cuts.get() == number) {
                    out.write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // One side is gone, so is the other.
        }
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
    }
}
