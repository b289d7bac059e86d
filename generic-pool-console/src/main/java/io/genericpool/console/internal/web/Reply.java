package io.genericpool.console.internal.web;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A short answer. */
final class Reply {
    private final int status;
    private final String type;
    private final byte[] body;
    private final Map<String, String> headers;

    private Reply(int status, String type, byte[] body, Map<String, String> headers) {
        this.status = status;
        this.type = type;
        this.body = body;
        this.headers = headers;
    }

    static Reply text(int status, String text) {
        return new Reply(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply json(byte[] body) {
        return new Reply(200, "application/json", body, Map.of());
    }

    static Reply of(int status, Assets.Asset asset) {
        return new Reply(status, asset.type, asset.content, Map.of());
    }

    static Reply empty(int status, Map<String, String> headers) {
        return new Reply(status, "text/plain; charset=utf-8", new byte[0], headers);
    }

    Reply with(String name, String value) {
        return new Reply(status, type, body, Map.of(name, value));
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    byte[] body() {
        return body;
    }

    Map<String, String> headers() {
        return headers;
    }
}
