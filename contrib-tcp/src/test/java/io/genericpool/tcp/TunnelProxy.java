package io.genericpool.tcp;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that tunnels to this machine, whatever the name it is asked for; by SOCKS 5 or HTTP CONNECT. */
final class TunnelProxy {
    /** What it was asked for, such as {@code name:port}, and the credentials if any. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** User and password as {@code user:password}, or null. */
    volatile String login;

    /** What it answers instead of doing its work: a status line, or the digit of a SOCKS reply; or null. */
    volatile String refusal;

    void socks(Peer.End end) throws IOException {
        var in = new DataInputStream(end.in());
        in.readByte();
        var methods = in.readNBytes(in.readByte());
        byte wanted = (byte) (login == null ? 0 : 2);
        boolean isOffered = new String(methods, StandardCharsets.ISO_8859_1).indexOf(wanted) >= 0;
        end.out().write(new byte[] {5, isOffered ? wanted : (byte) 0xff});
        if (!isOffered) {
            return;
        }
        if (login != null) {
            in.readByte();
            String user = text(in.readNBytes(in.readUnsignedByte()));
            String given = user + ":" + text(in.readNBytes(in.readUnsignedByte()));
            end.out().write(new byte[] {1, (byte) (given.equals(login) ? 0 : 1)});
            if (!given.equals(login)) {
                return;
            }
        }
        in.skipBytes(3);
        String host =
                switch (in.readByte()) {
                    case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
                    case 4 -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
                    default -> text(in.readNBytes(in.readUnsignedByte()));
                };
        int port = in.readUnsignedShort();
        asked.add(host + ":" + port);
        if (refusal != null) {
            end.out().write(new byte[] {5, Byte.parseByte(refusal), 0, 1, 0, 0, 0, 0, 0, 0});
            return;
        }
        tunnel(end, port, new byte[] {5, 0, 0, 3, 4, 'h', 'e', 'r', 'e', 1, 2});
    }

    void http(Peer.End end) throws IOException {
        String head = head(end.in());
        asked.add(head.substring(0, head.indexOf('\r')));
        String expected = login == null
                ? null
                : "Proxy-Authorization: Basic "
                        + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        if (refusal != null) {
            end.send(refusal);
        } else if (expected != null && !head.contains(expected + "\r\n")) {
            end.send("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n");
        } else {
            String authority = head.split(" ", -1)[1];
            tunnel(
                    end,
                    Integer.parseInt(authority.substring(authority.lastIndexOf(':') + 1)),
                    "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no head: " + head);
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /** Answers in one piece with the first bytes of the server, if it speaks first. */
    private static void tunnel(Peer.End end, int port, byte[] answer) throws IOException {
        try (var server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var first = new byte[0];
            server.setSoTimeout(20);
            try {
                var buffer = new byte[1000];
                int count = server.getInputStream().read(buffer);
                first = java.util.Arrays.copyOf(buffer, Math.max(0, count));
            } catch (java.net.SocketTimeoutException e) {
                // It waits for the client.
            }
            server.setSoTimeout(0);
            var all = new byte[answer.length + first.length];
            System.arraycopy(answer, 0, all, 0, answer.length);
            System.arraycopy(first, 0, all, answer.length, first.length);
            end.out().write(all);
            var back = new Thread(() -> copy(server, end));
            back.setDaemon(true);
            back.start();
            OutputStream out = server.getOutputStream();
            end.in().transferTo(out);
        }
    }

    private static void copy(Socket from, Peer.End to) {
        try {
            from.getInputStream().transferTo(to.out());
            to.close();
        } catch (IOException e) {
            // One side is gone, so is the other.
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
