package io.genericpool.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends any header, which the JDK's own does not. */
public final class Http {
    private Http() {}

    public record Answer(int status, Map<String, String> headers, String body) {}

    public static Answer get(URI console, String path, String... headers) throws IOException {
        return send(console, "GET", path, "", headers);
    }

    public static Answer post(URI console, String path, String form, String... headers) throws IOException {
        var all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: application/x-www-form-urlencoded");
        return send(console, "POST", path, form, all.toArray(String[]::new));
    }

    /** Sends the right {@code Host} unless one is given; a header without a value is left out. */
    public static Answer send(URI console, String method, String path, String body, String... headers)
            throws IOException {
        try (var socket = new Socket(console.getHost(), console.getPort())) {
            socket.setSoTimeout(30_000);
            String request = request(console, method, path, body, headers);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return read(socket.getInputStream());
        }
    }

    static String request(URI console, String method, String path, String body, String... headers) {
        var request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        if (List.of(headers).stream().noneMatch(header -> header.startsWith("Host:"))) {
            request.append("Host: ").append(console.getAuthority()).append("\r\n");
        }
        for (String header : headers) {
            if (!header.endsWith(":")) {
                request.append(header).append("\r\n");
            }
        }
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return request.append("Content-Length: " + length + "\r\nConnection: close\r\n\r\n")
                .append(body)
                .toString();
    }

    private static Answer read(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + "\n" + other);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Answer(status, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the console closed the connection");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
