package io.genericpool.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * A connected socket with blocking streams: what a lease of a {@link TcpConnectionManager}, {@link TlsConnectionManager} or
 * {@link UnixSocketConnectionManager} gives.
 *
 * <p><b>Leases.</b> It is a view for one lease (unless the manager was told otherwise by {@code leaseViews(false)}): once
 * the lease has ended, its methods and streams throw {@link IllegalStateException}. A call that is still in its streams at
 * that moment ends with an {@link IOException}, and the connection is discarded, as nobody knows what it has read or
 * written. What a wrapper such as a {@code BufferedReader} has read ahead is lost to the next lease; what was not read
 * waits for it, see {@link UnreadData}.
 *
 * <p><b>Death.</b> The end of the stream, an error other than a timeout, {@link #close()} and {@link #shutdownOutput()} make
 * the pool discard the connection at its release, if not earlier.
 *
 * <p><b>Threads.</b> One thread may read while another one writes; further ones wait for their turn. Interrupting a thread
 * that waits in a stream closes the connection, with a {@link java.nio.channels.ClosedByInterruptException}.
 */
public interface SocketConnection {
    /**
     * The stream of what the peer sends. A read waits up to {@link #readTimeout()} and then throws a
     * {@link java.net.SocketTimeoutException}, with nothing lost: it may be repeated. Over TLS, an end without the peer's
     * close_notify is an {@link javax.net.ssl.SSLException} instead of an end of the stream, as data may have been cut off.
     *
     * @return the same at each call; closing it closes the connection
     */
    InputStream input();

    /**
     * The stream to the peer. It is not buffered: each write goes to the socket, and returns when the system has taken all
     * of it. Writes have no timeout.
     *
     * @return the same at each call; closing it closes the connection
     */
    OutputStream output();

    /**
     * How long a read may wait.
     *
     * @return the time, or {@link io.genericpool.PoolConfig#NO_LIMIT}
     */
    Duration readTimeout();

    /**
     * Sets how long each following read may wait. Each lease begins with what the manager was built with.
     *
     * @param timeout more than zero, rounded up to milliseconds; {@link io.genericpool.PoolConfig#NO_LIMIT} for ever
     * @throws IllegalArgumentException when it is not more than zero
     */
    void readTimeout(Duration timeout);

    /**
     * The address of this end.
     *
     * @return the address
     * @throws IOException when the connection is closed
     */
    SocketAddress localAddress() throws IOException;

    /**
     * The address of the other end; the proxy's when there is one.
     *
     * @return the address
     * @throws IOException when the connection is closed
     */
    SocketAddress remoteAddress() throws IOException;

    /**
     * What TLS has agreed on: protocol, cipher suite, certificates.
     *
     * @return the session; empty without TLS
     */
    Optional<SSLSession> tlsSession();

    /**
     * The application protocol that the server has chosen by ALPN.
     *
     * @return the protocol; empty when it has chosen none, or without TLS
     */
    Optional<String> applicationProtocol();

    /**
     * Tells the peer that nothing more will be written (over TLS, by a close_notify too); what it sends can still be read,
     * without TLS. The connection is discarded at the release.
     *
     * @throws IOException when it fails
     */
    void shutdownOutput() throws IOException;

    /**
     * Whether the connection can be used as far as is known without asking the network.
     *
     * @return false once it was closed, or a read or write has found its end
     */
    boolean isOpen();

    /** Closes the connection: calls that wait in its streams end with an {@link IOException}. */
    void close();
}
