package io.genericpool.websocket.conformance;

import static io.genericpool.websocket.conformance.Wire.frameOf;
import static io.genericpool.websocket.conformance.Wire.header;
import static io.genericpool.websocket.conformance.Wire.join;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** RFC 6455, 8.1: texts are UTF-8, and one that is not is refused at its first wrong byte. */
final class TextCases {
    /** The first and last characters of each length and range, and some in between. */
    private static final int[] CHARACTERS = {
        0, 1, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xcfff, 0xd000, 0xd7ff, 0xe000, 0xfffd, 0xfffe, 0xffff, 0x10000,
        0x1fffe, 0x3ffff, 0x40000, 0xfffff, 0x100000, 0x10fffe, 0x10ffff
    };

    /** Each wrong at its last byte, and not before. */
    private static final List<String> WRONG = List.of(
            "80",
            "bf",
            "c0",
            "c1",
            "f5",
            "f6",
            "f7",
            "f8",
            "fb",
            "fc",
            "fd",
            "fe",
            "ff",
            "c241",
            "c2c2",
            "c2ff",
            "df7f",
            "e080",
            "e09f",
            "e0a041",
            "e18041",
            "e1c0",
            "ed80c0",
            "eda0",
            "edbf",
            "ee80ff",
            "ef4141".substring(0, 4),
            "f080",
            "f08f",
            "f0908041",
            "f0907f",
            "f18080c0",
            "f48f8041",
            "f490",
            "f4bf",
            "f4c0",
            "6180",
            "61c3a9ff",
            "f09f98c0");

    /** Begun characters, in all lengths. */
    private static final List<String> UNFINISHED = List.of(
            "c2",
            "df",
            "e0a0",
            "e0",
            "e180",
            "ed9f",
            "ef",
            "f0",
            "f090",
            "f09080",
            "f1",
            "f18080",
            "f48f",
            "f48fbf",
            "61e2",
            "e282ace2");

    private TextCases() {}

    static List<Case> all() {
        var table = new Table(Table.PLAIN);
        for (int character : CHARACTERS) {
            addCharacter(table, new String(Character.toChars(character)), String.format("U+%04X", character));
        }
        addCharacter(table, "\u03ba\u1f79\u03c3\u03bc\u03b5 \ud83d\ude00 \u00e9", "a text of many lengths");
        for (String hex : WRONG) {
            addWrong(table, HexFormat.of().parseHex(hex), hex);
        }
        for (String hex : UNFINISHED) {
            addUnfinished(table, HexFormat.of().parseHex(hex), hex);
        }
        table.passes("binary messages may hold anything", (server, client) -> {
            for (String hex : WRONG) {
                server.frame(0x82, HexFormat.of().parseHex(hex));
                Case.receives(client, false, HexFormat.of().parseHex(hex));
            }
        });
        return table.cases();
    }

    private static void addCharacter(Table table, String text, String name) {
        byte[] payload = Case.utf8(text);
        table.passes(name + " received", (server, client) -> {
            server.frame(0x81, payload);
            Case.receives(client, true, payload);
        });
        table.passes(name + " sent", (server, client) -> {
            client.send(text);
            assertThat(server.readMessage().payload()).isEqualTo(payload);
        });
        for (int split = 0; split <= payload.length; split++) {
            int at = split;
            table.passes(name + " in fragments split at " + at, (server, client) -> {
                server.frame(0x01, Arrays.copyOf(payload, at));
                server.frame(0x89, new byte[0]);
                server.frame(0x80, Arrays.copyOfRange(payload, at, payload.length));
                assertThat(server.read().first()).isEqualTo(0x8a);
                Case.receives(client, true, payload);
            });
        }
        table.passes(name + " byte by byte", (server, client) -> {
            server.write(frameOf(0x81, payload), 1);
            Case.receives(client, true, payload);
        });
    }

    private static void addWrong(Table table, byte[] wrong, String name) {
        table.fails("text " + name, 1007, frameOf(0x81, wrong));
        table.fails(
                "text " + name + " behind a good part", 1007, frameOf(0x81, join(Case.utf8("good \u20ac "), wrong)));
        table.fails(
                "text " + name + " behind a good fragment",
                1007,
                frameOf(0x01, Case.utf8("\u20ac")),
                frameOf(0x80, wrong));
        // What follows never comes: the client has to fail without it.
        table.fails("text " + name + " before the frame has ended", 1007, join(header(0x81, 1000), wrong));
        table.fails("text " + name + " before the message has ended", 1007, frameOf(0x01, wrong));
        var fragments = new ArrayList<byte[]>();
        for (int i = 0; i < wrong.length; i++) {
            fragments.add(frameOf(i == 0 ? 0x01 : 0x00, new byte[] {wrong[i]}));
        }
        table.fails("text " + name + " in fragments of one byte", 1007, fragments.toArray(byte[][]::new));
    }

    private static void addUnfinished(Table table, byte[] begun, String name) {
        table.fails("text that ends within a character, " + name, 1007, frameOf(0x81, begun));
        table.fails(
                "fragments that end within a character, " + name,
                1007,
                frameOf(0x01, Case.utf8("x")),
                frameOf(0x80, begun));
        table.fails("an empty last fragment after " + name, 1007, frameOf(0x01, begun), frameOf(0x80, new byte[0]));
    }
}
