package io.genericpool.tcp;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** Makes the connections of one manager. */
abstract class Dialer<E, C> {
    final Transport<E> transport;
    final IoLoop loop;
    final Executor executor;

    Dialer(Transport<E> transport, IoLoop loop, Executor executor) {
        this.transport = transport;
        this.loop = loop;
        this.executor = executor;
    }

    /** Connects. @return fails at the latest after the timeout; cancelling it gives the connect up */
    final CompletableFuture<C> dial(E endpoint, long timeoutNanos) {
        return new Dial<>(this, endpoint, timeoutNanos).start();
    }

    /** What a connected socket is made into. */
    abstract Ending<C> ending(E endpoint, Watch watch) throws IOException;

    /** A connection that is being made: first the bytes to shake hands over, then the connection. */
    interface Ending<C> {
        /** Does not wait before the connection is made. */
        ByteChannel wire();

        C connect(@Nullable TlsChannel tls) throws IOException;
    }
}
