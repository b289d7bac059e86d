package io.genericpool.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Stands before a server and passes everything on, until it hangs: then it accepts and reads, but answers nothing. */
final class HangingProxy implements AutoCloseable {
    private final int serverPort;
    private final ServerSocket listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean hangs;

    private HangingProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
    }

    static HangingProxy start(WebSocketEndpoint server) throws IOException {
        var proxy = new HangingProxy(server.port());
        daemon(proxy::accept);
        return proxy;
    }

    WebSocketEndpoint endpoint(String path) {
        return WebSocketEndpoint.of("ws://127.0.0.1:" + listening.getLocalPort() + path);
    }

    /** From now on, nothing reaches a client, on connections that are open and on new ones. */
    void hang() {
        hangs = true;
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "hanging-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                sockets.add(client);
                daemon(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed: the only way out.
        }
    }

    private void serve(Socket client) {
        try (client;
                var server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            daemon(() -> toClient(server, client));
            client.getInputStream().transferTo(server.getOutputStream());
        } catch (IOException e) {
            // One side is gone, so is the other.
        }
    }

    private void toClient(Socket server, Socket client) {
        try (server) {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            var piece = new byte[8192];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                if (hangs) {
                    closed.await();
                    return;
                }
                out.write(piece, 0, read);
            }
            client.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            // As above.
        }
    }

    @Override
    public void close() {
        closed.countDown();
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
