package io.genericpool.tcp;

import io.genericpool.support.Nanos;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** What the connects of one manager need to know about its kind of sockets. */
interface Transport<E> {
    /**
     * Finds out where to connect to.
     *
     * @return at least one target, in the order in which they shall be tried
     * @throws IllegalArgumentException when the endpoint cannot be one
     */
    CompletableFuture<List<Target>> targets(E endpoint);

    /** Opens a socket with its options set. */
    SocketChannel open(Target target) throws IOException;

    /** What follows a connect, up to TLS: a proxy's handshake, or null. */
    @Nullable
    Step tunnel(SocketChannel channel, E endpoint);

    /** TLS over a socket, or null. */
    @Nullable
    TlsChannel tls(ByteChannel wire, E endpoint);

    boolean isUnix();

    /** How long one of several targets may take; {@link Nanos#FOREVER} for its share of the time that is left. */
    long attemptTimeout();
}
