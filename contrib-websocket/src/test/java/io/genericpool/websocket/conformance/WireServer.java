package io.genericpool.websocket.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Agrees to upgrades over plain sockets, in the way that was set for a path, and leaves the rest to the cases. */
final class WireServer implements AutoCloseable {
    static final String ID = "X-Wire";

    private static final String STATUS = "HTTP/1.1 101 Switching Protocols";
    private static final String ACCEPT = "Sec-WebSocket-Accept: %s";
    static final List<String> USUAL = List.of(STATUS, "Upgrade: websocket", "Connection: Upgrade", ACCEPT);

    private final ServerSocket listening = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "wire-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, List<String>> answers = new ConcurrentHashMap<>();
    private final Map<String, Wire> wires = new ConcurrentHashMap<>();
    private final Map<String, String> requests = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    WireServer() throws IOException {
        threads.execute(this::accept);
    }

    String uri() {
        return "ws://127.0.0.1:" + listening.getLocalPort();
    }

    /** Sets the answer to upgrades of a path; {@code %s} stands for the key's digest. */
    void answer(String path, List<String> lines) {
        answers.put(path, lines);
    }

    /** The usual answer, with more headers. */
    static List<String> with(String... headers) {
        var lines = new java.util.ArrayList<>(USUAL);
        lines.addAll(List.of(headers));
        return lines;
    }

    Wire wire(String id) {
        Wire wire = wires.get(id);
        if (wire == null) {
            throw new AssertionError("no connection " + id);
        }
        return wire;
    }

    void forget(String id) {
        wires.remove(id);
    }

    /** The last upgrade request of a path. */
    String request(String path) {
        return requests.getOrDefault(path, "");
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                threads.execute(() -> upgrade(socket));
            }
        } catch (IOException e) {
            // Closed: the only way out.
        }
    }

    private void upgrade(Socket socket) {
        try {
            socket.setTcpNoDelay(true);
            var wire = new Wire(socket);
            var reader = new BufferedReader(new InputStreamReader(wire.in(), StandardCharsets.ISO_8859_1), 1);
            String requestLine = reader.readLine();
            String key = "";
            var request = new StringBuilder(requestLine).append('\n');
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                request.append(line).append('\n');
                if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                    key = line.substring(18).strip();
                }
            }
            String path = requestLine.split(" ", 3)[1];
            requests.put(path, request.toString());
            String id = Integer.toString(count.incrementAndGet());
            wires.put(id, wire);
            String head = String.join("\r\n", answers.getOrDefault(path, USUAL)).replace("%s", digest(key));
            wire.write((head + "\r\n" + ID + ": " + id + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException | RuntimeException e) {
            closeQuietly(socket);
        }
    }

    private static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is done with.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Wire wire : wires.values()) {
            wire.close();
        }
        threads.shutdown();
    }
}
