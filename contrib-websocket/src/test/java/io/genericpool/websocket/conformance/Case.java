package io.genericpool.websocket.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One case: what the server does on a connection of a path, and what the client must do about it.
 *
 * @param path whose connections are fit for it
 * @param leavesOpen whether the connection goes back to the pool afterwards, in order
 */
record Case(String name, String path, boolean leavesOpen, Script script) {
    static final Duration SOON = Duration.ofSeconds(30);

    /** Plays both sides, in the order of its lines. */
    interface Script {
        void run(Wire server, WebSocketConnection client) throws Exception;
    }

    /** The connection fails with a code, which the server is told. */
    static Script fails(int code, byte[]... writes) {
        return (server, client) -> {
            for (byte[] bytes : writes) {
                server.write(bytes);
            }
            hasFailed(server, client, code);
        };
    }

    static void hasFailed(Wire server, WebSocketConnection client, int code) throws Exception {
        hasClosed(client, code);
        assertThat(server.readClose()).as("close code that the server saw").isEqualTo(code);
        server.finish();
        assertThat(server.isAtEnd()).as("nothing after the close").isTrue();
    }

    /** The client receives nothing more, as its connection was closed with a code. */
    static WebSocketClosedException hasClosed(WebSocketConnection client, int code) {
        Throwable end = catchThrowable(() -> client.receive(SOON));
        assertThat(end).isInstanceOf(WebSocketClosedException.class);
        assertThat(((WebSocketClosedException) end).code()).isEqualTo(code);
        return (WebSocketClosedException) end;
    }

    static void receives(WebSocketConnection client, boolean text, byte[] payload) {
        Message message = client.receive(SOON);
        assertThat(message.isText()).isEqualTo(text);
        assertThat(message.toByteArray()).isEqualTo(payload);
        if (text) {
            assertThat(message.text()).isEqualTo(new String(payload, StandardCharsets.UTF_8));
        }
    }

    /** The connection works in both directions, and holds nothing that was not received. */
    static void isInOrder(Wire server, WebSocketConnection client) throws Exception {
        server.frame(0x81, utf8("in order?"));
        receives(client, true, utf8("in order?"));
        client.send("yes");
        Wire.Frame answer = server.readMessage();
        assertThat(answer.first()).isEqualTo(0x81);
        assertThat(answer.payload()).isEqualTo(utf8("yes"));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
