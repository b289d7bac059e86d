package io.genericpool.tcp.internal.connect;

import io.genericpool.tcp.internal.wire.BlockingConnection;
import io.genericpool.tcp.internal.wire.Link;
import io.genericpool.tcp.internal.wire.SelectorWatch;
import io.genericpool.tcp.internal.wire.Wire;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** Ends in a connection with blocking streams, of which the loop knows nothing more. */
public final class BlockingDialer<E, C> extends Dialer<E, C> {
    private final long readTimeout;
    private final Function<BlockingConnection, C> view;

    /**
     * Makes connections whose reads and writes wait.
     *
     * @param readTimeout how long a read waits unless told otherwise
     * @param view what users see of a connection
     */
    public BlockingDialer(ConnectSettings<E> settings, long readTimeout, Function<BlockingConnection, C> view) {
        super(settings);
        this.readTimeout = readTimeout;
        this.view = view;
    }

    @Override
    Ending<C> ending(E endpoint, SelectorWatch watch) throws IOException {
        Wire wire = Wire.of(watch.channel(), transport.isUnix());
        return new Ending<>() {
            @Override
            public ByteChannel wire() {
                return wire;
            }

            @Override
            public C connect(@Nullable TlsChannel tls) throws IOException {
                watch.detach();
                wire.setWaits(true);
                return view.apply(new BlockingConnection(endpoint, wire, new Link(wire, tls), readTimeout));
            }
        };
    }
}
