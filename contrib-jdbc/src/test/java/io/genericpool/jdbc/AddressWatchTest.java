package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.testkit.FakePoolClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressWatchTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Map<String, List<InetAddress>> hosts = new ConcurrentHashMap<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private void moves(String host, int last) throws UnknownHostException {
        hosts.put(host, List.of(InetAddress.getByName("192.0.2." + last)));
    }

    private List<InetAddress> resolve(String host) throws UnknownHostException {
        List<InetAddress> found = hosts.get(host);
        asked.add(host);
        if (found == null) {
            throw new UnknownHostException(host);
        }
        return found;
    }

    @Test
    void theConnectionsOfADatabaseThatHasMovedLeaveThePool() throws Exception {
        moves("one.test", 1);
        moves("two.test", 2);
        var clock = new FakePoolClock();
        try (var pool = JdbcPool.builder()
                .endpoint("one", JdbcEndpoint.dataSource(H2.source("one")).watchedHosts("one.test"))
                .endpoint("two", JdbcEndpoint.dataSource(H2.source("two")).watchedHosts("two.test"))
                .addressWatch(INTERVAL)
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT)
                .connections(knobs -> knobs.resolver(this::resolve))
                .pool(knobs -> knobs.clock(clock))
                .build()) {
            pool.warmUp("one", 2).get(20, TimeUnit.SECONDS);
            pool.warmUp("two", 1).get(20, TimeUnit.SECONDS);
            await().until(() -> asked.containsAll(hosts.keySet())); // from now on a change is noticed
            moves("one.test", 9);
            await().until(() -> {
                clock.advance(INTERVAL);
                return pool.stats().disposed(DisposeReason.EVICTED) == 2; // a disposal counts when it has ended
            });
            assertThat(pool.stats("two").orElseThrow().idle()).isOne();
            assertThat(pool.<Boolean, Exception>use("one", connection -> connection.isValid(1)))
                    .isTrue();
        }
    }

    @Test
    void allHostsOfAUrlCountAndAddressesDoNot() throws Exception {
        moves("db1", 1);
        moves("db2", 2);
        try (var manager = JdbcConnectionManager.builder()
                .endpoint("several", JdbcEndpoint.url("jdbc:postgresql://db1,db2:5433,192.0.2.7/shop"))
                .endpoint("fixed", JdbcEndpoint.url("jdbc:postgresql://192.0.2.7,[2001:db8::1]/shop"))
                .endpoint("none", JdbcEndpoint.url("jdbc:postgresql://db1/shop").watchedHosts())
                .endpoint("source", JdbcEndpoint.dataSource(H2.source("source")))
                .endpoint("lost", JdbcEndpoint.url("jdbc:postgresql://db1,nosuch/shop"))
                .resolver(this::resolve)
                .build()) {
            assertThat(manager.addresses("several"))
                    .containsExactlyInAnyOrder(InetAddress.getByName("192.0.2.1"), InetAddress.getByName("192.0.2.2"));
            assertThat(manager.addresses("fixed")).isEmpty();
            assertThat(manager.addresses("none")).isEmpty();
            assertThat(manager.addresses("source")).isEmpty();
            assertThatThrownBy(() -> manager.addresses("lost")).isInstanceOf(UnknownHostException.class);
        }
    }
}
