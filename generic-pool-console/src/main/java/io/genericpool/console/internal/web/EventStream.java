package io.genericpool.console.internal.web;

import com.sun.net.httpserver.HttpExchange;
import io.genericpool.console.internal.feed.Feed;
import io.genericpool.console.internal.feed.Frames;
import io.genericpool.console.internal.feed.Subscriber;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Writes frames to one reader for as long as it reads and is admitted. Each write has a deadline; waiting for the next frame
 * has none.
 */
final class EventStream {
    private static final long COMMENT_AFTER = 15;
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Feed feed;
    private final Workers workers;
    private final boolean allowActions;
    private final String secret;

    EventStream(Feed feed, Workers workers, boolean allowActions, String secret) {
        this.feed = feed;
        this.workers = workers;
        this.allowActions = allowActions;
        this.secret = secret;
    }

    /**
     * Serves the reader.
     *
     * @param admitted asked before each frame, since a session ends while the stream is open
     * @return false when there is no place for another reader; nothing is answered then
     */
    boolean serve(HttpExchange exchange, BooleanSupplier admitted) throws IOException {
        Subscriber subscriber = feed.join(Sessions.newSecret());
        if (subscriber == null) {
            return false;
        }
        Thread writer = Thread.currentThread();
        try {
            subscriber.onClose(writer::interrupt);
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
            exchange.sendResponseHeaders(200, 0);
            write(exchange.getResponseBody(), subscriber, admitted);
        } catch (InterruptedException e) {
            // The console closes, or the place goes to another reader.
        } finally {
            subscriber.onClose(() -> {});
            subscriber.close();
            boolean unused = Thread.interrupted(); // that of onClose
        }
        return true;
    }

    private void write(OutputStream out, Subscriber subscriber, BooleanSupplier admitted)
            throws IOException, InterruptedException {
        send(out, Frames.event("hello", json -> {
            json.writeStringField("reader", subscriber.id);
            json.writeBooleanField("actions", allowActions);
            if (allowActions) {
                json.writeStringField("secret", secret);
            }
        }));
        while (true) {
            byte[] frame = subscriber.take(COMMENT_AFTER, TimeUnit.SECONDS);
            if (frame == null || !admitted.getAsBoolean()) {
                return; // a page whose session has ended asks again, and is asked for the token
            }
            send(out, frame.length == 0 ? COMMENT : frame);
        }
    }

    private void send(OutputStream out, byte[] bytes) throws IOException {
        workers.beginFrame();
        out.write(bytes);
        out.flush();
        workers.endFrame();
    }
}
