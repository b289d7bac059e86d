package io.genericpool.websocket;

import io.genericpool.websocket.internal.read.MessageIterator;
import io.genericpool.websocket.internal.read.RequestReply;
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
 * An open WebSocket. A lease holds a view of it, which receives only messages that arrive during the lease. When the
 * lease is released, calls that wait in the view end with {@link IllegalStateException}. Every later call throws the
 * same.
 *
 * <p><b>Receiving.</b> Arriving messages are queued, up to the manager's limits, and received in order. Only one reader
 * is allowed at a time. A receive that starts while another one waits throws {@link IllegalStateException}. Messages
 * that arrive while the connection is idle in its pool are dropped.
 *
 * <p><b>Sending.</b> A send returns when the message is queued for the network. It waits while too much is queued
 * already. Any number of threads may send. The messages of one thread are sent in its order. Messages queued before a
 * release are still sent.
 *
 * <p><b>Closing.</b> When the peer closes or the connection fails, messages that have already arrived can still be
 * received. Then receives fail with {@link WebSocketClosedException}. Sends fail at once. The pool learns of it and
 * disposes the connection. Releasing the lease of an open connection does not close it.
 *
 * <p><b>Threads.</b> Any thread may call all methods.
 *
 * <p><b>Interrupts.</b> Waiting calls end with {@link WebSocketInterruptedException}, and the interrupt flag is set
 * again.
 */
public interface WebSocketConnection extends Iterable<Message> {
    /**
     * Returns the endpoint of the connection.
     *
     * @return the endpoint
     */
    WebSocketEndpoint endpoint();

    /**
     * Sends a text message. Waits for room for at most the manager's {@code sendTimeout}.
     *
     * @param text the text
     * @throws MessageTooLargeException when the message can never be sent; nothing was sent
     * @throws WebSocketTimeoutException when there was no room in time; nothing was sent
     * @throws WebSocketClosedException when the connection is closed
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited; nothing was sent
     */
    default void send(String text) {
        send(Message.text(text));
    }

    /**
     * Sends a binary message as {@link #send(String)} does.
     *
     * @param bytes the bytes, copied
     */
    default void send(byte[] bytes) {
        send(Message.binary(bytes));
    }

    /**
     * Sends a binary message as {@link #send(String)} does.
     *
     * @param bytes the bytes; the call copies them from the buffer's position to its limit, and moves the position
     *     there
     */
    default void send(ByteBuffer bytes) {
        send(Message.binary(bytes));
    }

    /**
     * Sends a message as {@link #send(String)} does.
     *
     * @param message the message
     */
    void send(Message message);

    /**
     * Sends a message and waits for room for at most the given time. The errors are those of {@link #send(String)}.
     *
     * @param message the message
     * @param timeout the maximum time to wait for room; zero or more, zero for no wait
     * @throws IllegalArgumentException when the timeout is negative
     */
    void send(Message message, Duration timeout);

    /**
     * Sends a text message as {@link #sendAsync(Message)} does, without blocking a thread while it waits for room.
     *
     * @param text the text
     * @return a future that completes when the message is queued for the network
     */
    default CompletableFuture<@Nullable Void> sendAsync(String text) {
        return sendAsync(Message.text(text));
    }

    /**
     * Sends a message without blocking a thread while it waits for room. Messages are sent in the order of the calls.
     * The future fails with {@link WebSocketClosedException} when the connection is closed. It has no timeout of its
     * own. {@link CompletableFuture#orTimeout} and {@link CompletableFuture#cancel} withdraw a message that is not
     * queued yet.
     *
     * @param message the message
     * @return a future that completes when the message is queued for the network
     * @throws MessageTooLargeException when the message can never be sent; nothing was sent
     * @throws IllegalStateException when the lease has ended
     */
    CompletableFuture<@Nullable Void> sendAsync(Message message);

    /**
     * Sends a message and takes its answer. The answer is the first message from now on that the matcher accepts. Other
     * messages that arrive before it are dropped. The errors are those of {@link #send(Message)} and {@link #receive}.
     *
     * @param message the message
     * @param isAnswer tells whether a message is the answer, for example by an id
     * @param timeout the maximum time to wait for the answer; zero or more
     * @return the answer
     */
    default Message request(Message message, Predicate<? super Message> isAnswer, Duration timeout) {
        return new RequestReply(endpoint(), this::receive).request(() -> send(message), isAnswer, timeout);
    }

    /**
     * Takes the next message and waits until one arrives.
     *
     * @param timeout the maximum time to wait; zero or more, zero for no wait
     * @return the message
     * @throws WebSocketTimeoutException when none arrived in time; the connection is still usable, but a late answer
     *     will be the next message
     * @throws WebSocketClosedException when the connection is closed and all messages were taken
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited; no message is lost
     * @throws IllegalStateException when another receive is waiting, or the lease has ended
     * @throws IllegalArgumentException when the timeout is negative
     */
    Message receive(Duration timeout);

    /**
     * Takes the next message, if there is one.
     *
     * @return the message, or empty
     * @throws WebSocketClosedException when the connection is closed and all messages were taken
     * @throws IllegalStateException when another receive is waiting, or the lease has ended
     */
    Optional<Message> tryReceive();

    /**
     * Takes the next message without blocking a thread. The future fails with the errors of {@link #receive}, but has
     * no timeout of its own. {@link CompletableFuture#orTimeout} and {@link CompletableFuture#cancel} withdraw the
     * receive, and no message is lost. When a message is available, the returned future is complete. Otherwise a thread
     * of the manager completes it, and dependents may block that thread.
     *
     * @return the future of the message
     * @throws IllegalStateException when another receive is waiting, or the lease has ended
     */
    CompletableFuture<Message> receiveAsync();

    /**
     * Returns the messages as a stream. Each message is taken when it is demanded. Without demand, the queue fills, and
     * the manager's overflow policy applies.
     *
     * <p>A subscriber is the connection's one reader. A second subscriber at the same time fails with
     * {@link IllegalStateException}, and so does one whose lease ends. The stream completes when the peer closes
     * normally (codes 1000, 1001, 1005). Otherwise it fails with {@link WebSocketClosedException}. Subscribers are
     * called on threads of the manager, where they may block, or within {@code request}.
     *
     * @return a publisher; the next subscriber does not receive messages that an earlier one has taken
     */
    Flow.Publisher<Message> messages();

    /**
     * Returns the messages one after another. {@code hasNext} waits for the next message. It is false once the peer has
     * closed normally. After any other end, it throws as {@link #receive} does.
     *
     * @return an iterator, for one thread
     */
    @Override
    default Iterator<Message> iterator() {
        return new MessageIterator(this::receive);
    }

    /**
     * Returns a view of this connection for values instead of messages.
     *
     * @param codec converts between values and messages
     * @param <T> the type of values
     * @return a view of this connection
     */
    default <T> TypedConnection<T> typed(Codec<T> codec) {
        return new TypedConnection<>(this, codec);
    }

    /**
     * Sends a protocol ping and waits for its pong, or joins a ping in progress. The connection is still usable when no
     * pong arrives.
     *
     * @param timeout the maximum time to wait; zero or more
     * @return the round-trip time
     * @throws WebSocketTimeoutException when no pong arrived in time
     * @throws WebSocketClosedException when the connection is closed
     * @throws WebSocketInterruptedException when the thread was interrupted while it waited
     */
    Duration ping(Duration timeout);

    /**
     * Tells whether the connection is usable: neither side has closed it, and it has not failed. This method does not
     * detect a peer that vanished without a trace.
     *
     * @return true while open
     */
    boolean isOpen();

    /**
     * Returns the close code. It is the one the peer sent, or the one this side sent when it closed first.
     *
     * @return the code, 1006 after a failure; empty while open
     */
    OptionalInt closeCode();

    /**
     * Returns the reason sent with the close code.
     *
     * @return the reason, which may be an empty text; empty while open
     */
    Optional<String> closeReason();

    /**
     * Returns the subprotocol that the server chose.
     *
     * @return one of those the manager offers, or empty when none was chosen
     */
    Optional<String> subprotocol();

    /**
     * Returns the headers of the server's answer to the upgrade request.
     *
     * @return values by name, names in lower case
     */
    Map<String, List<String>> responseHeaders();

    /**
     * Returns the statistics of this connection.
     *
     * @return a snapshot
     */
    WebSocketStats stats();

    /** Closes the connection with code 1000, as {@link #close(int, String)} does. */
    default void close() {
        close(1000, "");
    }

    /**
     * Closes the connection. Earlier messages are sent before the close. The call returns at once. When the peer does
     * not answer within the manager's {@code closeTimeout}, the connection is cut. The pool then disposes the
     * connection, and the lease is of no further use. Closing a closed connection has no effect.
     *
     * @param code 1000, or 3000 to 4999 for codes of the application, or another code that RFC 6455 lets an endpoint
     *     send
     * @param reason the reason, at most 123 bytes in UTF-8
     * @throws IllegalArgumentException when the code may not be sent or the reason is too long
     */
    void close(int code, String reason);
}
