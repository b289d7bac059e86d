package io.genericpool.websocket.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.MessageTooLargeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Messages up to 16 MiB in each direction. */
final class LargeCases {
    private static final int MEBI = 1024 * 1024;
    private static final int MAX = 16 * MEBI;
    static final String PLAIN = "/large";
    static final String DEFLATE = "/large-deflate";

    private LargeCases() {}

    static List<Case> all() {
        var table = new Table(PLAIN);
        for (boolean text : new boolean[] {true, false}) {
            for (int size : new int[] {MEBI, 4 * MEBI, MAX - 1, MAX}) {
                String name = (text ? "text" : "binary") + " of " + size + " bytes";
                byte[] payload = new byte[size];
                Arrays.fill(payload, (byte) 'x');
                table.passes(name + " received", (server, client) -> {
                    server.frame(text ? 0x81 : 0x82, payload);
                    Case.receives(client, text, payload);
                });
                table.passes(name + " received in fragments", (server, client) -> {
                    for (int i = 0; i < size; i += 65536) {
                        int end = Math.min(size, i + 65536);
                        server.frame(
                                (i > 0 ? 0 : text ? 1 : 2) | (end == size ? 0x80 : 0),
                                Arrays.copyOfRange(payload, i, end));
                    }
                    Case.receives(client, text, payload);
                });
                table.passes(name + " sent", (server, client) -> {
                    client.send(
                            text
                                    ? Message.text(new String(payload, StandardCharsets.US_ASCII))
                                    : Message.binary(payload));
                    assertThat(server.readMessage().payload()).isEqualTo(payload);
                });
                table.add(name + " received deflated", DEFLATE, true, (server, client) -> {
                    server.frame(
                            text ? 0xc1 : 0xc2, new Blocks(32768).byJdk(payload).message());
                    Case.receives(client, text, payload);
                });
            }
        }
        table.fails("16 MiB and a byte received", 1009, Wire.header(0x82, MAX + 1));
        table.passes(
                "16 MiB and a byte sent", (server, client) -> assertThatThrownBy(() -> client.send(new byte[MAX + 1]))
                        .isInstanceOf(MessageTooLargeException.class));
        return table.cases();
    }
}
