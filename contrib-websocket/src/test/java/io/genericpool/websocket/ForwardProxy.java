package io.genericpool.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** An HTTP proxy: tunnels what is asked for with CONNECT, passes other requests on; or refuses both. */
final class ForwardProxy implements AutoCloseable {
    /** First lines of the requests it was sent. */
    final Queue<String> requests = new ConcurrentLinkedQueue<>();

    /** The same with their headers. */
    final Queue<String> heads = new ConcurrentLinkedQueue<>();

    /** Bytes it answers with before it closes the connection, or null. */
    volatile String rawAnswer;

    /** What it answers instead of doing its work, or null. */
    volatile String refusal;

    /** What credentials it wants to be sent, or null. */
    volatile String credentials;

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Executor threads = task -> {
        var thread = new Thread(task, "forward-proxy");
        thread.setDaemon(true);
        thread.start();
    };

    private ForwardProxy() throws IOException {}

    static ForwardProxy start() throws IOException {
        var proxy = new ForwardProxy();
        proxy.threads.execute(proxy::accept);
        return proxy;
    }

    Proxy address() {
        return new Proxy(
                Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()));
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                sockets.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed: the only way out.
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = readHead(client.getInputStream());
            requests.add(head.substring(0, head.indexOf('\r')));
            heads.add(head);
            if (rawAnswer != null) {
                client.getOutputStream().write(rawAnswer.getBytes(StandardCharsets.ISO_8859_1));
            } else if (refusal != null) {
                answer(client, refusal);
            } else if (credentials != null && !head.contains("Proxy-Authorization: " + credentials)) {
                answer(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"");
            } else if (head.startsWith("CONNECT ")) {
                tunnel(client, head);
            } else {
                pass(client, head);
            }
        } catch (IOException e) {
            // One side is gone, so is the other.
        } finally {
            sockets.remove(client);
        }
    }

    private void tunnel(Socket client, String head) throws IOException {
        String authority = head.split(" ", 3)[1];
        int colon = authority.lastIndexOf(':');
        try (var server = new Socket(authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1)))) {
            answer(client, "200 Connection established");
            join(client, server);
        }
    }

    private void pass(Socket client, String head) throws IOException {
        String target = head.split(" ", 3)[1];
        URI uri = URI.create(target);
        try (var server = new Socket(uri.getHost(), uri.getPort())) {
            String relative = head.replaceFirst(java.util.regex.Pattern.quote(target), uri.getRawPath());
            server.getOutputStream().write(relative.getBytes(StandardCharsets.ISO_8859_1));
            join(client, server);
        }
    }

    private void join(Socket client, Socket server) throws IOException {
        sockets.add(server);
        threads.execute(() -> {
            try (client;
                    server) {
                client.getInputStream().transferTo(server.getOutputStream());
            } catch (IOException e) {
                // One side is gone, so is the other.
            } finally {
                sockets.remove(server);
            }
        });
        server.getInputStream().transferTo(client.getOutputStream());
    }

    private static void answer(Socket client, String status) throws IOException {
        OutputStream out = client.getOutputStream();
        String end = status.toLowerCase(Locale.ROOT).startsWith("200") ? "" : "\r\nContent-Length: 0";
        out.write(("HTTP/1.1 " + status + end + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the end came early");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Stops listening and cuts all connections. */
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
