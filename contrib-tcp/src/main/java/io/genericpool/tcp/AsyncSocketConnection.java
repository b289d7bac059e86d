package io.genericpool.tcp;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousByteChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSession;

/**
 * A connected socket whose reads and writes block no thread. The leases of an {@link AsyncSocketConnectionManager} hold
 * such connections. Code written for an {@link AsynchronousByteChannel} can use it, too.
 *
 * <p><b>Leases.</b> The connection is a view for one lease, unless the manager was built with
 * {@code leaseViews(false)}. Once the lease has ended, the view's methods throw {@link IllegalStateException}. A read
 * that waits at that moment fails with the same exception and loses no data. A write that waits fails, and the pool
 * discards the connection. Unread data waits for the next lease; see {@link UnreadData}.
 *
 * <p><b>Cancelling.</b> A read that is cancelled, or completed from outside (for example by {@code orTimeout}), is
 * withdrawn. The next read receives the bytes that arrive later. A write is withdrawn, too. If part of it was already
 * written, the pool discards the connection.
 *
 * <p><b>Death.</b> The pool learns at once that the peer has closed or reset the connection, during a lease and between
 * two leases. The exception is a connection with more than 4 KiB of unread data. {@link #close()} and
 * {@link #shutdownOutput()} make the pool discard the connection.
 *
 * <p><b>Threads.</b> Any thread may call all methods, and no method waits. The manager's executor completes all
 * handlers, and all futures that are not completed at once. One read and one write may be in progress at the same time.
 */
public interface AsyncSocketConnection extends AsynchronousByteChannel {
    /**
     * Reads the available bytes, at least one.
     *
     * @param target the buffer to fill; not to be used before the future is completed
     * @return the number of bytes read, -1 at the end of the stream, 0 when the target has no room. The future fails
     *     with an {@link IOException}, also when TLS ends without close_notify, because data may be missing
     * @throws java.nio.channels.ReadPendingException when another read is waiting
     */
    @Override
    CompletableFuture<Integer> read(ByteBuffer target);

    /**
     * Writes all bytes of a buffer.
     *
     * @param source the bytes to write; not to be used before the future is completed
     * @return the number of bytes written, always all of them, once the system has taken them. The future fails with an
     *     {@link IOException}
     * @throws java.nio.channels.WritePendingException when another write is waiting
     */
    @Override
    CompletableFuture<Integer> write(ByteBuffer source);

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
     * Tells the peer that no more data will be written. Without TLS, data from the peer can still be read. The pool
     * discards the connection at its release.
     *
     * @throws IOException when the shutdown fails
     * @throws java.nio.channels.WritePendingException when a write is waiting
     */
    void shutdownOutput() throws IOException;

    /**
     * Tells whether the connection is usable, as far as is known.
     *
     * @return false once it was closed, or its end was detected
     */
    @Override
    boolean isOpen();

    /** Closes the connection. A waiting read or write fails. */
    @Override
    void close();
}
