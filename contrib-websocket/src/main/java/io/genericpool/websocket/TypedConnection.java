package io.genericpool.websocket;

import io.genericpool.websocket.internal.read.DecodingSubscriber;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends and receives values by a codec. It has the guarantees of the underlying connection, which may
 * be used at the same time. Exceptions of the codec reach the caller. A message that cannot be decoded is lost.
 *
 * @param <T> the type of values
 */
public final class TypedConnection<T> implements Iterable<T> {
    private final WebSocketConnection connection;
    private final Codec<T> codec;

    TypedConnection(WebSocketConnection connection, Codec<T> codec) {
        this.connection = connection;
        this.codec = Objects.requireNonNull(codec, "codec");
    }

    /**
     * Returns the underlying connection, for raw messages and all other functions.
     *
     * @return the connection
     */
    public WebSocketConnection raw() {
        return connection;
    }

    /**
     * Sends a value as {@link WebSocketConnection#send(Message)} does.
     *
     * @param value the value
     */
    public void send(T value) {
        connection.send(codec.encode(value));
    }

    /**
     * Sends a value as {@link WebSocketConnection#sendAsync(Message)} does.
     *
     * @param value the value
     * @return a future that completes when the message is queued for the network
     */
    public CompletableFuture<@Nullable Void> sendAsync(T value) {
        return connection.sendAsync(codec.encode(value));
    }

    /**
     * Takes the next value as {@link WebSocketConnection#receive} does.
     *
     * @param timeout the maximum time to wait; zero or more
     * @return the value
     */
    public T receive(Duration timeout) {
        return codec.decode(connection.receive(timeout));
    }

    /**
     * Takes the next value, if there is one, as {@link WebSocketConnection#tryReceive} does.
     *
     * @return the value, or empty
     */
    public Optional<T> tryReceive() {
        return connection.tryReceive().map(codec::decode);
    }

    /**
     * Takes the next value without blocking a thread, as {@link WebSocketConnection#receiveAsync} does. Cancelling the
     * future withdraws the receive. A value that arrives at that moment is lost.
     *
     * @return the future of the value; it fails with an exception of the codec
     */
    public CompletableFuture<T> receiveAsync() {
        CompletableFuture<Message> message = connection.receiveAsync();
        CompletableFuture<T> value = message.thenApply(codec::decode);
        // A stage does not hand its cancellation on by itself.
        var unused = value.whenComplete((nothing, failure) -> message.cancel(false));
        return value;
    }

    /**
     * Returns the values as a stream, as {@link WebSocketConnection#messages} does. A message that cannot be decoded
     * ends the stream with the codec's exception.
     *
     * @return a publisher; the next subscriber does not receive values that an earlier one has taken
     */
    public Flow.Publisher<T> messages() {
        Flow.Publisher<Message> messages = connection.messages();
        return subscriber -> messages.subscribe(new DecodingSubscriber<>(subscriber, codec));
    }

    /**
     * Returns the values one after another, as {@link WebSocketConnection#iterator} does.
     *
     * @return an iterator, for one thread
     */
    @Override
    public Iterator<T> iterator() {
        Iterator<Message> messages = connection.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return messages.hasNext();
            }

            @Override
            public T next() {
                return codec.decode(messages.next());
            }
        };
    }

    /**
     * Sends a value and takes its answer, as {@link WebSocketConnection#request} does.
     *
     * @param value the value
     * @param isAnswer tells whether a value is the answer
     * @param timeout the maximum time to wait for the answer; zero or more
     * @return the answer
     */
    public T request(T value, Predicate<? super T> isAnswer, Duration timeout) {
        var answer = new Object() {
            @Nullable
            T value;
        };
        connection.request(
                codec.encode(value),
                message -> {
                    T candidate = codec.decode(message);
                    answer.value = candidate;
                    return isAnswer.test(candidate);
                },
                timeout);
        T found = answer.value;
        if (found == null) {
            throw new IllegalStateException("the codec must not decode a message to null");
        }
        return found;
    }
}
