package io.genericpool.replay.internal.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a block that grows. Not thread-safe. */
final class Block {
    private byte[] bytes = new byte[8192];
    private int length;
    private long lastTime;

    void clear() {
        length = 0;
        lastTime = 0;
    }

    boolean isEmpty() {
        return length == 0;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return bytes;
    }

    void endpoint(int id, String label) {
        byte[] text = label.getBytes(StandardCharsets.UTF_8);
        number(TraceFormat.ENDPOINT);
        number(id);
        number(text.length);
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    /** From an array that holds kind, endpoint, time and what else belongs to it. */
    void event(long[] from, int at) {
        int kind = (int) from[at];
        number(kind);
        number(from[at + 1]);
        long time = from[at + 2];
        long difference = time - lastTime;
        number((difference << 1) ^ (difference >> 63));
        lastTime = time;
        for (int i = 0; i < TraceFormat.numbers(kind); i++) {
            number(from[at + 3 + i]);
        }
    }

    private void number(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
