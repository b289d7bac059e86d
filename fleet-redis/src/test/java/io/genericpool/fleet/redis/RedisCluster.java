package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.testkit.RealWait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A cluster of several nodes on this machine, without replicas. */
final class RedisCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;

    private final List<RedisProcess> nodes = new ArrayList<>();

    RedisCluster(int size) throws IOException {
        for (int i = 0; i < size; i++) {
            nodes.add(newNode(5));
        }
        for (int i = 0; i < size; i++) {
            command(i, "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            List<String> slots = new ArrayList<>(List.of("ADDSLOTS")); // in 6.2 there are no ranges
            IntStream.range(i * SLOTS / size, (i + 1) * SLOTS / size)
                    .forEach(slot -> slots.add(Integer.toString(slot)));
            command(i, slots.toArray(String[]::new));
            if (i > 0) {
                command(i, "MEET", "127.0.0.1", Integer.toString(nodes.get(0).port()));
            }
        }
        awaitSound();
    }

    /** Nodes talk to each other at a port that is 10,000 higher, which may be in use. */
    private static RedisProcess newNode(int attempts) throws IOException {
        try {
            return new RedisProcess("--cluster-enabled", "yes", "--cluster-node-timeout", "3000");
        } catch (IOException e) {
            if (attempts == 1) {
                throw e;
            }
            return newNode(attempts - 1);
        }
    }

    /** Each node knows all of them, and they serve all slots. */
    void awaitSound() {
        for (int i = 0; i < nodes.size(); i++) {
            int node = i;
            await("the cluster is sound", () -> {
                String info = command(node, "INFO");
                return info.contains("cluster_state:ok")
                        && info.contains("cluster_slots_ok:" + SLOTS)
                        && info.contains("cluster_size:" + nodes.size());
            });
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(RealWait.NANOS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Makes one of the commands {@code CLUSTER ...}. */
    String command(int node, String... arguments) {
        try (Jedis client = nodes.get(node).client()) {
            return text(client.sendCommand(Protocol.Command.CLUSTER, arguments));
        }
    }

    static String text(Object answer) {
        return answer instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(answer);
    }

    RedisProcess node(int number) {
        return nodes.get(number);
    }

    int size() {
        return nodes.size();
    }

    static int slot(String key) {
        return JedisClusterCRC16.getSlot(key);
    }

    /** Which node serves a key, as they were dealt out at first. */
    int ownerOf(String key) {
        int slot = slot(key);
        return IntStream.range(0, nodes.size())
                .filter(i -> slot < (i + 1) * SLOTS / nodes.size())
                .findFirst()
                .orElseThrow();
    }

    RedisClusterClient client() {
        return RedisClusterClient.builder()
                .nodes(Set.of(new HostAndPort("127.0.0.1", nodes.get(0).port())))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .socketTimeoutMillis(2_000)
                        .build())
                .maxAttempts(3)
                .maxTotalRetriesDuration(Duration.ofSeconds(2))
                .build();
    }

    @Override
    public void close() throws IOException {
        for (RedisProcess node : nodes) {
            node.close();
        }
    }
}
