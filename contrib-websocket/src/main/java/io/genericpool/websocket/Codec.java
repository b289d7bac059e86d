package io.genericpool.websocket;

/**
 * Turns values into messages and back. Called by many threads at once.
 *
 * @param <T> the type of values
 */
public interface Codec<T> {
    /**
     * Makes a message of a value.
     *
     * @param value the value
     * @return the message
     */
    Message encode(T value);

    /**
     * Makes a value of a message.
     *
     * @param message the message
     * @return the value
     */
    T decode(Message message);
}
