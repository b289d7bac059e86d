package io.genericpool.websocket;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends and receives values by way of a codec. As good as the connection it was made of, which may be
 * used beside it. What the codec throws is thrown on; a message that cannot be decoded is gone.
 *
 * @param <T> the type of values
 */
public final class TypedConnection<T> {
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
