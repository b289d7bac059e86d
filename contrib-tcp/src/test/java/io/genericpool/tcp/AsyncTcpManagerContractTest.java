package io.genericpool.tcp;

import com.google.common.net.HostAndPort;
import io.genericpool.spi.ConnectionManager;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class AsyncTcpManagerContractTest extends AsyncContract<HostAndPort> {
    private final AsyncSocketConnectionManager<HostAndPort> manager =
            TcpConnectionManager.builder().buildAsync();
    private Peer server;
    private Refused.FullBacklog silent;

    @BeforeEach
    void start() throws Exception {
        server = Peer.tcp(Peer::echo);
        silent = new Refused.FullBacklog();
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
    protected ConnectionManager<HostAndPort, AsyncSocketConnection> manager() {
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

    @Override
    protected Optional<HostAndPort> silentEndpoint() {
        return Optional.of(silent.endpoint());
    }
}
