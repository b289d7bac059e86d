package io.genericpool.websocket.frame;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import okio.Buffer;

/** Inflates the payloads of one socket, never to more than a message may have. */
final class MessageInflater {
    /** What a sender takes off the end of each deflated message (RFC 7692, 7.2.1). */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int CHUNK = 8 * 1024;

    private final Inflater inflater = new Inflater(true);
    private final boolean keepsContext;
    private final long limit;
    private final byte[] input = new byte[CHUNK];
    private final byte[] output = new byte[CHUNK];
    private long size;

    MessageInflater(Deflation deflation, long limit) {
        this.keepsContext = deflation.serverKeepsContext();
        this.limit = limit;
    }

    /** Inflates the first bytes of a message's payload, or a further piece of it, and takes them from the buffer. */
    void inflate(Buffer source, long byteCount, Buffer target) throws FrameViolation {
        long left = byteCount;
        while (left > 0) {
            int read = source.read(input, 0, (int) Math.min(left, input.length));
            left -= read;
            feed(input, read, target);
        }
    }

    /** Ends a message. */
    void finish(Buffer target) throws FrameViolation {
        feed(TAIL, TAIL.length, target);
        size = 0;
        if (!keepsContext || inflater.finished()) {
            inflater.reset();
        }
    }

    private void feed(byte[] bytes, int length, Buffer target) throws FrameViolation {
        inflater.setInput(bytes, 0, length);
        try {
            while (true) {
                int inflated = inflater.inflate(output);
                if (inflated == 0) {
                    return;
                }
                size += inflated;
                if (size > limit) {
                    throw FrameViolation.tooLarge(size, limit);
                }
                target.write(output, 0, inflated);
            }
        } catch (DataFormatException e) {
            throw FrameViolation.protocolError("a deflated message cannot be inflated");
        }
    }

    void end() {
        inflater.end();
    }
}
