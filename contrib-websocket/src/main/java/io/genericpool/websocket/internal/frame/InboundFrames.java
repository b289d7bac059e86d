package io.genericpool.websocket.internal.frame;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okio.Buffer;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What OkHttp reads: the frames of the peer, without the pongs to our own pings. None of them breaks the protocol, is
 * deflated, or belongs to a message that is too large or not UTF-8.
 *
 * <p>A state machine over frame headers, which are held back until they are complete and checked, as are whole control
 * frames; payloads of messages pass through without being copied. A deflated payload is handed on as plain continuation
 * frames. What follows a violation is not looked at; what came before it is read first. Only the reading thread comes
 * here; the counters may be read by any.
 */
final class InboundFrames implements Source {
    private static final long CHUNK = 8 * 1024;
    private static final long DRAIN_SECONDS = 1;

    /**
     * How many deflated bytes a message may have for each byte that it may have inflated. A sender that flushes after each
     * byte needs close to eight.
     */
    private static final int MOST_DEFLATED = 8;

    private static final int DEFLATED_SLACK = 1024;

    /** OkHttp keeps a pong for each ping until it can be written, without a limit. */
    private static final long MOST_UNANSWERED_PINGS = 1000;

    private final Source delegate;
    private final OutboundFrames outbound;
    private final FrameEvents events;
    private final long limit;
    private final long deflatedLimit;
    private final @Nullable Deflation deflation;
    private @Nullable MessageInflater inflater;
    private final Utf8Check utf8 = new Utf8Check();

    private final Buffer raw = new Buffer();
    private final Buffer ready = new Buffer();
    private final Buffer inflated = new Buffer();
    private boolean atEnd;

    /** The peer has sent its close: what follows means nothing. */
    private boolean closed;

    /** Not told yet, as what came before it has not been read to its end. */
    private @Nullable FrameViolation violation;

    /** Bytes of the present frame's payload that are still to come. */
    private long payloadLeft;

    /** Of its message. */
    private boolean lastFrame;

    /** A message has begun and not ended. */
    private boolean inMessage;

    /** Of the present message on the wire, over all its frames. */
    private long messageSize;

    private boolean messageIsText;
    private boolean messageIsDeflated;

    /** Something of the deflated message was handed on. */
    private boolean messageHandedOn;

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
        this.deflatedLimit = MOST_DEFLATED * limit + DEFLATED_SLACK;
        this.deflation = deflation;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        if (byteCount == 0) {
            return 0;
        }
        while (ready.size() == 0) {
            FrameViolation broken = violation;
            if (broken != null) {
                violation = null;
                refuse(broken);
                throw broken;
            }
            if (atEnd) {
                return -1;
            }
            fill();
        }
        return ready.read(sink, byteCount);
    }

    private void fill() throws IOException {
        long read = delegate.read(raw, CHUNK);
        if (read == -1) {
            atEnd = true;
            // Half a header: OkHttp is to see that the end came early.
            ready.writeAll(raw);
            return;
        }
        lastReadNanos = System.nanoTime();
        add(bytes, read);
        try {
            process();
        } catch (FrameViolation e) {
            violation = e;
            raw.clear();
        }
    }

    private void process() throws IOException {
        while (raw.size() > 0) {
            if (closed) {
                raw.clear();
            } else if (payloadLeft > 0) {
                passPayload(Math.min(payloadLeft, raw.size()));
            } else if (!beginFrame()) {
                return;
            }
        }
    }

    /** Reads a frame's header, or a whole control frame; false when it is not complete yet. */
    private boolean beginFrame() throws IOException {
        if (raw.size() < 2) {
            return false;
        }
        int first = raw.getByte(0) & 0xff;
        int second = raw.getByte(1) & 0xff;
        int opcode = first & 0xf;
        FrameRules.checkHead(first, second, deflation != null, inMessage);
        if (FrameRules.isControl(opcode)) {
            return passControl(opcode, second);
        }
        int headerSize = FrameRules.headerSize(second);
        if (raw.size() < headerSize) {
            return false;
        }
        long length = FrameRules.lengthOf(raw, second);
        beginData(first, length);
        lastFrame = (first & FrameRules.FIN) != 0;
        payloadLeft = length;
        if (messageIsDeflated) {
            raw.skip(headerSize);
        } else {
            checkWhole(length == 0);
            ready.write(raw, headerSize);
        }
        if (length == 0) {
            endFrame();
        }
        return true;
    }

    private void beginData(int first, long length) throws FrameViolation {
        int opcode = first & 0xf;
        if (opcode == FrameRules.CONTINUATION) {
            messageSize += length;
        } else {
            inMessage = true;
            messageSize = length;
            messageIsText = opcode == FrameRules.TEXT;
            messageIsDeflated = FrameRules.isDeflated(first);
            messageHandedOn = false;
            utf8.reset();
        }
        // Both terms are below 2^63, so a sum that overflows is negative.
        if (messageSize > (messageIsDeflated ? deflatedLimit : limit) || messageSize < 0) {
            throw FrameViolation.tooLarge(messageSize < 0 ? Long.MAX_VALUE : messageSize, limit);
        }
        if (opcode != FrameRules.CONTINUATION) {
            events.onMessageBegun();
        }
    }

    private boolean passControl(int opcode, int length) throws IOException {
        if (raw.size() < 2L + length) {
            return false;
        }
        switch (opcode) {
            case FrameRules.PING -> countPing();
            case FrameRules.PONG -> {
                add(pongs, 1);
                if (answersOurs(length)) {
                    raw.skip(2L + length);
                    return true;
                }
            }
            default -> {
                FrameRules.checkClose(raw, length);
                closed = true;
                if (inMessage) {
                    answerClose(length);
                }
            }
        }
        ready.write(raw, 2L + length);
        return true;
    }

    /** A message that was begun will not end. OkHttp takes that for a failure, and cuts the socket before it has answered. */
    private void answerClose(int length) {
        int code = length == 0 ? FrameRules.NORMAL : (raw.getByte(2) & 0xff) << 8 | (raw.getByte(3) & 0xff);
        try {
            outbound.writeClose(code);
        } catch (IOException e) {
            // The peer did not wait for it.
        }
    }

    /** Whether the pong at the beginning of the buffer does, which is told. */
    private boolean answersOurs(int length) {
        if (length != Long.BYTES) {
            return false;
        }
        long id = 0;
        for (int i = 2; i < 2 + Long.BYTES; i++) {
            id = id << 8 | (raw.getByte(i) & 0xffL);
        }
        if (!outbound.answered(id)) {
            return false;
        }
        events.onPong(id);
        return true;
    }

    private void countPing() throws FrameViolation {
        add(pings, 1);
        long unanswered = pings.getPlain() - outbound.pongs.getOpaque();
        if (unanswered > MOST_UNANSWERED_PINGS) {
            throw FrameViolation.tooManyPings(unanswered);
        }
    }

    private void passPayload(long count) throws IOException {
        if (messageIsDeflated) {
            inflater().inflate(raw, count, inflated);
            if (inflated.size() > 0) {
                emitInflated(false);
            }
        } else {
            if (messageIsText) {
                check(utf8.accepts(raw, count));
                checkWhole(count == payloadLeft);
            }
            ready.write(raw, count);
        }
        payloadLeft -= count;
        if (payloadLeft == 0) {
            endFrame();
        }
    }

    private void endFrame() throws IOException {
        if (!lastFrame) {
            return;
        }
        inMessage = false;
        if (messageIsDeflated) {
            inflater().finish(inflated);
            emitInflated(true);
        }
        add(messages, 1);
    }

    /** Before the last byte of a text is handed on: OkHttp takes half a character for a whole one. */
    private void checkWhole(boolean endsFrame) throws FrameViolation {
        if (endsFrame && lastFrame && messageIsText) {
            check(utf8.isComplete());
        }
    }

    /** Made for the first message that needs it, as it holds memory. */
    private MessageInflater inflater() {
        MessageInflater present = inflater;
        if (present == null) {
            present = new MessageInflater(Objects.requireNonNull(deflation, "deflation"), limit);
            inflater = present;
        }
        return present;
    }

    /** Hands what was inflated on as a frame: the first one of its message with the opcode, the others to continue it. */
    private void emitInflated(boolean last) throws IOException {
        long size = inflated.size();
        if (messageIsText) {
            check(utf8.accepts(inflated, size));
            check(!last || utf8.isComplete());
        }
        int opcode = messageHandedOn ? FrameRules.CONTINUATION : messageIsText ? FrameRules.TEXT : FrameRules.BINARY;
        messageHandedOn = true;
        ready.writeByte((last ? FrameRules.FIN : 0) | opcode);
        if (size < 126) {
            ready.writeByte((int) size);
        } else if (size <= 0xffff) {
            ready.writeByte(126).writeShort((int) size);
        } else {
            ready.writeByte(127).writeLong(size);
        }
        ready.write(inflated, size);
    }

    private static void check(boolean valid) throws FrameViolation {
        if (!valid) {
            throw FrameViolation.invalidUtf8("a text message is not UTF-8");
        }
    }

    /**
     * Tells the peer why, then reads on for a moment and forgets: a socket that is closed with unread data is reset, and
     * the reset would overtake the close frame.
     */
    private void refuse(FrameViolation broken) {
        events.onViolation(broken);
        atEnd = true;
        try {
            outbound.writeClose(broken.code());
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
        MessageInflater present = inflater;
        if (present != null) {
            present.end();
        }
        delegate.close();
    }
}
