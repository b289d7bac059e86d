package io.genericpool.websocket.internal.frame;

import okio.Buffer;

/**
 * Checks that a text that comes in pieces is UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF. OkHttp
 * replaces what is malformed without a word.
 */
final class Utf8Check {
    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();

    /** Bytes of the present character still to come, and the range that the next of them must be in. */
    private int missing;

    private int low;
    private int high;

    /** Begins another message. */
    void reset() {
        missing = 0;
    }

    /** Looks at the first bytes of a buffer, taking none. */
    boolean accepts(Buffer buffer, long byteCount) {
        long left = byteCount;
        try (Buffer.UnsafeCursor segment = buffer.readUnsafe(cursor)) {
            while (left > 0 && segment.next() != -1) {
                int end = (int) Math.min(segment.end, segment.start + left);
                byte[] data = segment.data;
                if (data == null || !accepts(data, segment.start, end)) {
                    return false;
                }
                left -= end - segment.start;
            }
        }
        return true;
    }

    boolean isComplete() {
        return missing == 0;
    }

    boolean accepts(byte[] data, int start, int end) {
        for (int i = start; i < end; i++) {
            int b = data[i] & 0xff;
            if (missing > 0) {
                if (b < low || b > high) {
                    return false;
                }
                missing--;
                low = 0x80;
                high = 0xbf;
            } else if (b >= 0x80 && !begins(b)) {
                return false;
            }
        }
        return true;
    }

    /** The first byte of a longer character; table 3-7 of the Unicode standard. */
    private boolean begins(int b) {
        low = 0x80;
        high = 0xbf;
        if (b >= 0xc2 && b <= 0xdf) {
            missing = 1;
        } else if (b >= 0xe0 && b <= 0xef) {
            missing = 2;
            low = b == 0xe0 ? 0xa0 : 0x80;
            high = b == 0xed ? 0x9f : 0xbf;
        } else if (b >= 0xf0 && b <= 0xf4) {
            missing = 3;
            low = b == 0xf0 ? 0x90 : 0x80;
            high = b == 0xf4 ? 0x8f : 0xbf;
        } else {
            return false;
        }
        return true;
    }
}
