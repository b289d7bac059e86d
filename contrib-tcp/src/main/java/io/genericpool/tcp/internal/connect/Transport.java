package io.genericpool.tcp.internal.connect;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tlschannel.TlsChannel;

/** What the connects of one manager need to know about its kind of sockets. */
public interface Transport<E> {
    /**
     * Finds out where to connect to.
     *
     * @param timeout how long the connect may take
     * @return at least one target, each once, the most wanted first
     * @throws IllegalArgumentException when the endpoint cannot be one
     */
    public CompletableFuture<List<Target>> targets(E endpoint, long timeout);

    /** Opens a socket with its options set. */
    public SocketChannel open(Target target) throws IOException;

    /** What follows a connect, up to TLS: a proxy's handshake, or null. */
    @Nullable
    public Step tunnel(SocketChannel channel, E endpoint);

    /** TLS over a socket, or null. */
    @Nullable
    public TlsChannel tls(ByteChannel wire, E endpoint);

    public boolean isUnix();

    /** Whether {@link #tunnel} and {@link #tls} call users' code, which may take its time. */
    public boolean asksUsers();

    /** How several targets are tried. */
    public Pace pace();

    /** An endpoint's name in messages. */
    default String label(E endpoint) {
        return endpoint.toString();
    }
}
