package io.genericpool.reliability.peers;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One open WebSocket as its server sees it. */
interface PeerSocket {
    /** The path of the upgrade request. */
    String path();

    /** A header of the upgrade request, or null when it had none of that name. */
    @Nullable
    String header(String name);

    void send(String text);

    /** Sends a binary message; the buffer belongs to the socket from now on. */
    void send(ByteBuffer bytes);

    /** Whether its stream is open, for a library that does not report each end. */
    default boolean isConnected() {
        return true;
    }

    /** Begins the closing handshake. */
    void close(int code, String reason);
}
