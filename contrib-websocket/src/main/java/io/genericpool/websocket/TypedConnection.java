package io.genericpool.websocket;

import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends and receives values by way of a codec. As good as the connection it was made of, which may be
 * used beside it. What the codec throws is thrown on; a message that cannot be decoded is gone.
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
     * The connection itself, for raw messages and all the rest.
     *
     * @return the connection
     */
    public WebSocketConnection raw() {
        return connection;
    }

    /**
     * Sends a value; see {@link WebSocketConnection#send(Message)}.
     *
     * @param value the value
     */
    public void send(T value) {
        connection.send(codec.encode(value));
    }

    /**
     * Sends a value; see {@link WebSocketConnection#sendAsync(Message)}.
     *
     * @param value the value
     * @return ends when the message is queued for the network
     */
    public CompletableFuture<@Nullable Void> sendAsync(T value) {
        return connection.sendAsync(codec.encode(value));
    }

    /**
     * Takes the next value; see {@link WebSocketConnection#receive}.
     *
     * @param timeout how long to wait; zero or more
     * @return the value
     */
    public T receive(Duration timeout) {
        return codec.decode(connection.receive(timeout));
    }

    /**
     * Takes the next value if there is one; see {@link WebSocketConnection#tryReceive}.
     *
     * @return the value, or empty
     */
    public Optional<T> tryReceive() {
        return connection.tryReceive().map(codec::decode);
    }

    /**
     * Takes the next value, holding no thread; see {@link WebSocketConnection#receiveAsync}. Cancelling the future
     * withdraws the receive; a value that arrives in that moment is gone.
     *
     * @return the future of the value; what the codec throws, it fails with
     */
    public CompletableFuture<T> receiveAsync() {
        CompletableFuture<Message> message = connection.receiveAsync();
        CompletableFuture<T> value = message.thenApply(codec::decode);
        // A stage does not hand its cancellation on by itself.
        var unused = value.whenComplete((nothing, failure) -> message.cancel(false));
        return value;
    }

    /**
     * The values as a stream; see {@link WebSocketConnection#messages}. A message that cannot be decoded ends it with what
     * the codec has thrown.
     *
     * @return a publisher; values taken by one subscriber are not seen by the next
     */
    public Flow.Publisher<T> messages() {
        Flow.Publisher<Message> messages = connection.messages();
        return subscriber -> messages.subscribe(new DecodingSubscriber<>(subscriber, codec));
    }

    /**
     * The values one after the other; see {@link WebSocketConnection#iterator}.
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
     * Sends a value and takes the answer to it; see {@link WebSocketConnection#request}.
     *
     * @param value the value
     * @param isAnswer tells the answer
     * @param timeout how long to wait for the answer; zero or more
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
