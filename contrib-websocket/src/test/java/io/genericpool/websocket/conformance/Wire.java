package io.genericpool.websocket.conformance;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's end of one WebSocket, in terms of bytes and frames. It shares no code with what it tests, and checks what a
 * client must do: each frame is masked, with another key than the one before, and its length is told in the fewest bytes.
 */
final class Wire {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int lastMask;
    private int equalMasks;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
    }

    /** A frame of the client, unmasked. */
    record Frame(int first, byte[] payload) {
        int opcode() {
            return first & 0xf;
        }

        boolean isLast() {
            return (first & 0x80) != 0;
        }
    }

    DataInputStream in() {
        return in;
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Writes in pieces, each of which is likely to be read by itself. */
    void write(byte[] bytes, int piece) throws IOException {
        for (int i = 0; i < bytes.length; i += piece) {
            out.write(bytes, i, Math.min(piece, bytes.length - i));
            out.flush();
        }
    }

    void frame(int first, byte[] payload) throws IOException {
        out.write(header(first, payload.length));
        out.write(payload);
        out.flush();
    }

    /** The header of an unmasked frame. */
    static byte[] header(int first, long length) {
        if (length < 126) {
            return bytes(first, (int) length);
        }
        return length < 65536 ? wide(first, 126, length, 2) : wide(first, 127, length, 8);
    }

    /** A header with a length of so many bytes, needed or not. */
    static byte[] wide(int first, int marker, long length, int size) {
        byte[] header = new byte[2 + size];
        header[0] = (byte) first;
        header[1] = (byte) marker;
        for (int i = 0; i < size; i++) {
            header[2 + i] = (byte) (length >>> (8 * (size - 1 - i)));
        }
        return header;
    }

    static byte[] frameOf(int first, byte[] payload) {
        return join(header(first, payload.length), payload);
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Reads the client's next frame, and checks its form. */
    Frame read() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        if ((second & 0x80) == 0) {
            throw new AssertionError("the client sent a frame without a mask");
        }
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
            require(length >= 126, "the client told the length " + length + " in 2 bytes");
        } else if (length == 127) {
            length = in.readLong();
            require(length >= 65536, "the client told the length " + length + " in 8 bytes");
        }
        require((first & 0x70) == 0, "the client set a reserved bit: " + first);
        checkMask(in.readInt());
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= (byte) (lastMask >>> (24 - 8 * (i % 4)));
        }
        return new Frame(first, payload);
    }

    /** The same key twice in a row comes by chance once in 2^32 frames; three times in a row means that it is fixed. */
    private void checkMask(int mask) {
        equalMasks = mask == lastMask ? equalMasks + 1 : 0;
        require(equalMasks < 2, "the client masks with the same key again and again");
        lastMask = mask;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    /** Reads a whole message of the client; its first byte is that of the first frame, as if it were the only one. */
    Frame readMessage() throws IOException {
        Frame frame = read();
        int first = frame.first | 0x80;
        List<byte[]> parts = new ArrayList<>(List.of(frame.payload));
        while (!frame.isLast()) {
            frame = read();
            require(frame.opcode() == 0, "the client continued a message with the opcode " + frame.opcode());
            parts.add(frame.payload);
        }
        return new Frame(first, join(parts.toArray(byte[][]::new)));
    }

    /** Reads up to the client's close; its code, 1005 without one, 1006 when there is no close. */
    int readClose() throws IOException {
        try {
            for (Frame frame = read(); ; frame = read()) {
                if (frame.opcode() == 8) {
                    return frame.payload.length == 0
                            ? 1005
                            : (frame.payload[0] & 0xff) << 8 | (frame.payload[1] & 0xff);
                }
            }
        } catch (EOFException e) {
            return 1006;
        }
    }

    /** Whether nothing follows, and the client has closed the connection. */
    boolean isAtEnd() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            // A reset is an end too.
            return true;
        }
    }

    /** Ends the server's direction, as a server does after the close handshake. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    void close() throws IOException {
        socket.close();
    }
}
