package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * A connection as its users see it: for one lease, or for ever.
 *
 * @param <C> what users see
 * @param <P> what is behind it
 */
abstract class Face<C, P extends PhysicalConnection> {
    final P connection;
    final Gate gate;

    Face(P connection, Gate gate) {
        this.connection = connection;
        this.gate = gate;
    }

    /** Another face of the same connection, which ends with a lease. */
    abstract C forLease(LeaseScope scope);

    /** At the end of the lease that this is for. */
    final void end() {
        gate.close();
        connection.afterLease();
    }

    public final SocketAddress localAddress() throws IOException {
        gate.check();
        return connection.channel.getLocalAddress();
    }

    public final SocketAddress remoteAddress() throws IOException {
        gate.check();
        return connection.channel.getRemoteAddress();
    }

    public final Optional<SSLSession> tlsSession() {
        gate.check();
        return connection.link.session();
    }

    public final Optional<String> applicationProtocol() {
        gate.check();
        return connection.link.applicationProtocol();
    }

    public final void shutdownOutput() throws IOException {
        connection.shutdownOutput(gate);
    }

    public final boolean isOpen() {
        gate.check();
        return connection.isOpen();
    }

    public final void close() {
        gate.check();
        connection.close();
    }

    @Override
    public final String toString() {
        return gate.isClosed() ? "ended lease of a " + connection : connection.toString();
    }
}
