package io.genericpool.websocket.internal.read;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.internal.frame.CloseCodes;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Messages one after the other, until the connection is closed in an orderly way. */
public final class MessageIterator implements Iterator<Message> {
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final Function<Duration, Message> receive;
    private @Nullable Message next;
    private boolean ended;

    /** Takes how to receive a message within a time, as a connection does. */
    public MessageIterator(Function<Duration, Message> receive) {
        this.receive = receive;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            try {
                next = receive.apply(FOR_EVER);
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
