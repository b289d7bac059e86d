package io.genericpool.websocket;

/**
 * A message is larger than allowed. When {@code send} throws this, nothing was written and the connection is still
 * usable. When it is the cause of a {@link WebSocketClosedException}, the peer sent the message and the connection was
 * closed with code 1009.
 */
public class MessageTooLargeException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final long size;
    private final long limit;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint
     * @param size the size of the message in bytes, as far as known
     * @param limit the limit in bytes
     */
    public MessageTooLargeException(String message, long size, long limit) {
        super(message, null);
        this.size = size;
        this.limit = limit;
    }

    /**
     * Returns the size of the message in bytes.
     *
     * @return the size; for a message of the peer, the bytes announced until it was rejected
     */
    public final long size() {
        return size;
    }

    /**
     * Returns the limit in bytes.
     *
     * @return the limit
     */
    public final long limit() {
        return limit;
    }
}
