package io.genericpool.tcp.internal.connect;

import io.genericpool.tcp.internal.wire.Link;
import io.genericpool.tcp.internal.wire.NonBlockingConnection;
import io.genericpool.tcp.internal.wire.SelectorWatch;
import java.nio.channels.ByteChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** Ends in a connection that stays with the loop. */
public final class NonBlockingDialer<E, C> extends Dialer<E, C> {
    private final Function<NonBlockingConnection, C> view;

    /**
     * Makes connections whose reads and writes hold no thread.
     *
     * @param view what users see of a connection
     */
    public NonBlockingDialer(ConnectSettings<E> settings, Function<NonBlockingConnection, C> view) {
        super(settings);
        this.view = view;
    }

    @Override
    Ending<C> ending(E endpoint, SelectorWatch watch) {
        return new Ending<>() {
            @Override
            public ByteChannel wire() {
                return watch.channel();
            }

            @Override
            public C connect(@Nullable TlsChannel tls) {
                var connection = new NonBlockingConnection(endpoint, watch, new Link(watch.channel(), tls), executor);
                connection.start();
                return view.apply(connection);
            }
        };
    }
}
