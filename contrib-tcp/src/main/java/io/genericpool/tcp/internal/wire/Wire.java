package io.genericpool.tcp.internal.wire;

import io.genericpool.support.Nanos;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/**
 * The bytes of a socket as they are on the wire, for those who can wait: a read waits up to a timeout and a write until all
 * is written, unless waiting is switched off. A call that may not wait longer returns 0, as one of a socket in non-blocking
 * mode does. One thread may read while another one writes; waiting is switched by one that holds off both.
 */
public abstract class Wire implements ByteChannel {
    /** The JDK copies heap buffers through a direct one that it keeps for the thread: this bounds how much it keeps. */
    static final int LARGEST_TRANSFER = 64 * 1024;

    public final SocketChannel channel;
    /** Of the reader. */
    long readTimeout = Nanos.FOREVER;

    Wire(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes the wire of a connected socket that is in non-blocking mode; it does not wait until told to.
     *
     * @throws IOException when the socket is closed
     */
    public static Wire of(SocketChannel channel, boolean unix) throws IOException {
        return unix ? new UnixWire(channel) : new InternetWire(channel);
    }

    public abstract void setWaits(boolean waits) throws IOException;

    @Override
    public final int read(ByteBuffer target) throws IOException {
        int limit = target.limit();
        target.limit(Math.min(limit, target.position() + LARGEST_TRANSFER));
        try {
            return readOnce(target);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public final int write(ByteBuffer source) throws IOException {
        int limit = source.limit();
        int total = 0;
        try {
            while (source.position() < limit) {
                source.limit(Math.min(limit, source.position() + LARGEST_TRANSFER));
                int count = writeOnce(source);
                if (count == 0) {
                    break;
                }
                total += count;
            }
            return total;
        } finally {
            source.limit(limit);
        }
    }

    abstract int readOnce(ByteBuffer target) throws IOException;

    abstract int writeOnce(ByteBuffer source) throws IOException;

    /** How many bytes can be read without waiting, as far as the system tells. */
    abstract int available() throws IOException;

    @Override
    public final boolean isOpen() {
        return channel.isOpen();
    }

    /** Ends the waiting of others; may be called by any thread, more than once. */
    @Override
    public abstract void close();
}
