package io.genericpool.websocket.conformance;

import static io.genericpool.websocket.conformance.Wire.frameOf;
import static io.genericpool.websocket.conformance.Wire.join;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;

/** RFC 6455, 5.4: messages in fragments. */
final class FragmentCases {
    private FragmentCases() {}

    static List<Case> all() {
        var table = new Table(Table.PLAIN);
        for (boolean text : new boolean[] {true, false}) {
            for (int count : new int[] {2, 3, 10, 100, 1000}) {
                for (int size : new int[] {0, 1, 125, 126, 300}) {
                    for (int piece : new int[] {Integer.MAX_VALUE, 7}) {
                        addFragments(table, text, count, size, piece);
                    }
                }
            }
            addEmpty(table, text);
        }
        addOutOfOrder(table);
        return table.cases();
    }

    private static void addFragments(Table table, boolean text, int count, int size, int piece) {
        if (count * size > ConformanceTest.MAX_MESSAGE_SIZE || count * size / piece > 5000) {
            return;
        }
        String name =
                count + " fragments of " + size + " bytes, " + (text ? "text" : "binary") + ", in pieces of " + piece;
        table.passes(name, (server, client) -> {
            byte[] message = new byte[count * size];
            Arrays.fill(message, (byte) 'x');
            byte[][] frames = new byte[count][];
            for (int i = 0; i < count; i++) {
                frames[i] = frameOf(first(text, i, count), Arrays.copyOfRange(message, i * size, (i + 1) * size));
            }
            server.write(join(frames), piece);
            Case.receives(client, text, message);
        });
    }

    private static int first(boolean text, int index, int count) {
        int opcode = index > 0 ? 0 : text ? 1 : 2;
        return opcode | (index == count - 1 ? 0x80 : 0);
    }

    /** Every choice of empty and full fragments among four. */
    private static void addEmpty(Table table, boolean text) {
        for (int choice = 0; choice < 16; choice++) {
            int full = choice;
            table.passes(
                    "four fragments, those of " + Integer.toBinaryString(full) + " not empty, "
                            + (text ? "text" : "binary"),
                    (server, client) -> {
                        byte[] message = new byte[0];
                        for (int i = 0; i < 4; i++) {
                            byte[] fragment = (full >> i & 1) == 1 ? Case.utf8("part" + i) : new byte[0];
                            message = join(message, fragment);
                            server.frame(first(text, i, 4), fragment);
                        }
                        Case.receives(client, text, message);
                    });
        }
    }

    private static void addOutOfOrder(Table table) {
        byte[] payload = Case.utf8("x");
        for (int last : new int[] {0, 0x80}) {
            table.fails("a continuation of nothing, last bit " + last, 1002, frameOf(last, payload));
            table.fails("an empty continuation of nothing, last bit " + last, 1002, frameOf(last, new byte[0]));
            table.ends("a continuation of a message that has ended, last bit " + last, (server, client) -> {
                server.write(join(frameOf(0x81, payload), frameOf(last, payload)));
                Case.receives(client, true, payload);
                Case.hasFailed(server, client, 1002);
            });
            table.ends("a continuation of fragments that have ended, last bit " + last, (server, client) -> {
                server.write(join(frameOf(0x01, payload), frameOf(0x80, payload), frameOf(last, payload)));
                Case.receives(client, true, Case.utf8("xx"));
                Case.hasFailed(server, client, 1002);
            });
            for (int opcode : new int[] {1, 2}) {
                table.fails(
                        "a message " + opcode + " within one, last bit " + last,
                        1002,
                        join(frameOf(0x01, payload), frameOf(last | opcode, payload)));
                table.fails(
                        "a message " + opcode + " within one after a ping, last bit " + last,
                        1002,
                        join(frameOf(0x02, payload), frameOf(0x89, payload), frameOf(last | opcode, payload)));
            }
        }
        for (int code : new int[] {1000, 1001, 1011, 4000}) {
            table.fails(
                    "a close within a message, answered with its code " + code,
                    code,
                    join(frameOf(0x01, payload), frameOf(0x88, Wire.bytes(code >> 8, code))));
        }
        table.ends("a close without a code within a message", (server, client) -> {
            server.write(join(frameOf(0x01, payload), frameOf(0x88, new byte[0])));
            Case.hasClosed(client, 1005);
            assertThat(server.readClose()).isEqualTo(1000);
        });
    }
}
