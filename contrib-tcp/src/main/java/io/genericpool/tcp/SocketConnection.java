package io.genericpool.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * A connected socket with blocking streams. The leases of a {@link TcpConnectionManager}, {@link TlsConnectionManager}
 * or {@link UnixSocketConnectionManager} hold such connections.
 *
 * <p><b>Leases.</b> The connection is a view for one lease, unless the manager was built with
 * {@code leaseViews(false)}. Once the lease has ended, the view's methods and streams throw
 * {@link IllegalStateException}. A stream call in progress at that moment ends with an {@link IOException}. The pool
 * then discards the connection, because it is unknown what the call has read or written.
 *
 * <p>Data that a wrapper such as a {@code BufferedReader} has read ahead is lost to the next lease. Unread data waits
 * for the next lease; see {@link UnreadData}.
 *
 * <p><b>Death.</b> The pool discards the connection after the end of the stream, an error other than a timeout,
 * {@link #close()} or {@link #shutdownOutput()}. It does so at the release at the latest.
 *
 * <p><b>Threads.</b> One thread may read while another one writes. Further threads wait for their turn. Interrupting a
 * thread that waits in a stream closes the connection, with a {@link java.nio.channels.ClosedByInterruptException}.
 */
public interface SocketConnection {
    /**
     * Returns the stream of incoming data. A read waits up to {@link #readTimeout()} and then throws a
     * {@link java.net.SocketTimeoutException}. It loses no data and can be repeated. When TLS ends without the peer's
     * close_notify, a read throws {@link javax.net.ssl.SSLException} instead of returning the end of the stream,
     * because data may be missing.
     *
     * @return the stream, the same at each call; closing it closes the connection
     */
    InputStream input();

    /**
     * Returns the stream of outgoing data. It has no buffer. Each write goes to the socket and returns when the system
     * has taken all bytes. Writes have no timeout.
     *
     * @return the stream, the same at each call; closing it closes the connection
     */
    OutputStream output();

    /**
     * Returns the maximum time a read may wait.
     *
     * @return the time, or {@link io.genericpool.PoolConfig#NO_LIMIT}
     */
    Duration readTimeout();

    /**
     * Sets the maximum time of each following read. Each lease starts with the timeout that the manager was built with.
     *
     * @param timeout more than zero, rounded up to milliseconds; {@link io.genericpool.PoolConfig#NO_LIMIT} for no
     *     limit
     * @throws IllegalArgumentException when the timeout is zero or negative
     */
    void readTimeout(Duration timeout);

    /**
     * Returns the local address.
     *
     * @return the address
     * @throws IOException when the connection is closed
     */
    SocketAddress localAddress() throws IOException;

    /**
     * Returns the remote address. With a proxy, this is the proxy's address.
     *
     * @return the address
     * @throws IOException when the connection is closed
     */
    SocketAddress remoteAddress() throws IOException;

    /**
     * Returns the TLS session with the negotiated protocol, cipher suite and certificates.
     *
     * @return the session; empty without TLS
     */
    Optional<SSLSession> tlsSession();

    /**
     * Returns the application protocol that the server chose by ALPN.
     *
     * @return the protocol; empty when the server chose none, or without TLS
     */
    Optional<String> applicationProtocol();

    /**
     * Tells the peer that no more data will be written, over TLS also by a close_notify. Without TLS, data from the
     * peer can still be read. The pool discards the connection at its release.
     *
     * @throws IOException when the shutdown fails
     */
    void shutdownOutput() throws IOException;

    /**
     * Tells whether the connection is usable, as far as is known without network access.
     *
     * @return false once it was closed, or a read or write has reached its end
     */
    boolean isOpen();

    /** Closes the connection. Calls that wait in its streams end with an {@link IOException}. */
    void close();
}
