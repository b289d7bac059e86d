package io.genericpool.websocket.conformance;

import static io.genericpool.websocket.conformance.Wire.bytes;
import static io.genericpool.websocket.conformance.Wire.frameOf;
import static io.genericpool.websocket.conformance.Wire.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.websocket.WebSocketConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** RFC 7692: deflated messages, with every answer that a server may give to the offer. */
final class DeflateCases {
    private static final int DEFLATED_TEXT = 0xc1;
    private static final int DEFLATED_BINARY = 0xc2;
    private static final int MAX = ConformanceTest.MAX_MESSAGE_SIZE;

    private DeflateCases() {}

    /** All parameters that a server may answer with, by the path that stands for them. */
    static List<String> answers() {
        var answers = new ArrayList<String>();
        for (String server : List.of("", "; server_no_context_takeover")) {
            for (String client : List.of("", "; client_no_context_takeover")) {
                for (int serverBits = 7; serverBits <= 15; serverBits++) {
                    for (int clientBits = 7; clientBits <= 15; clientBits++) {
                        answers.add("permessage-deflate" + server + client
                                + (serverBits == 7 ? "" : "; server_max_window_bits=" + serverBits)
                                + (clientBits == 7 ? "" : "; client_max_window_bits=" + clientBits));
                    }
                }
            }
        }
        return answers;
    }

    static List<Case> negotiated() {
        var table = new Table(Table.DEFLATE);
        List<String> answers = answers();
        for (int i = 0; i < answers.size(); i++) {
            String answer = answers.get(i);
            int bits = answer.contains("server_max")
                    ? Integer.parseInt(answer.replaceAll(".*server_max_window_bits=(\\d+).*", "$1"))
                    : 15;
            boolean keepsContext = !answer.contains("server_no");
            table.add(
                    answer,
                    "/answer/" + i,
                    false,
                    (server, client) -> exchange(server, client, 1 << bits, keepsContext));
        }
        return table.cases();
    }

    private static void exchange(Wire server, WebSocketConnection client, int window, boolean keepsContext)
            throws Exception {
        var blocks = new Blocks(window);
        for (int i = 0; i < 4; i++) {
            byte[] payload = Case.utf8(("message " + i + " of many, each like the other; \u20ac ").repeat(1 + i * 4));
            server.frame(
                    i % 2 == 0 ? DEFLATED_TEXT : DEFLATED_BINARY,
                    blocks.fixed(payload, false).message());
            Case.receives(client, i % 2 == 0, payload);
            if (!keepsContext) {
                blocks.forgetContext();
            }
        }
        Case.isInOrder(server, client);
    }

    static List<Case> blocks() {
        var table = new Table(Table.DEFLATE);
        for (String path : List.of(Table.DEFLATE, Table.NO_CONTEXT)) {
            for (int length = 1; length <= 4; length++) {
                for (int choice = 0; choice < 1 << (2 * length); choice++) {
                    addSequence(table, path, length, choice);
                }
            }
            table.add("a final block and nothing after it, " + path, path, false, (server, client) -> {
                var blocks = new Blocks(32768);
                for (int i = 0; i < 3; i++) {
                    server.frame(
                            DEFLATED_TEXT,
                            blocks.fixed(Case.utf8("whole" + i), true).take());
                    Case.receives(client, true, Case.utf8("whole" + i));
                    forget(blocks, path);
                }
                Case.isInOrder(server, client);
            });
        }
        table.passes("messages whose tail was not taken off", (server, client) -> {
            for (int i = 0; i < 3; i++) {
                server.frame(
                        DEFLATED_TEXT,
                        new Blocks(0)
                                .fixed(Case.utf8("whole" + i), false)
                                .emptyStored()
                                .take());
                Case.receives(client, true, Case.utf8("whole" + i));
            }
        });
        addEmpty(table);
        addFragments(table);
        addSizes(table);
        addBroken(table);
        return table.cases();
    }

    private static void forget(Blocks blocks, String path) {
        if (path.equals(Table.NO_CONTEXT)) {
            blocks.forgetContext();
        }
    }

    /** Blocks that are stored or not, final or not, in every order; each refers to those before it, over two messages. */
    private static void addSequence(Table table, String path, int length, int choice) {
        String name =
                "blocks " + Integer.toString(1 << (2 * length) | choice, 4).substring(1) + ", " + path;
        table.add(name, path, false, (server, client) -> {
            var blocks = new Blocks(32768);
            for (int message = 0; message < 2; message++) {
                byte[] payload = new byte[0];
                for (int i = 0; i < length; i++) {
                    int kind = choice >> (2 * i) & 3;
                    byte[] part = Case.utf8("part " + i + " of a message with parts; ");
                    payload = join(payload, part);
                    if ((kind & 1) == 0) {
                        blocks.stored(part, kind >= 2);
                    } else {
                        blocks.fixed(part, kind >= 2);
                    }
                }
                server.frame(DEFLATED_TEXT, blocks.message());
                Case.receives(client, true, payload);
                forget(blocks, path);
                server.frame(0x81, Case.utf8("plain"));
                Case.receives(client, true, Case.utf8("plain"));
            }
            Case.isInOrder(server, client);
        });
    }

    private static void addEmpty(Table table) {
        for (int first : new int[] {DEFLATED_TEXT, DEFLATED_BINARY}) {
            boolean text = first == DEFLATED_TEXT;
            List<byte[]> empties = List.of(
                    bytes(0),
                    new byte[0],
                    bytes(0x02, 0x00),
                    bytes(0x03, 0x00),
                    bytes(0x03, 0x00, 0x00),
                    bytes(0x01, 0, 0, 0xff, 0xff, 0x00));
            for (int i = 0; i < empties.size(); i++) {
                byte[] empty = empties.get(i);
                table.passes("an empty message, form " + i + (text ? ", text" : ", binary"), (server, client) -> {
                    server.frame(first, empty);
                    Case.receives(client, text, new byte[0]);
                    server.write(
                            join(frameOf(first & 0x7f, new byte[0]), frameOf(0x00, empty), frameOf(0x80, new byte[0])));
                    Case.receives(client, text, new byte[0]);
                });
            }
        }
    }

    private static void addFragments(Table table) {
        byte[] payload = Case.utf8("a message, a message, \u20ac\ud83d\ude00");
        byte[] deflated = new Blocks(32768).fixed(payload, false).message();
        for (int split = 0; split <= deflated.length; split++) {
            int at = split;
            table.passes("a deflated message split at " + at + " of " + deflated.length, (server, client) -> {
                server.frame(0x41, Arrays.copyOf(deflated, at));
                server.frame(0x89, Case.utf8("ping"));
                server.frame(0x80, Arrays.copyOfRange(deflated, at, deflated.length));
                assertThat(server.read().first()).isEqualTo(0x8a);
                Case.receives(client, true, payload);
            });
        }
        table.passes("a deflated message byte by byte", (server, client) -> {
            server.write(frameOf(DEFLATED_TEXT, deflated), 1);
            Case.receives(client, true, payload);
        });
        table.passes("a message with dynamic codes", (server, client) -> {
            byte[] large = new byte[100_000];
            var random = new Random(1);
            for (int i = 0; i < large.length; i++) {
                large[i] = (byte) ('a' + random.nextInt(3) * random.nextInt(5));
            }
            byte[] message = new Blocks(32768).byJdk(large).byJdk(large).message();
            server.write(frameOf(DEFLATED_TEXT, message), 1000);
            Case.receives(client, true, join(large, large));
        });
    }

    private static void addSizes(Table table) {
        byte[] noise = new byte[MAX];
        new Random(2).nextBytes(noise);
        for (int size : new int[] {1, 8191, 8192, 8193, 32767, 32768, 32769, 65535, MAX - 1, MAX}) {
            table.passes("incompressible " + size + " bytes in stored blocks", (server, client) -> {
                server.frame(DEFLATED_BINARY, storedIn(noise, size, 60_000));
                Case.receives(client, false, Arrays.copyOf(noise, size));
            });
        }
        table.passes("the largest message, flushed after every byte", (server, client) -> {
            var blocks = new Blocks(0);
            for (int i = 0; i < MAX; i++) {
                blocks.fixed(new byte[] {'x'}, false).emptyStored();
            }
            server.frame(DEFLATED_TEXT, blocks.message());
            byte[] all = new byte[MAX];
            Arrays.fill(all, (byte) 'x');
            Case.receives(client, true, all);
        });
        table.fails(
                "a message that is one byte too large",
                1009,
                frameOf(DEFLATED_BINARY, storedIn(new byte[MAX + 1], MAX + 1, 60_000)));
        table.fails(
                "a message that inflates to a thousand times its size",
                1009,
                frameOf(
                        DEFLATED_BINARY,
                        new Blocks(32768).byJdk(new byte[50 * MAX]).message()));
        table.fails("an endless frame of empty blocks", 1009, Wire.header(DEFLATED_BINARY, Long.MAX_VALUE));
    }

    private static byte[] storedIn(byte[] data, int size, int blockSize) {
        var blocks = new Blocks(0);
        for (int i = 0; i < size; i += blockSize) {
            blocks.stored(Arrays.copyOfRange(data, i, Math.min(size, i + blockSize)), false);
        }
        return blocks.message();
    }

    private static void addBroken(Table table) {
        table.fails("a block of the reserved type", 1002, frameOf(DEFLATED_TEXT, bytes(0x07, 0, 0, 0)));
        table.fails(
                "a stored block with a wrong check of its length",
                1002,
                frameOf(DEFLATED_TEXT, bytes(0x00, 5, 0, 5, 0, 'h', 'e', 'l', 'l', 'o', 0)));
        table.add(
                "a reference to before the beginning",
                Table.NO_CONTEXT,
                false,
                Case.fails(1002, frameOf(DEFLATED_TEXT, farReference(100))));
        table.fails("noise", 1002, frameOf(DEFLATED_BINARY, bytes(0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54)));
        table.fails("more than a thousand final blocks", 1002, frameOf(DEFLATED_TEXT, finals(1001)));
        table.add("a thousand final blocks", Table.DEFLATE, false, (server, client) -> {
            server.frame(DEFLATED_TEXT, finals(1000));
            Case.receives(client, true, Case.utf8("x".repeat(1000)));
            Case.isInOrder(server, client);
        });
        table.add("a context that was said to be dropped and is not", Table.NO_CONTEXT, false, (server, client) -> {
            var blocks = new Blocks(32768);
            byte[] payload = Case.utf8("once and for all");
            server.frame(DEFLATED_TEXT, blocks.fixed(payload, false).message());
            Case.receives(client, true, payload);
            server.frame(DEFLATED_TEXT, blocks.fixed(payload, false).message());
            Case.hasFailed(server, client, 1002);
        });
        addCut(table);
        byte[] wrong = new Blocks(0)
                .fixed(join(Case.utf8("good "), bytes(0xc3, 0x28)), false)
                .message();
        table.fails("a deflated text that is not UTF-8", 1007, frameOf(DEFLATED_TEXT, wrong));
        byte[] early = new Blocks(0).stored(bytes(0xff), false).emptyStored().take();
        table.fails("a deflated text that is not UTF-8, before it has ended", 1007, frameOf(0x41, early));
        table.fails(
                "a deflated text that ends within a character",
                1007,
                frameOf(
                        DEFLATED_TEXT,
                        new Blocks(0).fixed(bytes(0xe2, 0x82), false).message()));
    }

    /** Wherever a message is cut off, it is not taken for whole, nor are its remains taken for a part of the next one. */
    private static void addCut(Table table) {
        byte[] payload = Case.utf8("a block, a block, and a block that is cut off");
        List<byte[]> wholes = List.of(
                new Blocks(32768).stored(payload, false).message(),
                new Blocks(32768).fixed(payload, false).message(),
                new Blocks(32768).byJdk(payload).message());
        for (String path : List.of(Table.DEFLATE, Table.NO_CONTEXT)) {
            for (int i = 0; i < wholes.size(); i++) {
                byte[] whole = wholes.get(i);
                for (int length = 1; length < whole.length; length++) {
                    byte[] cut = Arrays.copyOf(whole, length);
                    if (!isWhole(cut)) {
                        String name = "a message of kind " + i + " that is cut off at " + length + " of " + whole.length
                                + ", " + path;
                        table.add(name, path, false, Case.fails(1002, frameOf(DEFLATED_BINARY, cut)));
                    }
                }
            }
        }
    }

    /** By the JDK: with the tail and an empty final block, it ends just there. A block may end where it was cut. */
    private static boolean isWhole(byte[] cut) {
        if (cut.length >= 4 && Arrays.equals(cut, cut.length - 4, cut.length, bytes(0, 0, 0xff, 0xff), 0, 4)) {
            // As from a sender that does not take the tail off.
            return true;
        }
        var inflater = new java.util.zip.Inflater(true);
        try {
            byte[] all = join(cut, bytes(0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff));
            inflater.setInput(all);
            inflater.inflate(new byte[1000]);
            return inflater.finished() && inflater.getRemaining() == 0;
        } catch (java.util.zip.DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }

    /** A length of 3 at a distance, with nothing before it. */
    private static byte[] farReference(int distance) {
        var blocks = new Blocks(32768);
        blocks.fixed(new byte[distance], false).take();
        return blocks.fixed(new byte[] {0, 0, 0, 0, 0, 0, 0, 0}, false).message();
    }

    private static byte[] finals(int count) {
        var blocks = new Blocks(0);
        for (int i = 0; i < count; i++) {
            blocks.fixed(new byte[] {'x'}, true);
        }
        return blocks.message();
    }
}
