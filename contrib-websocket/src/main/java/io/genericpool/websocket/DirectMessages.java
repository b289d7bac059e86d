package io.genericpool.websocket;

import io.genericpool.websocket.internal.queue.MessageAccess;
import okhttp3.WebSocket;
import okio.ByteString;

/** Reaches into messages for the packages that queue, send and receive them. */
enum DirectMessages implements MessageAccess {
    INSTANCE;

    @Override
    public long weight(Message message) {
        return message.weight();
    }

    @Override
    public long payloadSize(Message message) {
        return message.payloadSize();
    }

    @Override
    public boolean send(Message message, WebSocket socket) {
        return message.sendOn(socket);
    }

    @Override
    public Message binary(ByteString bytes) {
        return Message.binary(bytes);
    }
}
