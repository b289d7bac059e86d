package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import io.genericpool.tcp.internal.wire.PhysicalConnection;
import io.genericpool.tcp.internal.wire.ViewState;
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
abstract class ConnectionView<C, P extends PhysicalConnection> {
    final P connection;
    final ViewState state;

    ConnectionView(P connection, ViewState state) {
        this.connection = connection;
        this.state = state;
    }

    /** Another view of the same connection, which ends with a lease. */
    abstract C forLease(LeaseScope scope);

    /** At the release of a lease that has used a view like this; other ends of a lease are followed by the disposal. */
    abstract void released();

    public final SocketAddress localAddress() throws IOException {
        state.check();
        return connection.channel.getLocalAddress();
    }

    public final SocketAddress remoteAddress() throws IOException {
        state.check();
        return connection.channel.getRemoteAddress();
    }

    public final Optional<SSLSession> tlsSession() {
        state.check();
        return connection.link.session();
    }

    public final Optional<String> applicationProtocol() {
        state.check();
        return connection.link.applicationProtocol();
    }

    public final void shutdownOutput() throws IOException {
        connection.shutdownOutput(state);
    }

    public final boolean isOpen() {
        state.check();
        return connection.isOpen();
    }

    public final void close() {
        state.check();
        connection.close();
    }

    @Override
    public final String toString() {
        return state.isClosed() ? "ended lease of a " + connection : connection.toString();
    }
}
