package io.genericpool.websocket.conformance;

import static io.genericpool.websocket.conformance.Wire.frameOf;
import static io.genericpool.websocket.conformance.Wire.join;
import static io.genericpool.websocket.conformance.Wire.wide;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** RFC 6455, 5.5: pings, pongs, and what no control frame may be. */
final class ControlCases {
    private ControlCases() {}

    static List<Case> all() {
        var table = new Table(Table.PLAIN);
        for (int length = 0; length <= 125; length++) {
            byte[] payload = payload(length);
            table.passes("a ping with " + length + " bytes", (server, client) -> {
                server.frame(0x89, payload);
                isPong(server, payload);
            });
        }
        for (int opcode : new int[] {8, 9, 10}) {
            for (int length : new int[] {126, 127, 1000, 65535}) {
                table.fails(
                        "a control frame " + opcode + " with " + length + " bytes",
                        1002,
                        frameOf(0x80 | opcode, payload(length)));
            }
            table.fails(
                    "a control frame " + opcode + " with 70000 bytes", 1002, frameOf(0x80 | opcode, payload(70_000)));
            table.fails(
                    "a control frame " + opcode + " with its length in 2 bytes",
                    1002,
                    join(wide(0x80 | opcode, 126, 5, 2), payload(5)));
            table.fails(
                    "a control frame " + opcode + " with its length in 8 bytes",
                    1002,
                    join(wide(0x80 | opcode, 127, 5, 8), payload(5)));
            table.fails("a fragment of a control frame " + opcode, 1002, frameOf(opcode, payload(5)));
            table.fails("an empty fragment of a control frame " + opcode, 1002, frameOf(opcode, payload(0)));
            table.fails(
                    "a control frame " + opcode + " in fragments within a message",
                    1002,
                    join(frameOf(0x02, payload(3)), frameOf(opcode, payload(5)), frameOf(0x80, payload(5))));
        }
        addOrder(table);
        addPongs(table);
        table.passes("a ping of the client", (server, client) -> {
            var roundTrip = java.util.concurrent.CompletableFuture.supplyAsync(() -> client.ping(Case.SOON));
            Wire.Frame ping = server.read();
            assertThat(ping.first()).isEqualTo(0x89);
            server.frame(0x8a, ping.payload());
            assertThat(roundTrip.get(30, java.util.concurrent.TimeUnit.SECONDS)).isGreaterThan(Duration.ZERO);
        });
        return table.cases();
    }

    private static byte[] payload(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 7 - 3);
        }
        return payload;
    }

    private static void isPong(Wire server, byte[] payload) throws Exception {
        Wire.Frame pong = server.read();
        assertThat(pong.first()).isEqualTo(0x8a);
        assertThat(pong.payload()).isEqualTo(payload);
    }

    private static void addOrder(Table table) {
        table.passes("ten pings, answered in order", (server, client) -> {
            for (int i = 0; i < 10; i++) {
                server.frame(0x89, payload(i));
            }
            for (int i = 0; i < 10; i++) {
                isPong(server, payload(i));
            }
        });
        table.passes("ten pings byte by byte", (server, client) -> {
            for (int i = 0; i < 10; i++) {
                server.write(frameOf(0x89, payload(20)), 1);
            }
            for (int i = 0; i < 10; i++) {
                isPong(server, payload(20));
            }
        });
        for (int length : new int[] {0, 1, 125}) {
            table.passes(
                    "a ping with " + length + " bytes between fragments is answered before the message ends",
                    (server, client) -> {
                        server.frame(0x01, Case.utf8("be"));
                        server.frame(0x89, payload(length));
                        isPong(server, payload(length));
                        assertThat(client.tryReceive()).isEmpty();
                        server.frame(0x80, Case.utf8("gun"));
                        Case.receives(client, true, Case.utf8("begun"));
                    });
        }
        table.passes("pings between a hundred fragments", (server, client) -> {
            byte[] message = payload(100);
            for (int i = 0; i < 100; i++) {
                server.write(join(
                        frameOf((i == 0 ? 2 : 0) | (i == 99 ? 0x80 : 0), Arrays.copyOfRange(message, i, i + 1)),
                        frameOf(0x89, payload(i))));
            }
            for (int i = 0; i < 100; i++) {
                isPong(server, payload(i));
            }
            Case.receives(client, false, message);
        });
    }

    private static void addPongs(Table table) {
        for (int length : new int[] {0, 1, 7, 8, 9, 125}) {
            table.passes(
                    "a pong with " + length + " bytes that nobody asked for",
                    (server, client) -> server.frame(0x8a, payload(length)));
            table.passes("such a pong with " + length + " bytes within a message", (server, client) -> {
                server.frame(0x02, payload(9));
                server.frame(0x8a, payload(length));
                server.frame(0x80, payload(9));
                Case.receives(client, false, join(payload(9), payload(9)));
            });
        }
    }
}
