package io.genericpool.tcp.internal.wire;

import io.genericpool.support.Nanos;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * A Unix-domain socket in non-blocking mode. The JDK has no read with a timeout for these, so those who wait do it on
 * selectors: one for reading, and one for writing once a write had to wait. Each is two descriptors more.
 */
final class UnixWire extends Wire {
    private final Readiness readable;
    private final Readiness writable;
    private volatile boolean waits;

    UnixWire(SocketChannel channel) {
        super(channel);
        this.readable = new Readiness(channel, SelectionKey.OP_READ);
        this.writable = new Readiness(channel, SelectionKey.OP_WRITE);
    }

    @Override
    public void setWaits(boolean waits) {
        this.waits = waits;
    }

    @Override
    int readOnce(ByteBuffer target) throws IOException {
        int count = channel.read(target);
        return count == 0 && waits && readable.await(readTimeout) ? channel.read(target) : count;
    }

    @Override
    int writeOnce(ByteBuffer source) throws IOException {
        int count = channel.write(source);
        while (count == 0 && waits) {
            writable.await(Nanos.FOREVER);
            count = channel.write(source);
        }
        return count;
    }

    @Override
    int available() {
        return 0;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It counts as closed all the same.
        }
        readable.close();
        writable.close();
    }
}
