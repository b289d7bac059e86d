package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.core.ConnectionPools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.commons.pool2.ObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.ClientKillParams;

/** A third party's own factory, unchanged, with its real server. */
@Timeout(120)
class JedisTest {
    private static final JedisClientConfig CONFIG =
            DefaultJedisClientConfig.builder().timeoutMillis(5_000).build();

    private Redis one;
    private Redis other;
    private ConnectionPool<HostAndPort, Connection> pool;

    @BeforeEach
    void start() throws Exception {
        one = Redis.start();
        other = Redis.start();
        pool = ConnectionPools.builder(FactoryConnectionManager.<HostAndPort, Connection>ofEach(
                        endpoint -> new ConnectionFactory(endpoint, CONFIG)))
                .maxSize(4)
                .totalMaxSize(8)
                .alivenessBypass(Duration.ZERO)
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        pool.close();
        one.close();
        other.close();
    }

    @Test
    void onePoolServesManyThreadsAndTwoServers() throws Exception {
        var executor = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                String mine = "key " + t;
                all.add(CompletableFuture.runAsync(() -> writeAndRead(mine), executor));
            }
            for (var each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(pool.stats().created()).as("connections for 1,600 leases").isBetween(2L, 8L);
        assertThat(pool.stats().leased()).isZero();
        assertThat(clientsOf(one)).isLessThanOrEqualTo(4);
    }

    private void writeAndRead(String key) {
        for (int i = 0; i < 50; i++) {
            String value = key + " " + i;
            for (var endpoint : List.of(one.endpoint(), other.endpoint())) {
                String onServer = endpoint.getPort() + " " + value;
                pool.use(endpoint, connection -> new Jedis(connection).set(key, onServer));
                assertThat(pool.<String, RuntimeException>use(endpoint, connection -> new Jedis(connection).get(key)))
                        .isEqualTo(onServer);
            }
        }
    }

    /** Connections the server has, without the one that asks. */
    private static int clientsOf(Redis redis) {
        try (var jedis = new Jedis(redis.endpoint(), CONFIG)) {
            return (int) jedis.clientList().lines().count() - 1;
        }
    }

    @Test
    void aConnectionTheServerHasCutIsReplacedBeforeItIsLent() {
        pool.connection(one.endpoint()).release();
        try (var killer = new Jedis(one.endpoint(), CONFIG)) {
            killer.clientKill(new ClientKillParams().skipMe(ClientKillParams.SkipMe.YES));
        }
        assertThat(pool.<Boolean, RuntimeException>use(one.endpoint(), Connection::ping))
                .isTrue();
        assertThat(pool.stats().created()).isEqualTo(2);
        await().until(() -> pool.stats().disposed(DisposeReason.DEAD) == 1);
    }

    @Test
    void aServerThatIsDownFailsItsOwnCallersOnly() throws Exception {
        pool.connection(one.endpoint()).release();
        one.close();
        assertThatThrownBy(() -> pool.connection(one.endpoint()))
                .isInstanceOf(ConnectionCreateException.class)
                .hasCauseInstanceOf(JedisConnectionException.class);
        assertThat(pool.<Boolean, RuntimeException>use(other.endpoint(), Connection::ping))
                .isTrue();
    }

    @Test
    void closingThePoolClosesTheConnectionsAtTheServer() {
        pool.warmUp(one.endpoint(), 3).join();
        assertThat(clientsOf(one)).isEqualTo(3);
        pool.close();
        await().until(() -> clientsOf(one) == 0);
    }

    @Test
    void codeThatWasWrittenToObjectPoolRunsUnchanged() throws Exception {
        var config = new GenericObjectPoolConfig<Connection>();
        config.setMaxTotal(2);
        config.setTestOnBorrow(true);
        try (ObjectPool<Connection> objects =
                CommonsPools.objectPool(new ConnectionFactory(one.endpoint(), CONFIG), config)) {
            assertThat(increment(objects)).isEqualTo(1);
            assertThat(increment(objects)).isEqualTo(2);
            assertThat(objects.getNumIdle()).isEqualTo(1);
            try (var killer = new Jedis(one.endpoint(), CONFIG)) {
                killer.clientKill(new ClientKillParams().skipMe(ClientKillParams.SkipMe.YES));
            }
            assertThat(increment(objects)).isEqualTo(3);
        }
        await().until(() -> clientsOf(one) == 0);
    }

    /** As the documentation of Commons Pool 2 shows it. */
    private static long increment(ObjectPool<Connection> pool) throws Exception {
        Connection connection = pool.borrowObject();
        try {
            return new Jedis(connection).incr("count");
        } catch (Exception e) {
            pool.invalidateObject(connection);
            connection = null;
            throw e;
        } finally {
            if (connection != null) {
                pool.returnObject(connection);
            }
        }
    }
}
