package io.genericpool.tcp;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousByteChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSession;

/**
 * A connected socket whose reads and writes hold no thread: what a lease of an {@link AsyncSocketConnectionManager} gives.
 * As an {@link AsynchronousByteChannel} it also serves whatever is written for those.
 *
 * <p><b>Leases.</b> It is a view for one lease (unless the manager was told otherwise by {@code leaseViews(false)}): once
 * the lease has ended, its methods throw {@link IllegalStateException}. A read that waits at that moment fails with one too
 * and loses nothing; a write that waits fails and costs the connection. What was not read waits for the next lease, see
 * {@link UnreadData}.
 *
 * <p><b>Cancelling.</b> A read that is cancelled, or completed from outside (by {@code orTimeout}, say), is withdrawn: bytes
 * that come later are the next read's. A write is withdrawn too, but costs the connection when part of it was written.
 *
 * <p><b>Death.</b> The pool learns at once, in a lease and between two, that the peer has closed or reset the connection,
 * unless more than 4 KiB that nobody has read are in front of it. {@link #close()} and {@link #shutdownOutput()} make the
 * pool discard the connection.
 *
 * <p><b>Threads.</b> All methods may be called from any thread and never wait. Futures that are not completed at once, and
 * all handlers, are completed on the manager's executor. One read and one write may be under way at once.
 */
public interface AsyncSocketConnection extends AsynchronousByteChannel {
    /**
     * Reads what there is, at least one byte.
     *
     * @param target where to; not to be touched before the future is completed
     * @return the number of bytes read, -1 at the end of the stream, 0 when the target has no room; fails with an
     *     {@link IOException}, also at an end without close_notify over TLS, as data may have been cut off
     * @throws java.nio.channels.ReadPendingException when another read waits
     */
    @Override
    CompletableFuture<Integer> read(ByteBuffer target);

    /**
     * Writes all of a buffer.
     *
     * @param source what to write; not to be touched before the future is completed
     * @return the number of bytes written, which is all there were, once the system has taken them; fails with an
     *     {@link IOException}
     * @throws java.nio.channels.WritePendingException when another write waits
     */
    @Override
    CompletableFuture<Integer> write(ByteBuffer source);

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
     * Tells the peer that nothing more will be written; what it sends can still be read, without TLS. The connection is
     * discarded at the release.
     *
     * @throws IOException when it fails
     * @throws java.nio.channels.WritePendingException when a write waits
     */
    void shutdownOutput() throws IOException;

    /**
     * Whether the connection can be used as far as is known.
     *
     * @return false once it was closed, or its end was found
     */
    @Override
    boolean isOpen();

    /** Closes the connection; a read or write that waits fails. */
    @Override
    void close();
}
