package io.genericpool.websocket;

/**
 * A message is larger than allowed. Thrown by {@code send}, it was refused before anything was written and the connection
 * is as good as before; as the cause of a {@link WebSocketClosedException}, the peer sent it and the connection was
 * closed with code 1009.
 */
public class MessageTooLargeException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final long size;
    private final long limit;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint
     * @param size the size of the message in bytes, as far as it was known
     * @param limit the bound in bytes
     */
    public MessageTooLargeException(String message, long size, long limit) {
        super(message, null);
        this.size = size;
        this.limit = limit;
    }

    /**
     * The size of the message.
     *
     * @return bytes; for a message of the peer, those announced until it was refused
     */
    public final long size() {
        return size;
    }

    /**
     * The bound it exceeds.
     *
     * @return bytes
     */
    public final long limit() {
        return limit;
    }
}
