package io.genericpool.websocket.conformance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Writes DEFLATE (RFC 1951) block by block, as a test wants it: stored, with fixed codes, as the JDK makes them; final or
 * not; with references no farther back than a window, across blocks and messages.
 */
final class Blocks {
    private static final int MIN_MATCH = 3;
    private static final int MAX_MATCH = 258;

    private final int window;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private byte[] history = new byte[0];
    private int bits;
    private int bitCount;

    Blocks(int window) {
        this.window = window;
    }

    private void bits(int value, int count) {
        for (int i = 0; i < count; i++) {
            bits |= (value >>> i & 1) << bitCount;
            if (++bitCount == 8) {
                align();
            }
        }
    }

    /** A Huffman code begins with its highest bit. */
    private void code(int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            bits(value >>> i & 1, 1);
        }
    }

    private void align() {
        if (bitCount > 0) {
            out.write(bits);
            bits = 0;
            bitCount = 0;
        }
    }

    Blocks stored(byte[] data, boolean last) {
        bits(last ? 1 : 0, 1);
        bits(0, 2);
        align();
        out.write(data.length);
        out.write(data.length >>> 8);
        out.write(~data.length);
        out.write(~data.length >>> 8);
        out.writeBytes(data);
        remember(data);
        return this;
    }

    Blocks fixed(byte[] data, boolean last) {
        bits(last ? 1 : 0, 1);
        bits(1, 2);
        byte[] all = Wire.join(history, data);
        for (int i = history.length; i < all.length; ) {
            int distance = 0;
            int length = 0;
            for (int from = Math.max(0, i - window); from < i; from++) {
                int match = 0;
                while (match < MAX_MATCH && i + match < all.length && all[from + match] == all[i + match]) {
                    match++;
                }
                if (match > length) {
                    length = match;
                    distance = i - from;
                }
            }
            if (length >= MIN_MATCH) {
                length(length);
                distance(distance);
                i += length;
            } else {
                literal(all[i] & 0xff);
                i++;
            }
        }
        literal(256);
        if (last) {
            align();
        }
        remember(data);
        return this;
    }

    private void literal(int symbol) {
        if (symbol < 144) {
            code(0x30 + symbol, 8);
        } else if (symbol < 256) {
            code(0x190 + symbol - 144, 9);
        } else if (symbol < 280) {
            code(symbol - 256, 7);
        } else {
            code(0xc0 + symbol - 280, 8);
        }
    }

    private void length(int length) {
        if (length == MAX_MATCH) {
            literal(285);
            return;
        }
        int base = MIN_MATCH;
        for (int symbol = 257; ; symbol++) {
            int extra = symbol < 265 ? 0 : (symbol - 261) / 4;
            if (length < base + (1 << extra)) {
                literal(symbol);
                bits(length - base, extra);
                return;
            }
            base += 1 << extra;
        }
    }

    private void distance(int distance) {
        int base = 1;
        for (int symbol = 0; ; symbol++) {
            int extra = symbol < 4 ? 0 : symbol / 2 - 1;
            if (distance < base + (1 << extra)) {
                code(symbol, 5);
                bits(distance - base, extra);
                return;
            }
            base += 1 << extra;
        }
    }

    /** What the JDK makes of it: dynamic codes where they pay. */
    Blocks byJdk(byte[] data) {
        emptyStored();
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(data);
        byte[] chunk = new byte[data.length + 1024];
        out.write(chunk, 0, deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH));
        deflater.end();
        remember(data);
        return this;
    }

    Blocks emptyStored() {
        return stored(new byte[0], false);
    }

    /** Bytes as they are, for what no sender should send. */
    Blocks raw(int... bytes) {
        align();
        out.writeBytes(Wire.bytes(bytes));
        return this;
    }

    private void remember(byte[] data) {
        byte[] all = Wire.join(history, data);
        history = Arrays.copyOfRange(all, Math.max(0, all.length - 32768), all.length);
    }

    /** Ends a message as RFC 7692 (7.2.1) says; the context stays. */
    byte[] message() {
        emptyStored();
        byte[] all = take();
        return Arrays.copyOf(all, all.length - 4);
    }

    /** What was written so far, without an end. */
    byte[] take() {
        align();
        byte[] all = out.toByteArray();
        out.reset();
        return all;
    }

    void forgetContext() {
        history = new byte[0];
    }
}
