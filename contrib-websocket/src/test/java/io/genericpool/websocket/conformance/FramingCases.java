package io.genericpool.websocket.conformance;

import static io.genericpool.websocket.conformance.Wire.bytes;
import static io.genericpool.websocket.conformance.Wire.frameOf;
import static io.genericpool.websocket.conformance.Wire.header;
import static io.genericpool.websocket.conformance.Wire.join;
import static io.genericpool.websocket.conformance.Wire.wide;
import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.websocket.Message;
import java.util.List;

/** RFC 6455, 5.2: lengths, masks, reserved bits and opcodes. */
final class FramingCases {
    private static final int[] LENGTHS = {
        0, 1, 2, 124, 125, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537, 200_000
    };
    private static final int[] RESERVED_OPCODES = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};

    private FramingCases() {}

    static List<Case> all() {
        var table = new Table(Table.PLAIN);
        for (int length : LENGTHS) {
            for (boolean text : new boolean[] {true, false}) {
                addLength(table, length, text);
            }
        }
        addLongerThanNeeded(table);
        addMasked(table);
        addReserved(table, Table.PLAIN, false);
        addReserved(table, Table.DEFLATE, true);
        table.fails("a length of 2^63", 1002, wide(0x82, 127, Long.MIN_VALUE, 8));
        table.fails("a length of 2^64 - 1", 1002, wide(0x81, 127, -1, 8));
        table.fails("a length of 2^63 - 1", 1009, wide(0x82, 127, Long.MAX_VALUE, 8));
        table.fails(
                "fragments whose lengths add up to 2^63",
                1009,
                frameOf(0x02, new byte[10]),
                wide(0x00, 127, Long.MAX_VALUE, 8));
        return table.cases();
    }

    private static byte[] payload(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) ('a' + i % 26);
        }
        return payload;
    }

    private static void addLength(Table table, int length, boolean text) {
        int first = text ? 0x81 : 0x82;
        String name = (text ? "text" : "binary") + " of " + length + " bytes";
        byte[] payload = payload(length);
        for (int piece : new int[] {Integer.MAX_VALUE, 1, 1000}) {
            if (length / piece < 2000) {
                table.passes(name + " received in pieces of " + piece, (server, client) -> {
                    server.write(frameOf(first, payload), piece);
                    Case.receives(client, text, payload);
                });
            }
        }
        table.passes(name + " sent", (server, client) -> {
            client.send(
                    text
                            ? Message.text(new String(payload, java.nio.charset.StandardCharsets.US_ASCII))
                            : Message.binary(payload));
            Wire.Frame frame = server.readMessage();
            assertThat(frame.first()).isEqualTo(first);
            assertThat(frame.payload()).isEqualTo(payload);
        });
    }

    private static void addLongerThanNeeded(Table table) {
        for (int length : new int[] {0, 1, 125}) {
            table.fails(
                    "the length " + length + " in 2 bytes", 1002, join(wide(0x82, 126, length, 2), payload(length)));
        }
        for (int length : new int[] {0, 125, 126, 65535}) {
            table.fails(
                    "the length " + length + " in 8 bytes", 1002, join(wide(0x81, 127, length, 8), payload(length)));
            table.fails(
                    "the length " + length + " of a continuation in 8 bytes",
                    1002,
                    join(frameOf(0x01, payload(3)), wide(0x80, 127, length, 8), payload(length)));
        }
    }

    private static void addMasked(Table table) {
        for (int opcode : new int[] {1, 2, 8, 9, 10}) {
            table.fails("a masked frame with the opcode " + opcode, 1002, bytes(0x80 | opcode, 0x80, 1, 2, 3, 4));
            table.fails(
                    "a masked frame with a payload and the opcode " + opcode,
                    1002,
                    bytes(0x80 | opcode, 0x82, 1, 2, 3, 4, 5, 6));
        }
        table.fails("a masked continuation", 1002, join(frameOf(0x01, payload(3)), bytes(0x80, 0x80, 1, 2, 3, 4)));
    }

    private static void addReserved(Table table, String path, boolean deflates) {
        for (int opcode = 0; opcode < 16; opcode++) {
            for (int reserved = 0; reserved < 8; reserved++) {
                for (int last : new int[] {0x80, 0}) {
                    addReserved(table, path, deflates, last | reserved << 4 | opcode);
                }
            }
        }
    }

    private static void addReserved(Table table, String path, boolean deflates, int first) {
        int opcode = first & 0xf;
        boolean isReserved = java.util.Arrays.stream(RESERVED_OPCODES).anyMatch(reserved -> reserved == opcode);
        int bits = first & 0x70;
        boolean isAllowed = bits == 0 || (deflates && bits == 0x40 && (opcode == 1 || opcode == 2));
        if (isAllowed && !isReserved) {
            return;
        }
        String name = String.format("%s: a frame that begins with 0x%02x", path, first);
        table.add(name, path, false, Case.fails(1002, frameOf(first, payload(4))));
        table.add(name + ", empty", path, false, Case.fails(1002, frameOf(first, new byte[0])));
        table.add(name + ", after a message", path, false, (server, client) -> {
            server.write(join(frameOf(0x81, payload(5)), frameOf(first, payload(4))));
            Case.receives(client, true, payload(5));
            Case.hasFailed(server, client, 1002);
        });
        table.add(
                name + ", within a message",
                path,
                false,
                Case.fails(1002, join(header(0x02, 3), payload(3), frameOf(first, payload(4)))));
    }
}
