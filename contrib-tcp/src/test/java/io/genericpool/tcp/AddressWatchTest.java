package io.genericpool.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionPool;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.HostResolver;
import io.genericpool.testkit.FakePoolClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A name moves from one loopback address to another one, on which the same port is open: as after a failover. */
@Timeout(60)
class AddressWatchTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final FakePoolClock clock = new FakePoolClock();
    private final Service first = new Service("127.0.0.1", 0);
    private final Service second = new Service("127.0.0.2", first.port());
    private final Names names = new Names();
    private final TcpConnectionManager manager =
            TcpConnectionManager.builder().resolver(names).build();
    private final TcpEndpoint endpoint = TcpEndpoint.of("db.test", first.port());

    /** Knows one address for every name, and when a watch has asked for it. */
    private final class Names implements HostResolver {
        private final AtomicInteger watched = new AtomicInteger();
        private volatile List<InetAddress> answer = List.of(first.address());

        @Override
        public List<InetAddress> resolve(String host) {
            return answer;
        }

        @Override
        public Set<InetAddress> resolveAll(Collection<String> hosts) throws UnknownHostException {
            Set<InetAddress> found = HostResolver.super.resolveAll(hosts);
            watched.incrementAndGet();
            return found;
        }
    }

    /** Accepts connections, and keeps them open. */
    private static final class Service implements AutoCloseable {
        private final ServerSocket server;
        private final List<Socket> accepted = new CopyOnWriteArrayList<>();

        Service(String address, int port) {
            try {
                server = new ServerSocket(port, 50, InetAddress.getByName(address));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            var thread = new Thread(this::accept, "service " + address);
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    accepted.add(server.accept());
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        int port() {
            return server.getLocalPort();
        }

        InetAddress address() {
            return server.getInetAddress();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : accepted) {
                socket.close();
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
    }

    private ConnectionPool<TcpEndpoint, SocketConnection> pool() {
        return ConnectionPools.builder(manager)
                .addressWatch(INTERVAL)
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT)
                .clock(clock)
                .build();
    }

    @Test
    void connectionsFollowANameToItsNewAddress() throws Exception {
        try (var pool = pool()) {
            pool.warmUp(endpoint, 2).get(20, TimeUnit.SECONDS);
            assertThat(pool.stats().idle()).isEqualTo(2);
            await().until(() -> first.accepted.size() == 2);

            await().until(() -> {
                clock.advance(INTERVAL);
                return names.watched.get() >= 3;
            });
            assertThat(pool.stats().idle()).isEqualTo(2);

            names.answer = List.of(second.address());
            await().until(() -> {
                clock.advance(INTERVAL);
                return pool.stats().total() == 0;
            });

            pool.connection(endpoint).release();
            await().until(() -> second.accepted.size() == 1);
            assertThat(first.accepted).hasSize(2);
        }
    }

    @Test
    void theProxysAddressesAreThoseThatCount() throws Exception {
        var through = TcpConnectionManager.builder()
                .resolver(host -> host.equals("proxy.test") ? names.answer : List.of())
                .proxy(SocketProxy.httpConnect(TcpEndpoint.of("proxy.test", 3128)))
                .build();
        assertThat(through.addresses(endpoint)).containsExactly(first.address());
    }

    @Test
    void anAddressHasNoneThatCouldChangeAndAnEmptyAnswerIsAFailure() throws Exception {
        assertThat(manager.addresses(endpoint)).containsExactly(first.address());
        assertThat(manager.addresses(TcpEndpoint.of("127.0.0.1:80"))).isEmpty();
        assertThat(manager.addresses(TcpEndpoint.of("[::1]:80"))).isEmpty();
        names.answer = List.of();
        assertThatThrownBy(() -> manager.addresses(endpoint))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("db.test");
    }

    @Test
    void aUnixSocketHasNoAddressesToWatch() {
        var unix = UnixSocketConnectionManager.builder().build();
        assertThat(unix.hooks().orElse(Set.of())).isNotEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionPools.<Path, SocketConnection>builder(unix)
                        .addressWatch(INTERVAL)
                        .build())
                .withMessageContaining("addressWatch needs a manager");
    }
}
