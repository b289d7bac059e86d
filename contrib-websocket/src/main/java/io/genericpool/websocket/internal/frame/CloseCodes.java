package io.genericpool.websocket.internal.frame;

import okio.Utf8;

/** The close codes of RFC 6455, section 7.4. */
public final class CloseCodes {
    public static final int NORMAL = 1000;
    public static final int GOING_AWAY = 1001;
    /** Never sent: the peer's close had no code. */
    static final int NO_CODE = 1005;
    /** Never sent: the connection ended without a close. */
    public static final int ABNORMAL = 1006;

    public static final int POLICY_VIOLATION = 1008;
    static final int TOO_LARGE = 1009;

    /** The server is overloaded, and asks its clients to come back later. */
    public static final int TRY_AGAIN_LATER = 1013;

    private static final int MAX_REASON_SIZE = 123;

    private CloseCodes() {}

    public static void checkSendable(int code, String reason) {
        if (!FrameRules.mayBeSent(code)) {
            throw new IllegalArgumentException(
                    "close code must be 1000 to 1003, 1007 to 1014 or 3000 to 4999, but is " + code);
        }
        long size = Utf8.size(reason);
        if (size > MAX_REASON_SIZE) {
            throw new IllegalArgumentException(
                    "close reason must have at most " + MAX_REASON_SIZE + " bytes in UTF-8, but has " + size);
        }
    }

    /** What to answer a close with: the same code, unless it stands for none. */
    public static int answerTo(int code) {
        return FrameRules.mayBeSent(code) ? code : NORMAL;
    }

    /** Whether a peer that closes with this code says that nothing is wrong. */
    public static boolean isOrderly(int code) {
        return code == NORMAL || code == GOING_AWAY || code == NO_CODE;
    }
}
