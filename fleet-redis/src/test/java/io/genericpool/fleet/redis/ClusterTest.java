package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.RealWait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;

/** The ledger in a real cluster of three nodes, through Jedis's own client of clusters. */
@Timeout(60)
class ClusterTest {
    private static final int CAP = 5;
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    private static RedisCluster cluster;

    private final Map<String, Long> sequences = new HashMap<>();
    private RedisClusterClient client;
    private RedisEngine engine;

    @BeforeAll
    static void startCluster() throws IOException {
        cluster = new RedisCluster(3);
    }

    @AfterAll
    static void stopCluster() throws IOException {
        cluster.close();
    }

    @BeforeEach
    void open() {
        client = cluster.client();
        engine = RedisEngine.builder(client).timeout(Duration.ofSeconds(10)).build();
    }

    @AfterEach
    void close() {
        engine.close();
        client.close();
    }

    private static Reply ask(FleetEngine engine, Batch batch) throws Exception {
        return engine.sync(batch).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
    }

    private static Throwable failure(FleetEngine engine, Batch batch) throws InterruptedException {
        try {
            engine.sync(batch).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
            throw new AssertionError("it did not fail");
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private Batch batch(String fleet, String session, Duration lease, Batch.Kind kind, int share, int wanted) {
        long sequence = sequences.merge(fleet + session, 1L, Long::sum);
        List<Claim> claims = kind == Batch.Kind.LEAVE ? List.of() : List.of(new Claim("e", CAP, share, wanted, 0));
        return new Batch(fleet, session, sequence, lease, 0, share, kind, claims);
    }

    private Batch batch(String fleet, String session, int share, int wanted) {
        return batch(fleet, session, LEASE, Batch.Kind.CHANGES, share, wanted);
    }

    private int share(String fleet, String session, int share, int wanted) throws Exception {
        return ask(engine, batch(fleet, session, share, wanted)).grants().get(0).share();
    }

    /** A ledger that is new learns for a lease of its first session, here a short one, which then leaves. */
    private void learn(String fleet) throws Exception {
        while (ask(engine, batch(fleet, "first", SHORT, Batch.Kind.CHANGES, 0, 0))
                .learning()) {
            TimeUnit.MILLISECONDS.sleep(20); // by the server's clock
        }
        ask(engine, batch(fleet, "first", SHORT, Batch.Kind.LEAVE, 0, 0));
    }

    private static String base(String fleet) {
        return "{genericpool:" + fleet + "}";
    }

    /** The first name that is served by this node. */
    private static String fleetAt(int node, String name) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> name + i)
                .filter(fleet -> cluster.ownerOf(base(fleet)) == node)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachFleetIsOnOneNodeAndSeveralAreSpread() throws Exception {
        for (int node = 0; node < cluster.size(); node++) {
            String fleet = fleetAt(node, "spread");
            learn(fleet);
            assertThat(share(fleet, "a", 0, 3)).isEqualTo(3);
            assertThat(share(fleet, "b", 0, 4)).isEqualTo(2);
            for (int other = 0; other < cluster.size(); other++) {
                try (Jedis redis = cluster.node(other).client()) {
                    assertThat(redis.keys(base(fleet) + "*").isEmpty()).isEqualTo(other != node);
                }
            }
        }
    }

    @Test
    void hintsPassThroughAnyNode() throws Exception {
        for (int node = 0; node < cluster.size(); node++) {
            String fleet = fleetAt(node, "hints");
            learn(fleet);
            var hinted = new CountDownLatch(1);
            FleetEngine.Subscription subscription = engine.subscribe(fleet, "b", endpoints -> hinted.countDown());
            awaitSubscriber(base(fleet) + ":h:b");
            assertThat(share(fleet, "a", 0, CAP)).isEqualTo(CAP);
            assertThat(share(fleet, "b", 0, 1)).isZero();
            share(fleet, "a", CAP - 1, CAP - 1);
            assertThat(hinted.await(RealWait.NANOS, TimeUnit.NANOSECONDS)).isTrue();
            subscription.close();
        }
    }

    /** The client listens at a node of its choice. */
    private static void awaitSubscriber(String channel) throws InterruptedException {
        long start = System.nanoTime();
        long listeners = 0;
        while (listeners == 0) {
            assertThat(System.nanoTime() - start).as(channel).isLessThan(RealWait.NANOS);
            TimeUnit.MILLISECONDS.sleep(2); // the nodes have no other sign
            for (int node = 0; node < cluster.size(); node++) {
                try (Jedis redis = cluster.node(node).client()) {
                    listeners += redis.pubsubNumSub(channel).get(channel);
                }
            }
        }
    }

    @Test
    void aNodeThatIsKilledAndComesBackTakesRestatements() throws Exception {
        String fleet = fleetAt(1, "killed");
        learn(fleet);
        assertThat(share(fleet, "a", 0, 3)).isEqualTo(3);
        cluster.node(1).kill();
        assertThat(failure(engine, batch(fleet, "a", 3, 4))).isInstanceOf(Exception.class);
        cluster.node(1).start();
        cluster.awaitSound();
        Reply reply = ask(engine, batch(fleet, "a", 3, 4));
        assertThat(reply.learning()).isTrue();
        assertThat(reply.restate()).isTrue();
        assertThat(reply.grants().get(0).share()).isEqualTo(3);
        Reply restated = ask(engine, batch(fleet, "a", LEASE, Batch.Kind.RESTATEMENT, 3, 4));
        assertThat(restated.learning()).isFalse();
        assertThat(share(fleet, "a", 3, 4)).isEqualTo(4);
    }

    /**
     * An operator moves the slot of a fleet to another node. While some of its keys are here and some there, neither may
     * make a step: it would not see what was granted.
     */
    @Test
    void whileItsSlotIsMovedALedgerMakesNoStep() throws Exception {
        int from = 0;
        int to = 2;
        String fleet = fleetAt(from, "moved");
        learn(fleet);
        assertThat(share(fleet, "a", 0, CAP)).isEqualTo(CAP);
        assertThat(share(fleet, "b", 0, 2)).isZero();
        String slot = Integer.toString(RedisCluster.slot(base(fleet)));
        String fromId = cluster.command(from, "MYID");
        String toId = cluster.command(to, "MYID");
        cluster.command(to, "SETSLOT", slot, "IMPORTING", fromId);
        cluster.command(from, "SETSLOT", slot, "MIGRATING", toId);
        List<String> keys;
        try (Jedis redis = cluster.node(from).client()) {
            keys = redis.keys(base(fleet) + "*").stream().sorted().toList();
        }
        for (String key : keys) { // the first is the one that the script is called with
            Map<String, String> before = dump(keys);
            for (Batch batch : List.of(
                    batch(fleet, "a", CAP, CAP),
                    batch(fleet, "b", 0, 3),
                    batch(fleet, "new", 0, 3),
                    batch(fleet, "a", LEASE, Batch.Kind.RESTATEMENT, CAP - 1, CAP),
                    batch(fleet, "b", LEASE, Batch.Kind.LEAVE, 0, 0))) {
                assertThat(failure(engine, batch)).as("%s at %s", batch, key).isInstanceOf(Exception.class);
            }
            assertThat(dump(keys)).as("before the move of %s", key).isEqualTo(before);
            try (Jedis redis = cluster.node(from).client()) {
                redis.migrate("127.0.0.1", cluster.node(to).port(), key, 0, 5_000);
            }
        }
        for (int node : new int[] {to, from, 1}) {
            cluster.command(node, "SETSLOT", slot, "NODE", toId);
        }
        Reply reply = ask(engine, batch(fleet, "a", CAP, CAP));
        assertThat(reply.learning())
                .as("another server may lack what was granted last")
                .isTrue();
        assertThat(reply.newSession()).isFalse();
        assertThat(reply.grants().get(0).share()).isEqualTo(CAP);
    }

    private static Map<String, String> dump(List<String> keys) {
        var all = new TreeMap<String, String>();
        for (int node = 0; node < cluster.size(); node++) {
            try (Jedis redis = cluster.node(node).client()) {
                for (String key : redis.keys(keys.get(0) + "*")) {
                    if (key.endsWith(":f:first")) {
                        continue; // it expires meanwhile
                    }
                    redis.sendCommand(Protocol.Command.ASKING);
                    byte[] value = redis.dump(key.getBytes(StandardCharsets.UTF_8));
                    all.put(node + " " + key, new String(value, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return all;
    }
}
