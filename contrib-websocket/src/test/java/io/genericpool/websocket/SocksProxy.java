package io.genericpool.websocket;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A SOCKS5 proxy without authentication (RFC 1928). */
final class SocksProxy implements AutoCloseable {
    final AtomicInteger connects = new AtomicInteger();

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    SocksProxy() throws IOException {
        daemon(() -> {
            while (true) {
                Socket client = listening.accept();
                daemon(() -> serve(client));
            }
        });
    }

    Proxy address() {
        return new Proxy(
                Proxy.Type.SOCKS, new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()));
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        var thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // One side is gone, so is the other.
                    }
                },
                "socks-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) throws IOException {
        sockets.add(client);
        try (client) {
            var in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            in.readByte();
            in.readNBytes(in.readUnsignedByte());
            out.write(new byte[] {5, 0});
            in.readNBytes(3);
            int kind = in.readByte();
            String host = kind == 3
                    ? new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII)
                    : InetAddress.getByAddress(in.readNBytes(kind == 1 ? 4 : 16))
                            .getHostAddress();
            try (var server = new Socket(host, in.readUnsignedShort())) {
                sockets.add(server);
                connects.incrementAndGet();
                out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
                daemon(() -> copy(server.getInputStream(), out, client));
                copy(in, server.getOutputStream(), server);
            }
        }
    }

    private static void copy(InputStream from, OutputStream to, Socket then) throws IOException {
        try (then) {
            from.transferTo(to);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
