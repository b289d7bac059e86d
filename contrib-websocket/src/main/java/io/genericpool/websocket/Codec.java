package io.genericpool.websocket;

/**
 * Converts values to messages and back. Many threads call it at once.
 *
 * @param <T> the type of values
 */
public interface Codec<T> {
    /**
     * Converts a value to a message.
     *
     * @param value the value
     * @return the message
     */
    Message encode(T value);

    /**
     * Converts a message to a value.
     *
     * @param message the message
     * @return the value
     */
    T decode(Message message);
}
