package io.genericpool.fleet.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a server. While it is cut, connections stay open and nothing passes, as on a broken network. */
final class Cable implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile boolean cut;

    Cable(int port) throws IOException {
        this.port = port;
        start(this::accept);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "cable");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listening.getLocalPort();
    }

    void cut() {
        cut = true;
    }

    /** What was open at the cut is lost. */
    void mend() {
        end();
        cut = false;
    }

    private void end() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        sockets.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                var server = new Socket(listening.getInetAddress(), port);
                sockets.add(client);
                sockets.add(server);
                start(() -> pump(client, server));
                start(() -> pump(server, client));
            }
        } catch (IOException e) {
            // Closed: the only way out.
        }
    }

    private void pump(Socket from, Socket to) {
        var buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!cut) {
                    out.write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // One side is gone, so is the other.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        end();
    }
}
