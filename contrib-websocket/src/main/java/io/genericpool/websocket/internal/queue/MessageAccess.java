package io.genericpool.websocket.internal.queue;

import io.genericpool.websocket.Message;
import okhttp3.WebSocket;
import okio.ByteString;

/** The inside of messages, which users do not see. */
public interface MessageAccess {
    /** The size that counts for a queue: bytes, or the characters of a text. */
    public long weight(Message message);

    /** The bytes of the payload. Walks through a text. */
    public long payloadSize(Message message);

    /** Hands a message to a socket without a copy. @return whether the socket takes it */
    public boolean send(Message message, WebSocket socket);

    /** A binary message of bytes that are not copied. */
    public Message binary(ByteString bytes);
}
