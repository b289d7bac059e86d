package io.genericpool.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What tests say over connections. */
final class Talk {
    private Talk() {}

    static void send(SocketConnection connection, String text) throws IOException {
        connection.output().write(text.getBytes(UTF_8));
    }

    static String receive(SocketConnection connection, int length) throws IOException {
        byte[] bytes = connection.input().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("only " + new String(bytes, UTF_8));
        }
        return new String(bytes, UTF_8);
    }

    static String ask(SocketConnection connection, String text) throws IOException {
        send(connection, text);
        return receive(connection, text.length());
    }

    static void send(AsyncSocketConnection connection, String text) throws Exception {
        await(connection.write(ByteBuffer.wrap(text.getBytes(UTF_8))));
    }

    static String receive(AsyncSocketConnection connection, int length) throws Exception {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (await(connection.read(bytes)) < 0) {
                throw new EOFException("only " + new String(bytes.array(), 0, bytes.position(), UTF_8));
            }
        }
        return new String(bytes.array(), UTF_8);
    }

    static String ask(AsyncSocketConnection connection, String text) throws Exception {
        send(connection, text);
        return receive(connection, text.length());
    }

    static <T> T await(java.util.concurrent.Future<T> future) throws Exception {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
