package io.genericpool.tcp;

import com.google.common.net.HostAndPort;
import io.genericpool.spi.ConnectionManager;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class TlsManagerContractTest extends BlockingContract<HostAndPort> {
    private static final Certificates CERTIFICATES = new Certificates();

    private final TlsConnectionManager manager =
            TlsConnectionManager.builder().sslContext(CERTIFICATES.client()).build();
    private Peer server;
    private Peer silent;

    @BeforeEach
    void start() throws Exception {
        server = Peer.tls(CERTIFICATES.server(), Peer::echo);
        silent = Peer.tcp(Peer::hold);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        silent.close();
    }

    @Override
    Peer server() {
        return server;
    }

    @Override
    protected ConnectionManager<HostAndPort, SocketConnection> manager() {
        return manager;
    }

    @Override
    protected HostAndPort endpoint() {
        return server.endpoint();
    }

    @Override
    protected Optional<HostAndPort> unreachableEndpoint() {
        return Optional.of(Refused.endpoint());
    }

    /** Accepts, and never answers the handshake. */
    @Override
    protected Optional<HostAndPort> silentEndpoint() {
        return Optional.of(silent.endpoint());
    }
}
