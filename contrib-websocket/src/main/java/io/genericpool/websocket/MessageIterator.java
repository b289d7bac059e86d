package io.genericpool.websocket;

import io.genericpool.websocket.internal.frame.CloseCodes;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Messages one after the other, until the connection is closed in an orderly way. */
final class MessageIterator implements Iterator<Message> {
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final WebSocketConnection connection;
    private @Nullable Message next;
    private boolean ended;

    MessageIterator(WebSocketConnection connection) {
        this.connection = connection;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            try {
                next = connection.receive(FOR_EVER);
            } catch (WebSocketClosedException e) {
                if (e.getCause() != null || !CloseCodes.isOrderly(e.code())) {
                    throw e;
                }
                ended = true;
            }
        }
        return next != null;
    }

    @Override
    public Message next() {
        Message message = hasNext() ? next : null;
        if (message == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return message;
    }
}
