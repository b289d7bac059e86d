package io.genericpool.websocket.internal.frame;

import java.util.Locale;
import okio.Buffer;

/** What a server's frames may look like (RFC 6455, 5.2 to 5.5 and 7.4; RFC 7692, 6.1). */
public final class FrameRules {
    static final int FIN = 0x80;
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** The close code of an orderly end. */
    static final int NORMAL = 1000;

    /** Of a control frame's payload, at most. */
    static final int MAX_CONTROL_SIZE = 125;

    private static final int RSV1 = 0x40;
    private static final int RSV2_AND_RSV3 = 0x30;
    private static final int MASK = 0x80;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;

    private FrameRules() {}

    static boolean isControl(int opcode) {
        return opcode >= CLOSE;
    }

    static boolean isDeflated(int first) {
        return (first & RSV1) != 0;
    }

    /**
     * Checks a frame's first two bytes.
     *
     * @param deflates whether messages may be deflated
     * @param inMessage whether a message has begun and not ended
     */
    static void checkHead(int first, int second, boolean deflates, boolean inMessage) throws FrameViolation {
        int opcode = first & 0xf;
        boolean beginsMessage = opcode == TEXT || opcode == BINARY;
        if ((first & RSV2_AND_RSV3) != 0 || (isDeflated(first) && !(deflates && beginsMessage))) {
            throw violation("a frame begins with the byte 0x%02x, which has a reserved bit set", first);
        }
        if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) {
            throw violation("a frame has the opcode %d, which is reserved", opcode);
        }
        if ((second & MASK) != 0) {
            throw FrameViolation.protocolError("a frame has a mask, which only those of a client have");
        }
        if (isControl(opcode)) {
            if ((first & FIN) == 0) {
                throw violation("a control frame (opcode %d) is fragmented", opcode);
            }
            if (second > MAX_CONTROL_SIZE) {
                throw violation("a control frame (opcode %d) has more than 125 bytes", opcode);
            }
        } else if (opcode == CONTINUATION && !inMessage) {
            throw FrameViolation.protocolError("a frame continues a message, but none has begun");
        } else if (beginsMessage && inMessage) {
            throw FrameViolation.protocolError("a frame begins a message, but the one before has not ended");
        }
    }

    /** The bytes before a payload, by the second of them. */
    static int headerSize(int second) {
        return second == EIGHT_BYTES ? 10 : second == TWO_BYTES ? 4 : 2;
    }

    /** The length that a whole header tells. */
    static long lengthOf(Buffer header, int second) throws FrameViolation {
        if (second < TWO_BYTES) {
            return second;
        }
        long length = 0;
        int size = headerSize(second);
        for (int i = 2; i < size; i++) {
            length = length << 8 | (header.getByte(i) & 0xffL);
        }
        if (length < 0) {
            throw FrameViolation.protocolError("a frame has a negative length");
        }
        if (length <= (second == TWO_BYTES ? MAX_CONTROL_SIZE : 0xffff)) {
            throw FrameViolation.protocolError("a frame tells its length, " + length + ", in " + (size - 2)
                    + " bytes, which are more than needed");
        }
        return length;
    }

    /** Checks a close frame, of which a buffer begins with the two bytes of its header. */
    static void checkClose(Buffer frame, int length) throws FrameViolation {
        if (length == 0) {
            return;
        }
        if (length == 1) {
            throw FrameViolation.protocolError("a close frame has half a code");
        }
        int code = (frame.getByte(2) & 0xff) << 8 | (frame.getByte(3) & 0xff);
        if (!mayBeSent(code)) {
            throw violation("a close frame has the code %d, which must not be sent", code);
        }
        byte[] reason = new byte[length - 2];
        for (int i = 0; i < reason.length; i++) {
            reason[i] = frame.getByte(4L + i);
        }
        var utf8 = new Utf8Check();
        if (!utf8.accepts(reason, 0, reason.length) || !utf8.isComplete()) {
            throw FrameViolation.invalidUtf8("the reason of a close is not UTF-8");
        }
    }

    /**
     * Whether a close frame may have a code: one that is defined, registered or private.
     *
     * @param code the code
     * @return false for one that is reserved or out of range
     */
    public static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private static FrameViolation violation(String format, int value) {
        return FrameViolation.protocolError(String.format(Locale.ROOT, format, value));
    }
}
