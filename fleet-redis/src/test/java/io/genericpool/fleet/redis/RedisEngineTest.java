package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.RealWait;
import io.genericpool.testkit.fleet.Cable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

@Timeout(60)
class RedisEngineTest {
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static RedisProcess redis;
    private RedisEngine engine;
    private long sequence;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new RedisProcess();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @BeforeEach
    void open() {
        engine =
                RedisEngine.builder(redis.uri()).timeout(Duration.ofSeconds(10)).build();
    }

    @AfterEach
    void close() {
        engine.close();
        try (Jedis client = redis.client()) {
            client.configSet("maxmemory", "0");
            client.flushAll();
        }
    }

    private Batch batch(Claim... claims) {
        return new Batch("fleet", "session", ++sequence, LEASE, 0, 0, Batch.Kind.CHANGES, List.of(claims));
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

    // ---- bad input

    @Test
    void aBuilderRefusesWhatMakesNoSense() {
        RedisEngineBuilder builder = RedisEngine.builder(redis.uri());
        assertThatThrownBy(() -> builder.prefix("a{b}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prefix must have 1 to 200 characters and no braces, but is 'a{b}'");
        assertThatThrownBy(() -> builder.prefix(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.timeout(Duration.ofMillis(9)))
                .hasMessage("timeout must be 10 ms to 1 h, but is 9 ms");
        assertThatThrownBy(() -> builder.timeout(Duration.ofHours(2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RedisEngine.builder(URI.create("http://user:secret@host")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'http'")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> RedisEngine.builder(URI.create("redis:nowhere")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBatchThatRedisCannotHoldFails() throws Exception {
        long large = BatchCodec.LARGEST + 1;
        assertThat(failure(engine, new Batch("f", "s", large, LEASE, 0, 0, Batch.Kind.CHANGES, List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sequence must be at most 9007199254740991, but is 9007199254740992");
        assertThat(failure(engine, new Batch("f", "s", 1, LEASE, large, 0, Batch.Kind.CHANGES, List.of())))
                .hasMessageContaining("capVersion");
        assertThat(failure(engine, new Batch("f", "s", 1, LEASE, 0, large, Batch.Kind.CHANGES, List.of())))
                .hasMessageContaining("sum");
        assertThat(failure(engine, new Batch("f", "s", 1, Duration.ofDays(1_001), 0, 0, Batch.Kind.CHANGES, List.of())))
                .hasMessageContaining("lease");
        List<Claim> many = Collections.nCopies(BatchCodec.MOST_CLAIMS + 1, new Claim("e", 1, 0, 0, 0));
        assertThat(failure(engine, new Batch("f", "s", 1, LEASE, 0, 0, Batch.Kind.CHANGES, many)))
                .hasMessage("claims must be at most 100000, but is 100001");
    }

    @Test
    void theLargestNumbersAreKeptExactly() throws Exception {
        int most = Integer.MAX_VALUE;
        var claim = new Claim("e", most, 0, most, most);
        var first = new Batch(
                "f", "s", BatchCodec.LARGEST - 1, LEASE, BatchCodec.LARGEST, 0, Batch.Kind.CHANGES, List.of(claim));
        ask(engine, first);
        Reply restated = ask(
                engine,
                new Batch(
                        "f",
                        "s",
                        BatchCodec.LARGEST,
                        LEASE,
                        BatchCodec.LARGEST,
                        most,
                        Batch.Kind.RESTATEMENT,
                        List.of(new Claim("e", most, most, most, 0))));
        assertThat(restated.applied()).isTrue();
        assertThat(restated.grants().get(0).share()).isEqualTo(most);
        assertThat(restated.grants().get(0).capVersion()).isEqualTo(BatchCodec.LARGEST);
    }

    // ---- keys

    @Test
    void allKeysOfAFleetAreInOneSlot() throws Exception {
        var batch =
                new Batch("a}b{c%", "s", 1, LEASE, 0, 1, Batch.Kind.RESTATEMENT, List.of(new Claim("{e}", 3, 1, 2, 0)));
        ask(engine, batch);
        try (Jedis client = redis.client()) {
            assertThat(client.keys("*"))
                    .hasSizeGreaterThan(4)
                    .extracting(JedisClusterCRC16::getSlot)
                    .containsOnly(JedisClusterCRC16.getSlot("{genericpool:a%7Db%7Bc%25}"));
        }
    }

    @Test
    void aFleetWhoseSessionsHaveLeftKeepsNoKeyButItsClock() throws Exception {
        ask(engine, batch(new Claim("e", 3, 0, 2, 0), new Claim("f", 3, 0, 2, 0)));
        leave(LEASE);
        String farewell = "{genericpool:fleet}:f:session";
        try (Jedis client = redis.client()) {
            assertThat(client.keys("*")).containsExactlyInAnyOrder("{genericpool:fleet}", farewell);
            assertThat(client.pttl(farewell)).isBetween(1L, LEASE.toMillis());
            leave(Duration.ofMillis(1)); // it is unknown, and leaves again
            long start = System.nanoTime();
            while (client.exists(farewell)) {
                assertThat(System.nanoTime() - start).isLessThan(RealWait.NANOS);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            assertThat(client.keys("*")).containsExactly("{genericpool:fleet}");
        }
    }

    private void leave(Duration lease) throws Exception {
        ask(engine, new Batch("fleet", "session", ++sequence, lease, 0, 0, Batch.Kind.LEAVE, List.of()));
    }

    // ---- failures

    @Test
    void aScriptThatTheServerHasForgottenIsSentAgain() throws Exception {
        ask(engine, batch());
        try (Jedis client = redis.client()) {
            client.scriptFlush();
        }
        assertThat(ask(engine, batch()).applied()).isTrue();
    }

    @Test
    void aConnectionThatWasCutIsReplaced() throws Exception {
        ask(engine, batch());
        try (Jedis client = redis.client()) {
            client.sendCommand(Protocol.Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");
        }
        assertThat(ask(engine, batch()).applied()).isTrue();
    }

    /** It reads first and writes last, and Redis refuses the first write. */
    @Test
    void withoutMemoryAStepIsNotMadeAtAll() throws Exception {
        ask(engine, batch(new Claim("e", 3, 0, 2, 0)));
        try (Jedis client = redis.client()) {
            Map<String, String> before = dump(client);
            client.configSet("maxmemory-policy", "noeviction");
            client.configSet("maxmemory", "1");
            assertThat(failure(engine, batch(new Claim("e", 3, 0, 0, 0), new Claim("f", 3, 0, 3, 0))))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageContaining("OOM");
            assertThat(dump(client)).isEqualTo(before);
        }
    }

    private static Map<String, String> dump(Jedis client) {
        var all = new TreeMap<String, String>();
        for (String key : client.keys("*")) {
            all.put(key, new String(client.dump(key.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1));
        }
        return all;
    }

    /** A copy may lack what was granted last, so it is not enough that no time has passed. */
    @Test
    void aRestartIsAGap() throws Exception {
        Duration tiny = Duration.ofSeconds(2);
        for (Reply reply = null; reply == null || reply.learning(); ) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            reply = ask(engine, new Batch("fleet", "other", ++sequence, tiny, 0, 0, Batch.Kind.CHANGES, List.of()));
        }
        assertThat(ask(engine, batch(new Claim("e", 3, 0, 1, 0))).learning()).isFalse();
        redis.kill();
        redis.start();
        Reply reply = ask(engine, batch(new Claim("e", 3, 1, 3, 0)));
        assertThat(reply.learning()).isTrue();
        assertThat(reply.newSession()).isFalse();
        assertThat(reply.grants().get(0).share()).isEqualTo(1);
    }

    @Test
    void aServerThatStandsStillFailsCallsInTime() throws Exception {
        try (var impatient =
                RedisEngine.builder(redis.uri()).timeout(Duration.ofMillis(200)).build()) {
            ask(impatient, batch());
            redis.signal("STOP");
            try {
                long start = System.nanoTime();
                assertThat(failure(impatient, batch())).isInstanceOf(Exception.class);
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
            } finally {
                redis.signal("CONT");
            }
        }
        assertThat(ask(engine, batch()).applied()).isTrue();
    }

    // ---- closing

    @Test
    void afterItsCloseAllCallsFailAndTheCallersClientLives() throws Exception {
        try (RedisClient client = RedisClient.create(redis.uri())) {
            RedisEngine own = RedisEngine.builder(client).prefix("own").build();
            ask(own, batch());
            FleetEngine.Subscription subscription = own.subscribe("fleet", "session", endpoints -> {});
            own.close();
            own.close();
            subscription.close();
            assertThat(failure(own, batch())).isInstanceOf(IOException.class).hasMessage("the engine is closed");
            assertThat(client.ping()).isEqualTo("PONG");
            assertThat(client.keys("{own:*")).isNotEmpty();
        }
    }

    @Test
    void theReaderOfHintsEndsWithTheLastListener() throws Exception {
        FleetEngine.Subscription first = engine.subscribe("fleet", "a", endpoints -> {});
        FleetEngine.Subscription second = engine.subscribe("fleet", "b", endpoints -> {});
        try (Jedis client = redis.client()) {
            awaitSubscribers(client, "{genericpool:fleet}:h:a", 1);
            awaitSubscribers(client, "{genericpool:fleet}:h:b", 1);
            first.close();
            awaitSubscribers(client, "{genericpool:fleet}:h:a", 0);
            awaitSubscribers(client, "{genericpool:fleet}:h:b", 1);
            second.close();
            awaitSubscribers(client, "{genericpool:fleet}:h:b", 0);
        }
    }

    /** As behind a firewall that has forgotten it: the connection for hints hears nothing, not even its end. */
    @Test
    void hintsComeAgainAfterTheirConnectionWasLostWithoutASign() throws Exception {
        try (var cable = new Cable(redis.port());
                RedisEngine far = RedisEngine.builder(URI.create("redis://127.0.0.1:" + cable.port()))
                        .silence(Duration.ofSeconds(3))
                        .build()) {
            var hints = new Semaphore(0);
            far.subscribe("fleet", "far", endpoints -> hints.release());
            awaitHint(far, hints);
            cable.cut();
            cable.mend();
            hints.drainPermits();
            awaitHint(far, hints);
        }
    }

    /** Beside calls, because they ask for a sign; the first one after the cut may fail. */
    private void awaitHint(RedisEngine far, Semaphore hints) throws Exception {
        long start = System.nanoTime();
        try (Jedis client = redis.client()) {
            while (!hints.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                assertThat(System.nanoTime() - start).as("no hint").isLessThan(RealWait.NANOS);
                far.sync(batch())
                        .toCompletableFuture()
                        .handle((reply, failure) -> "done")
                        .join();
                client.publish("{genericpool:fleet}:h:far", "1:e");
            }
        }
    }

    private static void awaitSubscribers(Jedis client, String channel, long number) {
        long start = System.nanoTime();
        while (client.pubsubNumSub(channel).get(channel) != number) {
            assertThat(System.nanoTime() - start).as(channel).isLessThan(RealWait.NANOS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    @Test
    void aHintThatEndsWithinAnEndpointIsRefused() {
        assertThat(HintReader.endpoints("3:a:b0:2:ä".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("a:b", "", "ä");
        assertThatThrownBy(() -> HintReader.endpoints("9:abc".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
