package io.genericpool.tcp;

import io.genericpool.spi.PoolClock;
import io.genericpool.tcp.internal.wire.BlockingConnection;
import io.genericpool.tcp.internal.wire.IoLoop;
import io.genericpool.tcp.internal.wire.Link;
import io.genericpool.tcp.internal.wire.SelectorWatch;
import io.genericpool.tcp.internal.wire.Wire;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** Ends in a connection with blocking streams, of which the loop knows nothing more. */
final class BlockingDialer<E> extends Dialer<E, SocketConnection> {
    private final long readTimeout;

    BlockingDialer(Transport<E> transport, IoLoop loop, Executor executor, PoolClock clock, long readTimeout) {
        super(transport, loop, executor, clock);
        this.readTimeout = readTimeout;
    }

    @Override
    Ending<SocketConnection> ending(E endpoint, SelectorWatch watch) throws IOException {
        Wire wire = Wire.of(watch.channel(), transport.isUnix());
        return new Ending<>() {
            @Override
            public ByteChannel wire() {
                return wire;
            }

            @Override
            public SocketConnection connect(@Nullable TlsChannel tls) throws IOException {
                watch.detach();
                wire.setWaits(true);
                return SocketConnectionView.of(new BlockingConnection(endpoint, wire, new Link(wire, tls), readTimeout));
            }
        };
    }
}
