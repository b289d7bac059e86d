package io.genericpool.websocket;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket. What a lease gives is a view for that lease: it shows only messages that arrived during the lease,
 * calls that wait in it end with {@link IllegalStateException} when the lease is released, and every later call throws
 * the same.
 *
 * <p><b>Receiving.</b> Messages that arrive are queued, up to the manager's bounds, and handed out in order. One reader
 * at a time: a receive that begins while another one waits is an {@link IllegalStateException}. What arrives while the
 * connection is idle in its pool is dropped.
 *
 * <p><b>Sending.</b> A send returns when the message is queued for the network; it waits while too much is queued
 * already. Any number of threads may send; messages of one thread go out in its order. What was queued before a release
 * is still sent.
 *
 * <p><b>Closing.</b> When the peer closes or the connection fails, messages that have arrived can still be received,
 * after that receives fail with {@link WebSocketClosedException}, sends at once; the pool is told and disposes the
 * connection. Releasing the lease of an open connection does not close it.
 *
 * <p><b>Threads.</b> All methods may be called from any thread.
 *
 * <p><b>Interrupts.</b> Calls that wait end with {@link WebSocketInterruptedException}, the flag set again.
 */
public interface WebSocketConnection extends Iterable<Message> {
    /**
     * Where the connection leads to.
     *
     * @return the endpoint
     */
    WebSocketEndpoint endpoint();

    /**
     * Sends a text message. Waits for room for at most the manager's {@code sendTimeout}.
     *
     * @param text the text
     * @throws MessageTooLargeException when it can never be sent; nothing was
     * @throws WebSocketTimeoutException when there was no room in time; nothing was sent
     * @throws WebSocketClosedException when the connection is closed
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited; nothing was sent
     */
    default void send(String text) {
        send(Message.text(text));
    }

    /**
     * Sends a binary message. As {@link #send(String)}.
     *
     * @param bytes the bytes, copied
     */
    default void send(byte[] bytes) {
        send(Message.binary(bytes));
    }

    /**
     * Sends a binary message. As {@link #send(String)}.
     *
     * @param bytes the bytes, copied: from the buffer's position to its limit, moving the position there
     */
    default void send(ByteBuffer bytes) {
        send(Message.binary(bytes));
    }

    /**
     * Sends a message. As {@link #send(String)}.
     *
     * @param message the message
     */
    void send(Message message);

    /**
     * Sends a message, waiting for room for at most a given time. Errors are those of {@link #send(String)}.
     *
     * @param message the message
     * @param timeout how long to wait for room; zero or more, zero for not at all
     * @throws IllegalArgumentException when the timeout is negative
     */
    void send(Message message, Duration timeout);

    /**
     * Sends a text message, holding no thread while it waits for room. As {@link #sendAsync(Message)}.
     *
     * @param text the text
     * @return ends when the message is queued for the network
     */
    default CompletableFuture<@Nullable Void> sendAsync(String text) {
        return sendAsync(Message.text(text));
    }

    /**
     * Sends a message, holding no thread while it waits for room. Messages go out in the order of the calls. The future
     * fails with {@link WebSocketClosedException} when the connection is closed; it has no timeout of its own, {@link
     * CompletableFuture#orTimeout} and {@link CompletableFuture#cancel} withdraw a message that was not queued yet.
     *
     * @param message the message
     * @return ends when the message is queued for the network
     * @throws MessageTooLargeException when it can never be sent; nothing was
     * @throws IllegalStateException when the lease has ended
     */
    CompletableFuture<@Nullable Void> sendAsync(Message message);

    /**
     * Sends a message and takes the answer to it: the first message from now on that a matcher accepts. Others that
     * arrive before it are dropped. Errors are those of {@link #send(Message)} and {@link #receive}.
     *
     * @param message the message
     * @param isAnswer tells the answer, by an id in it, say
     * @param timeout how long to wait for the answer; zero or more
     * @return the answer
     */
    default Message request(Message message, Predicate<? super Message> isAnswer, Duration timeout) {
        return Exchange.request(this, message, isAnswer, timeout);
    }

    /**
     * Takes the next message, waiting until one arrives.
     *
     * @param timeout how long to wait; zero or more, zero for not at all
     * @return the message
     * @throws WebSocketTimeoutException when none arrived in time; the connection is as good as before, but a late
     *     answer will be the next message
     * @throws WebSocketClosedException when the connection is closed and all messages were taken
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited; no message is lost
     * @throws IllegalStateException when another receive waits already, or the lease has ended
     * @throws IllegalArgumentException when the timeout is negative
     */
    Message receive(Duration timeout);

    /**
     * Takes the next message if there is one.
     *
     * @return the message, or empty
     * @throws WebSocketClosedException when the connection is closed and all messages were taken
     * @throws IllegalStateException when another receive waits already, or the lease has ended
     */
    Optional<Message> tryReceive();

    /**
     * Takes the next message, holding no thread. The future fails with the errors of {@link #receive}, except that it
     * has no timeout of its own: {@link CompletableFuture#orTimeout} and {@link CompletableFuture#cancel} withdraw the
     * receive, and no message is lost. It is returned completed when a message is there already, otherwise it is
     * completed on a thread of the manager, where dependents may block.
     *
     * @return the future of the message
     * @throws IllegalStateException when another receive waits already, or the lease has ended
     */
    CompletableFuture<Message> receiveAsync();

    /**
     * The messages as a stream: each is taken when it is demanded, so demand is what lets the queue fill and the policy of
     * the manager apply. A subscriber is the connection's one reader; a second one at the same time fails with {@link
     * IllegalStateException}, as does one whose lease ends. The stream completes when the peer closes in an orderly way
     * (codes 1000, 1001, 1005), and fails with {@link WebSocketClosedException} otherwise. Subscribers are called on
     * threads of the manager, where they may block, or within {@code request}.
     *
     * @return a publisher; messages taken by one subscriber are not seen by the next
     */
    Flow.Publisher<Message> messages();

    /**
     * The messages one after the other; {@code hasNext} waits for the next one, and is false once the peer has closed in
     * an orderly way. Other ends are thrown, as by {@link #receive}.
     *
     * @return an iterator, for one thread
     */
    @Override
    default Iterator<Message> iterator() {
        return new MessageIterator(this);
    }

    /**
     * This connection for values instead of messages.
     *
     * @param codec turns the ones into the others
     * @param <T> the type of values
     * @return a view of this connection
     */
    default <T> TypedConnection<T> typed(Codec<T> codec) {
        return new TypedConnection<>(this, codec);
    }

    /**
     * Sends a ping of the protocol and waits for its pong; joins a ping that is under way. The connection is as good as
     * before when none came.
     *
     * @param timeout how long to wait; zero or more
     * @return the round trip
     * @throws WebSocketTimeoutException when no pong came in time
     * @throws WebSocketClosedException when the connection is closed
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited
     */
    Duration ping(Duration timeout);

    /**
     * Whether the connection can be used: neither side has closed it and it has not failed. A peer that vanished without
     * a trace is not noticed here.
     *
     * @return true while open
     */
    boolean isOpen();

    /**
     * The close code: the one the peer sent, or this side when it closed first.
     *
     * @return the code, 1006 after a failure; empty while open
     */
    OptionalInt closeCode();

    /**
     * The reason that came with the close code.
     *
     * @return the reason, which may be empty text; empty while open
     */
    Optional<String> closeReason();

    /**
     * The subprotocol the server chose.
     *
     * @return one of those the manager offers, or empty when none was chosen
     */
    Optional<String> subprotocol();

    /**
     * The headers of the server's answer to the upgrade request.
     *
     * @return values by name, names in lower case
     */
    Map<String, List<String>> responseHeaders();

    /**
     * Counts and times of this connection.
     *
     * @return a snapshot
     */
    WebSocketStats stats();

    /** Closes the connection with code 1000, as {@link #close(int, String)}. */
    default void close() {
        close(1000, "");
    }

    /**
     * Closes the connection: what was sent before goes out, then the close. Returns at once; when the peer does not
     * answer within the manager's {@code closeTimeout}, the connection is cut. The lease is spent by it: the pool
     * disposes the connection. Without effect on a closed connection.
     *
     * @param code 1000, or 3000 to 4999 for codes of the application, or another code that RFC 6455 lets an endpoint send
     * @param reason the reason, at most 123 bytes in UTF-8
     * @throws IllegalArgumentException when the code may not be sent or the reason is too long
     */
    void close(int code, String reason);
}
