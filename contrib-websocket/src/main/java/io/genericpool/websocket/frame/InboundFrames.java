package io.genericpool.websocket.frame;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okio.Buffer;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What OkHttp reads: the frames of the peer, less the pongs to our own pings, none of them with a message that is too
 * large, not UTF-8, or deflated.
 *
 * <p>A state machine over frame headers, which are held back until they are complete and checked; payloads pass through
 * without being copied. A deflated payload is handed on as plain continuation frames. What breaks the protocol otherwise
 * is passed on as it is, for OkHttp to refuse. Only the reading thread comes here; the counters may be read by any.
 */
final class InboundFrames implements Source {
    private static final long CHUNK = 8 * 1024;
    private static final long DRAIN_SECONDS = 1;

    /** OkHttp keeps a pong for each ping until it can be written, without a limit. */
    private static final long MOST_UNANSWERED_PINGS = 1000;

    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int MASK = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Source delegate;
    private final OutboundFrames outbound;
    private final FrameEvents events;
    private final long limit;
    private final @Nullable MessageInflater inflater;
    private final Utf8Check utf8 = new Utf8Check();

    private final Buffer raw = new Buffer();
    private final Buffer ready = new Buffer();
    private final Buffer inflated = new Buffer();
    private boolean atEnd;

    /** What follows is no longer looked at. */
    private boolean transparent;

    /** Bytes of the present frame's payload that are still to come. */
    private long payloadLeft;

    private int firstByte;

    /** Of the present message, over all its frames. */
    private long messageSize;

    private boolean messageIsText;
    private boolean messageIsDeflated;
    private boolean messageBegan;

    volatile long lastReadNanos = System.nanoTime();

    final AtomicLong bytes = new AtomicLong();
    final AtomicLong messages = new AtomicLong();
    final AtomicLong pings = new AtomicLong();
    final AtomicLong pongs = new AtomicLong();

    InboundFrames(
            Source delegate, OutboundFrames outbound, FrameEvents events, long limit, @Nullable Deflation deflation) {
        this.delegate = delegate;
        this.outbound = outbound;
        this.events = events;
        this.limit = limit;
        this.inflater = deflation == null ? null : new MessageInflater(deflation, limit);
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        if (byteCount == 0) {
            return 0;
        }
        while (ready.size() == 0) {
            if (atEnd) {
                return -1;
            }
            long read = delegate.read(raw, CHUNK);
            if (read == -1) {
                atEnd = true;
                // Half a header: OkHttp is to see that the end came early.
                ready.writeAll(raw);
            } else {
                lastReadNanos = System.nanoTime();
                add(bytes, read);
                try {
                    process();
                } catch (FrameViolation e) {
                    refuse(e);
                    throw e;
                }
            }
        }
        return ready.read(sink, byteCount);
    }

    private void process() throws IOException {
        while (raw.size() > 0) {
            if (transparent) {
                ready.write(raw, raw.size());
            } else if (payloadLeft > 0) {
                passPayload(Math.min(payloadLeft, raw.size()));
            } else if (!beginFrame()) {
                return;
            }
        }
    }

    /** Reads a frame's header; false when it is not complete yet. */
    private boolean beginFrame() throws IOException {
        if (raw.size() < 2) {
            return false;
        }
        int first = raw.getByte(0) & 0xff;
        int second = raw.getByte(1) & 0xff;
        int opcode = first & 0xf;
        int shortLength = second & 0x7f;
        if ((second & MASK) != 0 || (opcode >= 8 && (shortLength > 125 || (first & FIN) == 0))) {
            transparent = true;
            return true;
        }
        if (opcode == PONG) {
            return passPong(shortLength);
        }
        int headerSize = shortLength == 127 ? 10 : shortLength == 126 ? 4 : 2;
        if (raw.size() < headerSize) {
            return false;
        }
        long length = lengthOf(shortLength);
        if (opcode < 8) {
            beginData(first, opcode, length);
        } else if (opcode == PING) {
            countPing();
        }
        firstByte = first;
        payloadLeft = length;
        if (opcode < 8 && messageIsDeflated) {
            raw.skip(headerSize);
        } else {
            ready.write(raw, headerSize);
        }
        if (length == 0) {
            endFrame();
        }
        return true;
    }

    private long lengthOf(int shortLength) throws FrameViolation {
        if (shortLength < 126) {
            return shortLength;
        }
        if (shortLength == 126) {
            return (raw.getByte(2) & 0xffL) << 8 | (raw.getByte(3) & 0xffL);
        }
        long length = 0;
        for (int i = 2; i < 10; i++) {
            length = length << 8 | (raw.getByte(i) & 0xffL);
        }
        if (length < 0) {
            throw FrameViolation.protocolError("a frame has a negative length");
        }
        return length;
    }

    private void beginData(int first, int opcode, long length) throws FrameViolation {
        if (opcode == CONTINUATION) {
            messageSize += length;
        } else {
            messageSize = length;
            messageIsText = opcode == TEXT;
            messageIsDeflated = (first & RSV1) != 0 && inflater != null;
            messageBegan = false;
            utf8.reset();
        }
        // Both terms are below 2^63, so a sum that overflows is negative.
        if (messageSize > limit || messageSize < 0) {
            throw FrameViolation.tooLarge(messageSize < 0 ? Long.MAX_VALUE : messageSize, limit);
        }
        if (opcode != CONTINUATION) {
            events.onMessageBegun();
        }
    }

    private void countPing() throws FrameViolation {
        add(pings, 1);
        long unanswered = pings.getPlain() - outbound.pongs.getOpaque();
        if (unanswered > MOST_UNANSWERED_PINGS) {
            throw FrameViolation.tooManyPings(unanswered);
        }
    }

    private void passPayload(long count) throws IOException {
        boolean data = (firstByte & 0xf) < 8;
        if (data && messageIsDeflated) {
            inflate(count);
        } else {
            if (data && messageIsText) {
                check(utf8.accepts(raw, count));
            }
            ready.write(raw, count);
        }
        payloadLeft -= count;
        if (payloadLeft == 0) {
            endFrame();
        }
    }

    private void endFrame() throws IOException {
        if ((firstByte & 0xf) >= 8 || (firstByte & FIN) == 0) {
            return;
        }
        if (messageIsDeflated && inflater != null) {
            inflater.finish(inflated);
            emitInflated(true);
        }
        if (messageIsText) {
            check(utf8.isComplete());
        }
        add(messages, 1);
    }

    private void inflate(long count) throws IOException {
        if (inflater != null) {
            inflater.inflate(raw, count, inflated);
            if (inflated.size() > 0) {
                emitInflated(false);
            }
        }
    }

    /** Hands what was inflated on as a frame: the first one of its message with the opcode, the others to continue it. */
    private void emitInflated(boolean last) throws IOException {
        long size = inflated.size();
        if (messageIsText) {
            check(utf8.accepts(inflated, size));
        }
        int opcode = messageBegan ? CONTINUATION : messageIsText ? TEXT : 2;
        messageBegan = true;
        ready.writeByte((last ? FIN : 0) | opcode);
        if (size < 126) {
            ready.writeByte((int) size);
        } else if (size <= 0xffff) {
            ready.writeByte(126).writeShort((int) size);
        } else {
            ready.writeByte(127).writeLong(size);
        }
        ready.write(inflated, size);
    }

    /** A pong is held until complete, then swallowed if it answers one of ours. */
    private boolean passPong(int length) throws IOException {
        if (raw.size() < 2L + length) {
            return false;
        }
        add(pongs, 1);
        if (length == Long.BYTES) {
            long id = 0;
            for (int i = 2; i < 2 + Long.BYTES; i++) {
                id = id << 8 | (raw.getByte(i) & 0xffL);
            }
            if (outbound.answered(id)) {
                raw.skip(2L + length);
                events.onPong(id);
                return true;
            }
        }
        ready.write(raw, 2L + length);
        return true;
    }

    private static void check(boolean isUtf8) throws FrameViolation {
        if (!isUtf8) {
            throw FrameViolation.invalidUtf8();
        }
    }

    /**
     * Tells the peer why, then reads on for a moment and forgets: a socket that is closed with unread data is reset, and
     * the reset would overtake the close frame.
     */
    private void refuse(FrameViolation violation) {
        events.onViolation(violation);
        raw.clear();
        ready.clear();
        atEnd = true;
        try {
            outbound.writeClose(violation.code());
            delegate.timeout().deadline(DRAIN_SECONDS, TimeUnit.SECONDS);
            while (delegate.read(raw, CHUNK) != -1) {
                raw.clear();
            }
        } catch (IOException e) {
            // The peer is gone, or the time is up; either way the reader fails now.
            raw.clear();
        }
    }

    /** Counters have one writer at a time, so that no atomic addition is needed. */
    static void add(AtomicLong counter, long count) {
        counter.setOpaque(counter.getPlain() + count);
    }

    @Override
    public Timeout timeout() {
        return delegate.timeout();
    }

    @Override
    public void close() throws IOException {
        if (inflater != null) {
            inflater.end();
        }
        delegate.close();
    }
}
