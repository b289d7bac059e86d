package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.PoolConfig;
import io.genericpool.testkit.FakePoolClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressWatchTest extends WithServer {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final AtomicInteger lookups = new AtomicInteger();
    private volatile List<InetAddress> answer;

    private static InetAddress loopback(int last) throws UnknownHostException {
        return InetAddress.getByAddress("watched.test", new byte[] {127, 0, 0, (byte) last});
    }

    @Test
    void theConnectionsOfAServerThatHasMovedLeaveThePool() throws Exception {
        answer = List.of(loopback(1));
        var clock = new FakePoolClock();
        String uri = "ws://watched.test:" + server.endpoint("/").port() + "/a";
        try (var pool = WebSocketPool.builder()
                .addressWatch(INTERVAL)
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT)
                .connections(knobs -> knobs.customizeClient(client -> client.dns(host -> {
                    List<InetAddress> found = answer;
                    lookups.incrementAndGet();
                    return found;
                })))
                .pool(knobs -> knobs.clock(clock))
                .build()) {
            pool.connection(uri).release();
            await().until(() -> pool.stats().idle() == 1);
            await().until(() -> lookups.get() == 2); // that of the connection, and the first one of the watch

            answer = List.of(loopback(1), loopback(2));
            await().until(() -> {
                clock.advance(INTERVAL);
                return pool.stats().total() == 0;
            });
            try (var lease = pool.connection(uri)) {
                lease.connection().send("x");
                assertThat(lease.connection().receive(Managed.SOON).text()).isEqualTo("/a|x");
            }
            assertThat(pool.stats().created()).isEqualTo(2);
        }
    }

    @Test
    void anAddressAndAServerBehindAProxyHaveNoneToWatch() throws Exception {
        answer = List.of(loopback(1));
        try (var direct = WebSocketConnectionManager.builder()
                        .customizeClient(client -> client.dns(host -> answer))
                        .build();
                var proxied = WebSocketConnectionManager.builder()
                        .customizeClient(client -> client.dns(host -> answer)
                                .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 9))))
                        .build()) {
            var named = WebSocketEndpoint.of("ws://watched.test/a");
            assertThat(direct.addresses(named)).isEqualTo(Set.copyOf(answer));
            assertThat(direct.addresses(WebSocketEndpoint.of("ws://127.0.0.1/a")))
                    .isEmpty();
            assertThat(direct.addresses(WebSocketEndpoint.of("ws://[::1]/a"))).isEmpty();
            assertThat(proxied.addresses(named)).isEmpty();
        }
    }
}
