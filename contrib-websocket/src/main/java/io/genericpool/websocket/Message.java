package io.genericpool.websocket;

import java.nio.ByteBuffer;
import java.util.Objects;
import okhttp3.WebSocket;
import okio.ByteString;
import okio.Utf8;
import org.jspecify.annotations.Nullable;

/** A complete text or binary message. Immutable. */
public final class Message {
    private final @Nullable String text;
    private final @Nullable ByteString binary;

    private Message(@Nullable String text, @Nullable ByteString binary) {
        this.text = text;
        this.binary = binary;
    }

    /**
     * Creates a text message.
     *
     * @param text its text
     * @return the message
     */
    public static Message text(String text) {
        return new Message(Objects.requireNonNull(text, "text"), null);
    }

    /**
     * Creates a binary message.
     *
     * @param bytes its bytes, copied
     * @return the message
     */
    public static Message binary(byte[] bytes) {
        return new Message(null, ByteString.of(bytes, 0, bytes.length));
    }

    /**
     * Creates a binary message.
     *
     * @param bytes its bytes; the call copies them from the buffer's position to its limit, and moves the position
     *     there
     * @return the message
     */
    public static Message binary(ByteBuffer bytes) {
        return new Message(null, ByteString.of(bytes));
    }

    static Message binary(ByteString bytes) {
        return new Message(null, bytes);
    }

    /**
     * Tells whether this is a text message.
     *
     * @return false for a binary one
     */
    public boolean isText() {
        return text != null;
    }

    /**
     * Returns the text of a text message.
     *
     * @return the text
     * @throws IllegalStateException when this is a binary message
     */
    public String text() {
        if (text == null) {
            throw new IllegalStateException("a binary message has no text: " + this);
        }
        return text;
    }

    /**
     * Returns the bytes of a message. For a text message, these are its text in UTF-8. The bytes of a binary message
     * are not copied.
     *
     * @return a read-only buffer
     */
    public ByteBuffer bytes() {
        return byteString().asByteBuffer();
    }

    /**
     * Returns the bytes of a message. For a text message, these are its text in UTF-8.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        return byteString().toByteArray();
    }

    /** What the message weighs in a queue: bytes, or characters of a text. Cheap, unlike its size on the wire. */
    long weight() {
        return binary != null ? binary.size() : text().length();
    }

    /** The bytes of the payload. Walks through a text. */
    long payloadSize() {
        return binary != null ? binary.size() : Utf8.size(text());
    }

    boolean sendOn(WebSocket socket) {
        return binary != null ? socket.send(binary) : socket.send(text());
    }

    private ByteString byteString() {
        return binary != null ? binary : ByteString.encodeUtf8(text());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that && Objects.equals(text, that.text) && Objects.equals(binary, that.binary);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, binary);
    }

    /** Returns kind and size, never the contents, so a message may be logged. */
    @Override
    public String toString() {
        return text != null
                ? "text message of " + text.length() + " characters"
                : "binary message of " + weight() + " bytes";
    }
}
