package io.genericpool.websocket;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A peer that speaks bytes: for what a well-behaved server cannot be made to do. */
final class RawPeer implements AutoCloseable {
    private final ServerSocket listening;
    private final Script script;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    /** What to do with one connection; the socket is closed when it returns. */
    interface Script {
        void run(Connection connection) throws Exception;
    }

    private RawPeer(Script script) throws IOException {
        this.script = script;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static RawPeer start(Script script) throws IOException {
        var peer = new RawPeer(script);
        daemon("raw-peer-accept", peer::accept);
        return peer;
    }

    WebSocketEndpoint endpoint() {
        return WebSocketEndpoint.of("ws://127.0.0.1:" + listening.getLocalPort() + "/raw");
    }

    /** Lets scripts pass {@code awaitGo}. */
    void go() {
        go.countDown();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                daemon("raw-peer", () -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the only way out.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.run(new Connection(socket));
        } catch (Exception e) {
            // A script ends with its connection, however that ends.
        } finally {
            sockets.remove(socket);
        }
    }

    private static void daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
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

    /** One connection as its script sees it. */
    final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private String request = "";

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** Reads an upgrade request and agrees to it. */
        void upgrade(String... extraHeaders) throws Exception {
            upgradeAndWrite(new byte[0], extraHeaders);
        }

        /** As {@link #upgrade}, with what follows in the same write, so that it arrives together with the answer. */
        void upgradeAndWrite(byte[] following, String... extraHeaders) throws Exception {
            readRequest();
            String key = request.lines()
                    .filter(line -> line.startsWith("Sec-WebSocket-Key: "))
                    .findFirst()
                    .orElseThrow()
                    .substring(19);
            var sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest =
                    sha1.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            var answer = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")
                    .append("Connection: Upgrade\r\nSec-WebSocket-Accept: ")
                    .append(Base64.getEncoder().encodeToString(digest))
                    .append("\r\n");
            for (String header : extraHeaders) {
                answer.append(header).append("\r\n");
            }
            byte[] head = answer.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
            byte[] all = Arrays.copyOf(head, head.length + following.length);
            System.arraycopy(following, 0, all, head.length, following.length);
            write(all);
        }

        void readRequest() throws IOException {
            var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII), 1);
            var text = new StringBuilder();
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                text.append(line).append('\n');
            }
            request = text.toString();
        }

        String request() {
            return request;
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Writes an unmasked frame; the payload must be shorter than 64 KiB. */
        void frame(int firstByte, byte[] payload) throws IOException {
            byte[] header = payload.length < 126
                    ? new byte[] {(byte) firstByte, (byte) payload.length}
                    : new byte[] {(byte) firstByte, 126, (byte) (payload.length >> 8), (byte) payload.length};
            out.write(header);
            write(payload);
        }

        void text(String text) throws IOException {
            frame(0x81, text.getBytes(StandardCharsets.UTF_8));
        }

        int read() throws IOException {
            return in.read();
        }

        /** Reads one short frame. */
        void awaitMessage() throws IOException {
            in.read();
            in.readNBytes(4 + (in.read() & 0x7f));
        }

        void awaitGo() throws InterruptedException {
            go.await();
        }

        /** Reads frames until a close; returns its code, 1005 without one, 1006 when the stream ends. */
        int readCloseCode() throws IOException {
            var data = new DataInputStream(in);
            try {
                while (true) {
                    int opcode = data.readUnsignedByte() & 0xf;
                    int length = data.readUnsignedByte() & 0x7f;
                    length = length == 126 ? data.readUnsignedShort() : length == 127 ? (int) data.readLong() : length;
                    byte[] mask = data.readNBytes(4);
                    byte[] payload = data.readNBytes(length);
                    if (opcode == 8) {
                        return length < 2
                                ? 1005
                                : ((payload[0] ^ mask[0]) & 0xff) << 8 | ((payload[1] ^ mask[1]) & 0xff);
                    }
                }
            } catch (EOFException e) {
                return 1006;
            }
        }

        void shutdownOutput() throws IOException {
            socket.shutdownOutput();
        }

        /** Reads and forgets until the client is gone. */
        void drain() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        /** Waits until the peer is closed, reading nothing. */
        void hang() throws InterruptedException {
            closed.await();
        }

        /** Ends the connection with a TCP reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
