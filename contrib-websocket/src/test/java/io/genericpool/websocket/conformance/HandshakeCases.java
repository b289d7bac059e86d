package io.genericpool.websocket.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.ConnectionCreateException;
import io.genericpool.websocket.WebSocketConnectException;
import io.genericpool.websocket.WebSocketPool;
import java.util.ArrayList;
import java.util.List;

/** RFC 6455, 4.1, and RFC 7692, 7.1: answers to an upgrade, right and wrong. */
final class HandshakeCases {
    private HandshakeCases() {}

    /** An answer, and whether a connection comes of it. */
    record Answer(String name, List<String> lines, boolean isRight) {}

    private static void add(List<Answer> answers, boolean isRight, String... lines) {
        answers.add(new Answer(String.join(" | ", lines), List.of(lines), isRight));
    }

    static List<Answer> plain() {
        var answers = new ArrayList<Answer>();
        String status = "HTTP/1.1 101 Switching Protocols";
        String upgrade = "Upgrade: websocket";
        String connection = "Connection: Upgrade";
        String accept = "Sec-WebSocket-Accept: %s";
        add(answers, true, status, upgrade, connection, accept);
        add(answers, true, "HTTP/1.1 101 Whatever", upgrade, connection, accept);
        add(answers, true, status, accept, connection, upgrade);
        for (String value : List.of(
                "upgrade",
                "UPGRADE",
                "keep-alive, Upgrade",
                "Upgrade, keep-alive",
                "Upgrade,keep-alive",
                "keep-alive ,  upgrade ",
                "x, Upgrade, y")) {
            add(answers, true, status, upgrade, "Connection: " + value, accept);
        }
        add(answers, true, status, upgrade, "Connection: keep-alive", "Connection: Upgrade", accept);
        add(answers, true, status, upgrade, "Connection: Upgrade", "Connection: keep-alive", accept);
        add(answers, true, status, "Upgrade: WebSocket", connection, accept);
        add(answers, true, status, "upgrade:WEBSOCKET", "connection:upgrade", "sec-websocket-accept:%s");
        add(answers, true, status, upgrade, connection, accept, "Sec-WebSocket-Extensions: ");
        for (String value : List.of("keep-alive", "close", "Upgraded", "Up grade", "", "xUpgrade", "Upgrade;q=1")) {
            add(answers, false, status, upgrade, "Connection: " + value, accept);
        }
        for (String value : List.of("chat", "websockets", "", "h2c", "websocket, chat")) {
            add(answers, false, status, "Upgrade: " + value, connection, accept);
        }
        add(answers, false, status, "Upgrade: chat", upgrade, connection, accept);
        add(answers, false, status, connection, accept);
        add(answers, false, status, upgrade, accept);
        add(answers, false, status, upgrade, connection);
        add(answers, false, status, upgrade, connection, "Sec-WebSocket-Accept: ");
        add(answers, false, status, upgrade, connection, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        add(answers, false, status, upgrade, connection, accept + "x");
        add(answers, false, status, upgrade, connection, "Sec-WebSocket-Accept: x", accept);
        add(answers, false, status, upgrade, connection, accept, "Sec-WebSocket-Protocol: chat");
        for (String extension :
                List.of("permessage-deflate", "x-webkit-deflate-frame", "permessage-bzip2", "foo", "foo; bar=1")) {
            add(answers, false, status, upgrade, connection, accept, "Sec-WebSocket-Extensions: " + extension);
        }
        for (String refusal : List.of(
                "200 OK",
                "400 Bad Request",
                "403 Forbidden",
                "404 Not Found",
                "426 Upgrade Required",
                "500 Error",
                "503 Busy",
                "301 Moved")) {
            add(answers, false, "HTTP/1.1 " + refusal, "Content-Length: 0");
        }
        return answers;
    }

    static List<Answer> deflate() {
        var answers = new ArrayList<Answer>();
        for (String right : List.of(
                "permessage-deflate",
                " permessage-deflate ",
                "permessage-deflate;server_max_window_bits=10",
                "permessage-deflate ; server_max_window_bits = 10",
                "permessage-deflate; server_max_window_bits=\"10\"",
                "permessage-deflate; client_max_window_bits=8",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=15")) {
            addExtension(answers, true, right);
        }
        for (String wrong : List.of(
                "permessage-deflate, permessage-deflate",
                "permessage-deflate, foo",
                "foo, permessage-deflate",
                "foo",
                "permessage-deflate; foo",
                "permessage-deflate; foo=1",
                "permessage-deflate;",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
                "permessage-deflate; client_max_window_bits=9; client_max_window_bits=10")) {
            addExtension(answers, false, wrong);
        }
        for (String parameter : List.of("server_max_window_bits", "client_max_window_bits")) {
            for (String value : List.of(
                    "7", "16", "0", "-8", "08", "8.0", "a", "", "\"\"", "\"16\"", "\"10", "10\"", "100", "+9")) {
                addExtension(answers, false, "permessage-deflate; " + parameter + "=" + value);
            }
        }
        var lines = new ArrayList<>(
                WireServer.with("Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Extensions: foo"));
        answers.add(new Answer("two headers, the second not offered", List.copyOf(lines), false));
        answers.add(new Answer(
                "two headers, the first not offered",
                WireServer.with("Sec-WebSocket-Extensions: foo", "Sec-WebSocket-Extensions: permessage-deflate"),
                false));
        return answers;
    }

    private static void addExtension(List<Answer> answers, boolean isRight, String value) {
        answers.add(new Answer(value, WireServer.with("Sec-WebSocket-Extensions: " + value), isRight));
    }

    static void run(Answer answer, String path, WebSocketPool pool, WireServer server) throws Exception {
        if (answer.isRight()) {
            try (var lease = pool.connection(path)) {
                String id = lease.connection().responseHeaders().get("x-wire").get(0);
                Case.isInOrder(server.wire(id), lease.connection());
                lease.invalidate();
            }
        } else {
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection(path));
            assertThat(e).as("failure of the connection attempt").isNotNull();
            assertThat(e.getCause()).isInstanceOf(WebSocketConnectException.class);
        }
        assertThat(server.request(path))
                .startsWith("GET " + path + " HTTP/1.1\n")
                .containsIgnoringCase("\nUpgrade: websocket\n")
                .containsIgnoringCase("\nConnection: Upgrade\n")
                .containsIgnoringCase("\nSec-WebSocket-Version: 13\n")
                .containsPattern("(?i)\nSec-WebSocket-Key: [A-Za-z0-9+/]{22}==\n")
                .contains("\nHost: 127.0.0.1:");
    }
}
