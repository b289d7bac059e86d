package io.genericpool.websocket;

import okhttp3.WebSocket;
import okio.ByteString;

/** The inside of messages, which users do not see. */
interface MessageAccess {
    /** The size that counts for a queue: bytes, or the characters of a text. */
    long weight(Message message);

    /** The bytes of the payload. Walks through a text. */
    long payloadSize(Message message);

    /** Hands a message to a socket without a copy. @return whether the socket takes it */
    boolean send(Message message, WebSocket socket);

    /** A binary message of bytes that are not copied. */
    Message binary(ByteString bytes);
}
