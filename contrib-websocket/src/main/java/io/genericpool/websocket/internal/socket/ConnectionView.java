package io.genericpool.websocket.internal.socket;

import io.genericpool.support.Nanos;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketInterruptedException;
import io.genericpool.websocket.WebSocketStats;
import io.genericpool.websocket.WebSocketTimeoutException;
import io.genericpool.websocket.internal.frame.CloseCodes;
import io.genericpool.websocket.internal.queue.Termination;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What users do with a socket, in one of its epochs: that of a lease, or whatever is the present one. */
public abstract class ConnectionView implements WebSocketConnection {
    /** The connection; fails when this view has ended. */
    public abstract OkHttpConnection open();

    abstract long epoch();

    /** Whether the connection has ended before this view was given any message. */
    public boolean hasEndedUnheard() {
        try {
            OkHttpConnection connection = open();
            return connection.termination() != null && !connection.inbound().hasReceived();
        } catch (IllegalStateException e) {
            // The lease has ended as well; what it has received is not known.
            return false;
        }
    }

    @Override
    public void send(Message message) {
        OkHttpConnection connection = open();
        send(connection, message, connection.settings().sendTimeout());
    }

    @Override
    public void send(Message message, Duration timeout) {
        send(open(), message, timeout);
    }

    private void send(OkHttpConnection connection, Message message, Duration timeout) {
        connection.checkSent(connection.outbound().send(epoch(), message, Nanos.ofTimeout(timeout)));
    }

    @Override
    public CompletableFuture<@Nullable Void> sendAsync(Message message) {
        OkHttpConnection connection = open();
        CompletableFuture<Boolean> sent = connection.outbound().sendAsync(epoch(), message);
        CompletableFuture<@Nullable Void> result = sent.thenApply(accepted -> {
            connection.checkSent(accepted);
            return null;
        });
        // A stage does not hand its cancellation on by itself.
        var unused = result.whenComplete((nothing, failure) -> sent.cancel(false));
        return result;
    }

    @Override
    public Message receive(Duration timeout) {
        return open().inbound().receive(epoch(), Nanos.ofTimeout(timeout));
    }

    @Override
    public Optional<Message> tryReceive() {
        return open().inbound().tryReceive(epoch());
    }

    @Override
    public CompletableFuture<Message> receiveAsync() {
        return open().inbound().receiveAsync(epoch());
    }

    @Override
    public Flow.Publisher<Message> messages() {
        return new MessagePublisher(this);
    }

    @Override
    public Duration ping(Duration timeout) {
        long nanos = Nanos.ofTimeout(timeout);
        OkHttpConnection connection = open();
        CompletableFuture<Duration> roundTrip = connection.ping();
        try {
            return Nanos.isOff(nanos) ? roundTrip.get() : roundTrip.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebSocketInterruptedException(
                    "the thread was interrupted while it waited for a pong from " + endpoint(), e);
        } catch (TimeoutException e) {
            throw new WebSocketTimeoutException(
                    "no pong arrived from " + endpoint() + " within " + Nanos.text(timeout), timeout, e);
        } catch (ExecutionException e) {
            throw connection.closed();
        }
    }

    @Override
    public boolean isOpen() {
        return open().termination() == null;
    }

    @Override
    public OptionalInt closeCode() {
        Termination how = open().termination();
        return how == null ? OptionalInt.empty() : OptionalInt.of(how.code());
    }

    @Override
    public Optional<String> closeReason() {
        Termination how = open().termination();
        return how == null ? Optional.empty() : Optional.of(how.reason());
    }

    @Override
    public Optional<String> subprotocol() {
        return Optional.ofNullable(responseHeaders().get("sec-websocket-protocol"))
                .map(values -> values.get(0));
    }

    @Override
    public Map<String, List<String>> responseHeaders() {
        return open().headers();
    }

    @Override
    public WebSocketStats stats() {
        return open().snapshot();
    }

    @Override
    public void close(int code, String reason) {
        CloseCodes.checkSendable(code, reason);
        open().closeByUser(code, reason);
    }
}
