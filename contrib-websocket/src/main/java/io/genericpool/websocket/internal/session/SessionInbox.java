package io.genericpool.websocket.internal.session;

import io.genericpool.support.Nanos;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What arrives for a session: hands on what is new, from one connection or, at a replacement, from two. */
final class SessionInbox {
    /** How long at most an old connection is read beside a new one that does not deliver. */
    private static final long LONGEST_OVERLAP_NANOS = Duration.ofSeconds(5).toNanos();

    private final @Nullable NumberBook numbers;
    private final @Nullable Duration overlap;
    private final SessionCalls calls;

    SessionInbox(@Nullable Numbering numbering, @Nullable Duration overlap, SessionCalls calls) {
        this.numbers = numbering == null ? null : new NumberBook(numbering, calls);
        this.overlap = overlap;
        this.calls = calls;
    }

    /** Another connection begins. Returns what to send on it, so that what was missed is sent again. */
    List<Message> reconnect() {
        return numbers == null ? List.of() : numbers.reconnect();
    }

    void accept(Message message) {
        if (numbers == null || numbers.accept(message)) {
            handOn(message);
        }
    }

    private void acceptFromOld(Message message) {
        if (numbers == null || numbers.acceptFromOld(message)) {
            handOn(message);
        }
    }

    private void handOn(Message message) {
        calls.tell("onMessage", listener -> listener.onMessage(message));
    }

    /** Reads both connections, until nothing is lost by leaving the old one. Its end is no longer the session's. */
    void overlap(WebSocketConnection old, WebSocketConnection next, BooleanSupplier isClosed) {
        NumberBook book = numbers;
        Duration time = overlap;
        var delivered = new AtomicBoolean();
        BooleanSupplier isOver = () ->
                isClosed.getAsBoolean() || (time == null && (book == null ? delivered.get() : book.hasTakenOver()));
        if (book != null) {
            book.beginReplacement();
        }
        new Overlap(
                        old,
                        this::acceptFromOld,
                        next,
                        message -> {
                            delivered.set(true);
                            accept(message);
                        },
                        isOver)
                .run(time == null ? LONGEST_OVERLAP_NANOS : Nanos.of(time));
        if (book != null) {
            book.endReplacement();
        }
    }
}
