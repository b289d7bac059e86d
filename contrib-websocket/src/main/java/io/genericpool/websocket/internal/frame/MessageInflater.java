package io.genericpool.websocket.internal.frame;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import okio.Buffer;

/**
 * Inflates the payloads of one socket, never to more than a message may have.
 *
 * <p>A message is a sequence of DEFLATE blocks, any of which may be marked as final (RFC 7692, 7.2.1). To an Inflater a
 * final block is the end of its stream: it ignores what follows and forgets what came before. So the last bytes inflated
 * are kept here, and a new stream goes on with them as its dictionary.
 */
final class MessageInflater {
    /** What a sender takes off the end of each deflated message (RFC 7692, 7.2.1): 0, 0, 0xff, 0xff. */
    private static final int TAIL_BITS = 0x0000ffff;

    /** Inflates to nothing between two blocks, and nowhere else. */
    private static final byte[] EMPTY_BLOCK = {0, 0, 0, (byte) 0xff, (byte) 0xff};

    private static final byte[] TAIL_AND_EMPTY_BLOCK = {
        0, 0, (byte) 0xff, (byte) 0xff, 0, 0, 0, (byte) 0xff, (byte) 0xff
    };

    /** Each final block costs a new stream, however small it is. */
    private static final int MOST_FINAL_BLOCKS = 1000;

    private static final int CHUNK = 8 * 1024;

    private final Inflater inflater = new Inflater(true);
    private final boolean keepsContext;
    private final long limit;
    private final byte[] input = new byte[CHUNK];

    /** A ring of the last bytes inflated. */
    private final byte[] window;

    private int position;
    private int history;

    /** Of the present message. */
    private long size;

    private int finalBlocks;

    /** The last four bytes fed; of a message without any, all bits are set. */
    private int lastBits = -1;

    private boolean empty = true;

    /** The last byte fed was the last one of a final block. */
    private boolean betweenStreams;

    MessageInflater(Deflation deflation, long limit) {
        this.keepsContext = deflation.serverKeepsContext();
        this.limit = limit;
        this.window = new byte[Math.max(CHUNK, deflation.serverWindow())];
    }

    /** Inflates the first bytes of a message's payload, or a further piece of it, and takes them from the buffer. */
    void inflate(Buffer source, long byteCount, Buffer target) throws FrameViolation {
        long left = byteCount;
        while (left > 0) {
            int read = source.read(input, 0, (int) Math.min(left, input.length));
            left -= read;
            empty = false;
            for (int i = Math.max(0, read - Integer.BYTES); i < read; i++) {
                lastBits = lastBits << 8 | (input[i] & 0xff);
            }
            feed(input, read, target);
        }
    }

    /** Ends a message. */
    void finish(Buffer target) throws FrameViolation {
        // Some senders end a message with a final block and nothing after it, from which no tail was taken. Some take
        // no
        // tail. Some send nothing at all for an empty message.
        if (!betweenStreams && !empty) {
            long before = size;
            byte[] end = lastBits == TAIL_BITS ? EMPTY_BLOCK : TAIL_AND_EMPTY_BLOCK;
            // A message that was cut off inside of a block would inflate to something else, and spoil the next one.
            feed(end, end.length, target);
            if (size > before) {
                throw cannotBeInflated();
            }
        }
        size = 0;
        finalBlocks = 0;
        lastBits = -1;
        empty = true;
        if (!keepsContext) {
            inflater.reset();
            history = 0;
            betweenStreams = false;
        }
    }

    private void feed(byte[] bytes, int length, Buffer target) throws FrameViolation {
        inflater.setInput(bytes, 0, length);
        betweenStreams = false;
        try {
            while (true) {
                int room = window.length - position;
                int inflated = inflater.inflate(window, position, room);
                take(inflated, target);
                if (inflater.finished()) {
                    int left = inflater.getRemaining();
                    beginStream();
                    if (left == 0) {
                        betweenStreams = true;
                        return;
                    }
                    inflater.setInput(bytes, length - left, left);
                } else if (inflated < room) {
                    // There was room for more, so this is all that the input makes.
                    if (!inflater.needsInput()) {
                        throw cannotBeInflated();
                    }
                    return;
                }
            }
        } catch (DataFormatException e) {
            throw cannotBeInflated();
        }
    }

    private void take(int inflated, Buffer target) throws FrameViolation {
        size += inflated;
        if (size > limit) {
            throw FrameViolation.tooLarge(size, limit);
        }
        target.write(window, position, inflated);
        position = (position + inflated) % window.length;
        history = Math.min(history + inflated, window.length);
    }

    /** After a final block. What follows may refer to what came before it. */
    private void beginStream() throws FrameViolation {
        finalBlocks++;
        if (finalBlocks > MOST_FINAL_BLOCKS) {
            throw FrameViolation.protocolError(
                    "a deflated message may have at most " + MOST_FINAL_BLOCKS + " final blocks, but has more");
        }
        inflater.reset();
        if (history > 0) {
            inflater.setDictionary(lastBytes());
        }
    }

    private byte[] lastBytes() {
        int begin = position - history;
        if (begin >= 0) {
            return Arrays.copyOfRange(window, begin, position);
        }
        byte[] bytes = new byte[history];
        System.arraycopy(window, window.length + begin, bytes, 0, -begin);
        System.arraycopy(window, 0, bytes, -begin, position);
        return bytes;
    }

    private static FrameViolation cannotBeInflated() {
        return FrameViolation.protocolError("a deflated message cannot be inflated");
    }

    void end() {
        inflater.end();
    }
}
