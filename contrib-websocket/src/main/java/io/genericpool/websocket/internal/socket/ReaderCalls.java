package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Calls the application's conditions on messages, on the thread that reads the socket. One that throws, an error included,
 * is taken to have said no: the message goes on to those who wait for it, and the connection lives. It is logged once a
 * connection.
 */
final class ReaderCalls {
    private static final System.Logger LOG = System.getLogger(WebSocketConnection.class.getName());

    private final WebSocketEndpoint endpoint;
    private final AtomicBoolean logged = new AtomicBoolean();

    ReaderCalls(WebSocketEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    boolean test(String what, Predicate<Message> condition, Message message) {
        try {
            return condition.test(message);
        } catch (Throwable t) {
            if (!logged.getAndSet(true)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "connection to " + endpoint + ": " + what
                                + " failed and counts as false; logged once per connection",
                        t);
            }
            return false;
        }
    }
}
