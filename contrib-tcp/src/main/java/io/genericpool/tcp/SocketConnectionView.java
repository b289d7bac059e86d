package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import io.genericpool.support.Nanos;
import io.genericpool.tcp.internal.wire.BlockingConnection;
import io.genericpool.tcp.internal.wire.ViewState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The view with blocking streams. */
final class SocketConnectionView extends ConnectionView<SocketConnection, BlockingConnection>
        implements SocketConnection {
    /** Made when asked for: many a lease needs one of the two, or none. Two of them for one view would do no harm. */
    private @Nullable InputStream input;

    private @Nullable OutputStream output;
    /** 0 for the default. */
    private volatile long readTimeout;

    private SocketConnectionView(BlockingConnection connection, ViewState state) {
        super(connection, state);
    }

    static SocketConnectionView of(BlockingConnection connection) {
        return new SocketConnectionView(connection, ViewState.alwaysOpen());
    }

    @Override
    SocketConnectionView forLease(LeaseScope scope) {
        return new SocketConnectionView(connection, ViewState.of(scope));
    }

    @Override
    void released() {
        connection.afterLease();
    }

    private long timeout() {
        long set = readTimeout;
        return set == 0 ? connection.defaultReadTimeout : set;
    }

    @Override
    public InputStream input() {
        state.check();
        InputStream opened = input;
        if (opened == null) {
            opened = new Input();
            input = opened;
        }
        return opened;
    }

    @Override
    public OutputStream output() {
        state.check();
        OutputStream opened = output;
        if (opened == null) {
            opened = new Output();
            output = opened;
        }
        return opened;
    }

    @Override
    public Duration readTimeout() {
        state.check();
        return Nanos.toDuration(timeout());
    }

    @Override
    public void readTimeout(Duration timeout) {
        state.check();
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
            return connection.read(state, ByteBuffer.wrap(target, offset, length), timeout());
        }

        @Override
        public int available() throws IOException {
            return connection.available(state);
        }

        @Override
        public void close() {
            SocketConnectionView.this.close();
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
            connection.write(state, ByteBuffer.wrap(source, offset, length));
        }

        @Override
        public void close() {
            SocketConnectionView.this.close();
        }
    }
}
