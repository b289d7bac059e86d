package io.genericpool.tcp;

import io.genericpool.spi.PoolClock;
import io.genericpool.tcp.internal.wire.IoLoop;
import io.genericpool.tcp.internal.wire.Link;
import io.genericpool.tcp.internal.wire.NonBlockingConnection;
import io.genericpool.tcp.internal.wire.SelectorWatch;
import java.nio.channels.ByteChannel;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** Ends in a connection that stays with the loop. */
final class NonBlockingDialer<E> extends Dialer<E, AsyncSocketConnection> {
    NonBlockingDialer(Transport<E> transport, IoLoop loop, Executor executor, PoolClock clock) {
        super(transport, loop, executor, clock);
    }

    @Override
    Ending<AsyncSocketConnection> ending(E endpoint, SelectorWatch watch) {
        return new Ending<>() {
            @Override
            public ByteChannel wire() {
                return watch.channel();
            }

            @Override
            public AsyncSocketConnection connect(@Nullable TlsChannel tls) {
                var connection = new NonBlockingConnection(endpoint, watch, new Link(watch.channel(), tls), executor);
                connection.start();
                return AsyncSocketConnectionView.of(connection);
            }
        };
    }
}
