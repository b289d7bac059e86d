package io.genericpool.websocket.internal.frame;

import java.net.ProtocolException;

/** What the peer sent cannot be accepted. */
public final class FrameViolation extends ProtocolException {
    private static final long serialVersionUID = 1L;

    /** Close code: the peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;
    /** Close code: a text, or the reason of a close, is not UTF-8. */
    public static final int INVALID_PAYLOAD = 1007;
    /** Close code: the peer does what no peer does that means well. */
    public static final int POLICY_VIOLATION = 1008;
    /** Close code: a message is too large. */
    public static final int TOO_LARGE = 1009;

    private final int code;
    private final long size;

    private FrameViolation(int code, String message, long size) {
        super(message);
        this.code = code;
        this.size = size;
    }

    static FrameViolation tooLarge(long size, long limit) {
        return new FrameViolation(
                TOO_LARGE, "a message may have at most " + limit + " bytes, but has " + size + " or more", size);
    }

    static FrameViolation protocolError(String message) {
        return new FrameViolation(PROTOCOL_ERROR, message, 0);
    }

    static FrameViolation invalidUtf8(String message) {
        return new FrameViolation(INVALID_PAYLOAD, message, 0);
    }

    static FrameViolation tooManyPings(long unanswered) {
        return new FrameViolation(
                POLICY_VIOLATION, "there are " + unanswered + " pings to which no pong could be written yet", 0);
    }

    /**
     * The close code that names it.
     *
     * @return 1002, 1007, 1008 or 1009
     */
    public int code() {
        return code;
    }

    /**
     * The size of a message that is too large, as far as it was known.
     *
     * @return bytes, 0 for another violation
     */
    public long size() {
        return size;
    }
}
