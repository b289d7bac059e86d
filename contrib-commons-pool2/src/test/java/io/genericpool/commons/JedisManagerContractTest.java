package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import io.genericpool.testkit.RefusingPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;

/** The testkit's suite for managers, over the factory that Jedis brings along and a real Redis. */
class JedisManagerContractTest extends ConnectionManagerContract<HostAndPort, Connection> {
    /** A factory is not told how long it may take, so its own timeouts are set. */
    private static final JedisClientConfig CONFIG = DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(400)
            .socketTimeoutMillis(400)
            .build();

    private static Redis redis;

    private final FactoryConnectionManager<HostAndPort, Connection> manager =
            FactoryConnectionManager.ofEach(endpoint -> new ConnectionFactory(endpoint, CONFIG));
    private final RefusingPort refusing = new RefusingPort();
    private ServerSocket silent;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = Redis.start();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @BeforeEach
    void listen() throws IOException {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void listenNoMore() throws IOException {
        silent.close();
        refusing.close();
    }

    @Override
    protected ConnectionManager<HostAndPort, Connection> manager() {
        return manager;
    }

    @Override
    protected HostAndPort endpoint() {
        return redis.endpoint();
    }

    @Override
    protected void use(Connection connection) {
        assertThat(connection.ping()).isTrue();
    }

    @Override
    protected Optional<HostAndPort> unreachableEndpoint() {
        return Optional.of(new HostAndPort("127.0.0.1", refusing.number()));
    }

    @Override
    protected Optional<HostAndPort> silentEndpoint() {
        return Optional.of(new HostAndPort("127.0.0.1", silent.getLocalPort()));
    }

    @Override
    protected boolean leavesNoThreads() {
        return true;
    }

    @Override
    protected boolean honoursInterrupts() {
        return false; // reads of a socket cannot be interrupted
    }

    @Override
    protected boolean breakFromServer(Connection connection) throws Exception {
        connection.sendCommand(Protocol.Command.CLIENT, "ID");
        String id = String.valueOf(connection.getIntegerReply());
        try (var killer = new Connection(redis.endpoint(), CONFIG)) {
            killer.sendCommand(Protocol.Command.CLIENT, "KILL", "ID", id);
            assertThat(killer.getIntegerReply()).isEqualTo(1);
            await().until(() -> {
                killer.sendCommand(Protocol.Command.CLIENT, "LIST", "ID", id);
                return killer.getBulkReply().isEmpty();
            });
        }
        return true;
    }
}
