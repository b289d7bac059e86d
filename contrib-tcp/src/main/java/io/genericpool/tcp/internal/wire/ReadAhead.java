package io.genericpool.tcp.internal.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tlschannel.NeedsReadException;

/**
 * Bytes that were read from a link before a caller asked for them, to see what is behind them. Has no memory of its own
 * while there are none. Used under the lock of the reader.
 */
public final class ReadAhead {
    /** Looks behind a last message, such as the reason for the end that follows it, but takes no more from a flood. */
    public static final int CAPACITY = 4 * 1024;

    /** What has been read is from the position to the limit; null when there is nothing. */
    private @Nullable ByteBuffer bytes;

    int size() {
        return bytes == null ? 0 : bytes.remaining();
    }

    boolean isFull() {
        return size() == CAPACITY;
    }

    /**
     * Reads until there is nothing more to read, or no more room; the link must not wait.
     *
     * @return whether the end of the stream was seen
     * @throws tlschannel.NeedsWriteException when the peer's TLS wants an answer for which there is no room
     */
    boolean fill(Link link) throws IOException {
        try {
            if (bytes == null) {
                var first = ByteBuffer.allocate(1);
                if (link.read(first) < 0) {
                    return true;
                }
                bytes = ByteBuffer.allocate(CAPACITY).put(first.flip()).flip();
            }
            return readBehind(link, bytes);
        } catch (NeedsReadException e) {
            return false;
        }
    }

    private static boolean readBehind(Link link, ByteBuffer bytes) throws IOException {
        bytes.compact();
        try {
            while (bytes.hasRemaining()) {
                if (link.read(bytes) < 0) {
                    return true;
                }
            }
            return false;
        } finally {
            bytes.flip();
        }
    }

    /** Moves as many bytes as there are and have room. @return how many */
    int moveTo(ByteBuffer target) {
        if (bytes == null) {
            return 0;
        }
        int count = Math.min(bytes.remaining(), target.remaining());
        target.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        if (!bytes.hasRemaining()) {
            bytes = null;
        }
        return count;
    }
}
