package io.genericpool.tcp.internal.wire;

import io.genericpool.support.Nanos;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A TCP socket, in blocking mode when it waits: reads with a timeout are the JDK's own then, and a virtual thread that waits
 * holds no other.
 */
final class InternetWire extends Wire {
    private final InputStream timedInput;

    InternetWire(SocketChannel channel) throws IOException {
        super(channel);
        this.timedInput = channel.socket().getInputStream();
    }

    @Override
    public void setWaits(boolean waits) throws IOException {
        channel.configureBlocking(waits);
    }

    @Override
    int readOnce(ByteBuffer target) throws IOException {
        if (Nanos.isOff(readTimeout) || !channel.isBlocking()) {
            return channel.read(target);
        }
        channel.socket().setSoTimeout(Nanos.toMillis(readTimeout));
        try {
            int count = timedInput.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
            if (count > 0) {
                target.position(target.position() + count);
            }
            return count;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    @Override
    int writeOnce(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    int available() throws IOException {
        return timedInput.available();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It counts as closed all the same.
        }
    }
}
