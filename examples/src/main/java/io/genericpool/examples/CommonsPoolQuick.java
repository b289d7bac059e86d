package io.genericpool.examples;

import io.genericpool.ConnectionPool;
import io.genericpool.commons.CommonsPools;
import io.genericpool.commons.FactoryConnectionManager;
import io.genericpool.core.ConnectionPools;
import io.genericpool.examples.watch.Consoled;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.pool2.KeyedObjectPool;
import org.apache.commons.pool2.ObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.embedded.RedisServer;

/** Commons Pool 2, both ways, as docs/commons-pool2.md shows it: with Redis, by the factory that Jedis brings along. */
final class CommonsPoolQuick {
    private static final JedisClientConfig CLIENT =
            DefaultJedisClientConfig.builder().timeoutMillis(5_000).build();

    private CommonsPoolQuick() {}

    /** Uses the servers whose {@code host:port} are given, or two that it starts itself. */
    public static void main(String[] args) throws Exception {
        boolean console = Consoled.isAsked(args);
        String[] servers = Consoled.others(args);
        if (servers.length > 0) {
            run(console, Stream.of(servers).map(HostAndPort::from).toList(), System.out);
            return;
        }
        RedisServer one = redis();
        RedisServer other = redis();
        try {
            run(console, List.of(endpoint(one), endpoint(other)), System.out);
        } finally {
            one.stop();
            other.stop();
        }
    }

    static void run(boolean console, List<HostAndPort> servers, PrintStream out) throws Exception {
        var manager = manager(CLIENT);
        try (var pool = pool(manager)) {
            for (int i = 0; i < 100; i++) {
                visit(pool, servers.get(i % servers.size()));
            }
            for (HostAndPort server : servers) {
                out.println(server.getPort() + ": " + visit(CommonsPools.keyedObjectPool(pool, manager), server)
                        + " visits over "
                        + pool.stats(server).orElseThrow().created() + " connection");
            }
            Consoled.show(console, pool);
        }
        try (ObjectPool<Connection> pool = pool(servers.get(0), CLIENT)) {
            pool.addObjects(3);
            out.println(pool.getNumIdle() + " idle in a pool of one server");
        }
    }

    // ---- a factory of Commons Pool 2 in the pool

    static FactoryConnectionManager<HostAndPort, Connection> manager(JedisClientConfig client) {
        return FactoryConnectionManager.ofEach(server -> new ConnectionFactory(server, client));
    }

    static ConnectionPool<HostAndPort, Connection> pool(FactoryConnectionManager<HostAndPort, Connection> manager) {
        return ConnectionPools.builder(manager)
                .maxSize(8)
                .totalMaxSize(100)
                .alivenessBypass(Duration.ofSeconds(1)) // a PING when it was idle for longer
                .build();
    }

    static long visit(ConnectionPool<HostAndPort, Connection> pool, HostAndPort server) {
        return pool.use(server, connection -> new Jedis(connection).incr("visits"));
    }

    // ---- the pool under code that was written to Commons Pool 2

    static long visit(KeyedObjectPool<HostAndPort, Connection> pool, HostAndPort server) throws Exception {
        Connection connection = pool.borrowObject(server);
        try {
            return new Jedis(connection).incr("visits");
        } finally {
            pool.returnObject(server, connection);
        }
    }

    static ObjectPool<Connection> pool(HostAndPort server, JedisClientConfig client) {
        var config = new GenericObjectPoolConfig<Connection>();
        config.setMaxTotal(20);
        config.setTestOnBorrow(true);
        // was: return new GenericObjectPool<>(new ConnectionFactory(server, client), config);
        return CommonsPools.objectPool(new ConnectionFactory(server, client), config);
    }

    // ---- the servers

    static RedisServer redis() throws IOException {
        var server = RedisServer.newRedisServer()
                .bind("127.0.0.1")
                .port(freePort())
                .setting("save \"\"") // nothing on disk
                .build();
        server.start();
        return server;
    }

    private static int freePort() throws IOException {
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return unused.getLocalPort();
        }
    }

    static HostAndPort endpoint(RedisServer server) {
        return new HostAndPort("127.0.0.1", server.ports().get(0));
    }
}
