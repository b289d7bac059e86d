package io.genericpool.websocket.conformance;

import static io.genericpool.websocket.conformance.Wire.bytes;
import static io.genericpool.websocket.conformance.Wire.frameOf;
import static io.genericpool.websocket.conformance.Wire.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.websocket.WebSocketConnection;
import java.util.HexFormat;
import java.util.List;

/** RFC 6455, 5.5.1 and 7.4: close frames, their codes and reasons. */
final class CloseCases {
    private CloseCases() {}

    static List<Case> codes() {
        var table = new Table(Table.PLAIN);
        for (int code = 0; code <= 5000; code++) {
            addReceived(table, code);
        }
        for (int code : new int[] {5001, 9999, 32767, 32768, 65535}) {
            addReceived(table, code);
        }
        // In one case where nothing is sent, in a case of its own where it is; the private ones are all alike.
        table.passes("the client sends no code that must not be sent", (server, client) -> {
            for (int code = -1; code <= 5001; code++) {
                int refused = code;
                if (!mayBeSent(code)) {
                    assertThatThrownBy(() -> client.close(refused, "")).isInstanceOf(IllegalArgumentException.class);
                }
            }
        });
        for (int code = 1000; code <= 4999; code += code < 3000 ? 1 : 97) {
            addSent(table, code, code % 2 == 0 ? "" : "because");
        }
        return table.cases();
    }

    /** By the registry and the ranges of RFC 6455, 7.4. */
    private static boolean mayBeSent(int code) {
        return switch (code) {
            case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014 -> true;
            default -> code >= 3000 && code < 5000;
        };
    }

    private static byte[] close(int code, byte[] reason) {
        return frameOf(0x88, join(bytes(code >> 8, code), reason));
    }

    private static void addReceived(Table table, int code) {
        if (mayBeSent(code)) {
            table.ends("a close with the code " + code, (server, client) -> isAnswered(server, client, code, "bye"));
        } else {
            table.fails("a close with the code " + code, 1002, close(code, Case.utf8("bye")));
        }
    }

    private static void isAnswered(Wire server, WebSocketConnection client, int code, String reason) throws Exception {
        server.write(close(code, Case.utf8(reason)));
        Case.hasClosed(client, code);
        assertThat(client.closeCode()).hasValue(code);
        assertThat(client.closeReason()).hasValue(reason);
        assertThat(server.readClose()).isEqualTo(code);
        server.finish();
        assertThat(server.isAtEnd()).isTrue();
    }

    private static void addSent(Table table, int code, String reason) {
        if (!mayBeSent(code)) {
            return;
        }
        table.ends("the client closes with the code " + code, (server, client) -> {
            client.close(code, reason);
            Wire.Frame frame = server.read();
            assertThat(frame.first()).isEqualTo(0x88);
            assertThat(frame.payload()).isEqualTo(join(bytes(code >> 8, code), Case.utf8(reason)));
            server.frame(0x88, frame.payload());
            server.finish();
            assertThat(server.isAtEnd()).isTrue();
        });
    }

    static List<Case> forms() {
        var table = new Table(Table.PLAIN);
        table.ends("a close without a code", (server, client) -> {
            server.frame(0x88, new byte[0]);
            Case.hasClosed(client, 1005);
            assertThat(server.readClose()).isIn(1000, 1005);
        });
        table.fails("a close with half a code", 1002, frameOf(0x88, bytes(3)));
        for (int length = 0; length <= 123; length++) {
            String reason = "r".repeat(length);
            table.ends(
                    "a close with a reason of " + length + " bytes",
                    (server, client) -> isAnswered(server, client, 1000, reason));
        }
        table.fails("a close with a reason of 124 bytes", 1002, close(1000, new byte[124]));
        for (String reason :
                List.of("\u00e9", "\u20ac", "\ud83d\ude00", "\u03ba\u1f79\u03c3\u03bc\u03b5", "\u20ac".repeat(41))) {
            table.ends(
                    "a close with the reason " + reason, (server, client) -> isAnswered(server, client, 1001, reason));
        }
        for (String hex : List.of(
                "ff",
                "80",
                "c328",
                "c0af",
                "eda080",
                "f4908080",
                "e282",
                "c3",
                "f09f98",
                "61ff",
                "cebae1bdb9cf83cebcceb5eda080656469746564")) {
            table.fails(
                    "a close with the reason " + hex,
                    1007,
                    close(1000, HexFormat.of().parseHex(hex)));
            table.fails(
                    "a close within a message with the reason " + hex,
                    1007,
                    join(frameOf(1, Case.utf8("x")), close(1001, HexFormat.of().parseHex(hex))));
        }
        addAfter(table);
        return table.cases();
    }

    private static void addAfter(Table table) {
        List<byte[]> rest = List.of(
                frameOf(0x81, Case.utf8("late")),
                frameOf(0x89, Case.utf8("late")),
                close(1011, new byte[0]),
                bytes(0xff, 0xff, 0xff),
                new byte[100_000]);
        for (int i = 0; i < rest.size(); i++) {
            byte[] after = rest.get(i);
            table.ends("what comes after a close is ignored, " + i, (server, client) -> {
                server.write(join(frameOf(0x81, Case.utf8("in time")), close(1000, Case.utf8("bye")), after));
                Case.receives(client, true, Case.utf8("in time"));
                Case.hasClosed(client, 1000);
                assertThat(server.readClose()).isEqualTo(1000);
            });
        }
        table.ends("the client sends nothing after its close", (server, client) -> {
            client.close(1000, "");
            assertThatThrownBy(() -> client.send("late")).isInstanceOf(RuntimeException.class);
            assertThat(server.read().first()).isEqualTo(0x88);
            server.write(close(1000, new byte[0]));
            server.finish();
            assertThat(server.isAtEnd()).isTrue();
        });
        table.ends("an end without a close is the code 1006", (server, client) -> {
            server.finish();
            Case.hasClosed(client, 1006);
        });
    }
}
