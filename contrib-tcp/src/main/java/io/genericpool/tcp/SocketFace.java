package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import io.genericpool.support.Nanos;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;

/** The face with blocking streams. */
final class SocketFace extends Face<SocketConnection, BlockingConnection> implements SocketConnection {
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private volatile long readTimeout;

    private SocketFace(BlockingConnection connection, Gate gate) {
        super(connection, gate);
        this.readTimeout = connection.defaultReadTimeout;
    }

    static SocketFace of(BlockingConnection connection) {
        return new SocketFace(connection, Gate.alwaysOpen());
    }

    @Override
    SocketFace forLease(LeaseScope scope) {
        var face = new SocketFace(connection, Gate.ofLease());
        scope.onEnd(face::end);
        return face;
    }

    @Override
    public InputStream input() {
        gate.check();
        return input;
    }

    @Override
    public OutputStream output() {
        gate.check();
        return output;
    }

    @Override
    public Duration readTimeout() {
        gate.check();
        return Nanos.toDuration(readTimeout);
    }

    @Override
    public void readTimeout(Duration timeout) {
        gate.check();
        readTimeout = Nanos.ofPositive("readTimeout", timeout);
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            return connection.read(gate, ByteBuffer.wrap(target, offset, length), readTimeout);
        }

        @Override
        public int available() throws IOException {
            return connection.available(gate);
        }

        @Override
        public void close() {
            SocketFace.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, source.length);
            connection.write(gate, ByteBuffer.wrap(source, offset, length));
        }

        @Override
        public void close() {
            SocketFace.this.close();
        }
    }
}
