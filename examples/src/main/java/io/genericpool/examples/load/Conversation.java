package io.genericpool.examples.load;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketConnection;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Some messages over one connection, each answered before the next is sent. No text is ever sent twice. */
public final class Conversation {
    public static final int MESSAGES = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String path;
    private final String id = UUID.randomUUID().toString();

    Conversation(String path) {
        this.path = path;
    }

    /** Returns the number of replies, all of them right. */
    int hold(WebSocketConnection connection) {
        for (int i = 0; i < MESSAGES; i++) {
            connection.send(text(i));
            check(i, connection.receive(PATIENCE));
        }
        return MESSAGES;
    }

    /** The same without a thread that waits. */
    CompletableFuture<Void> holdAsync(WebSocketConnection connection) {
        return holdAsync(connection, 0);
    }

    private CompletableFuture<Void> holdAsync(WebSocketConnection connection, int i) {
        if (i == MESSAGES) {
            return CompletableFuture.completedFuture(null);
        }
        connection.send(Message.text(text(i)), Duration.ZERO);
        return connection
                .receiveAsync()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(reply -> {
                    check(i, reply);
                    return holdAsync(connection, i + 1);
                });
    }

    private String text(int i) {
        return id + " message " + i;
    }

    private void check(int i, Message reply) {
        String expected = path + "|" + text(i);
        if (!reply.isText() || !reply.text().equals(expected)) {
            throw new IllegalStateException("wrong reply: expected \"" + expected + "\", but got " + reply);
        }
    }
}
