package io.genericpool.rate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectGovernor.Verdict;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.ScriptedManager;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.embedded.RedisServer;

/** One rate for several pools, each with a client of its own, as in several processes: on a real Redis. */
@Timeout(120)
class FleetRateGovernorTest {
    private static final Duration REQUEST = Duration.ofSeconds(2);
    private static RedisServer redis;
    private static int port;

    private final List<RedisClient> clients = new ArrayList<>();

    @BeforeAll
    static void startRedis() throws IOException {
        port = freePort();
        redis = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .build();
        redis.start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.stop();
    }

    private FleetRateGovernor<String> governor(String rate, long connects, Duration period) {
        var client = RedisClient.create(RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withTimeout(REQUEST)
                .build());
        clients.add(client);
        ProxyManager<byte[]> proxies =
                Bucket4jLettuce.casBasedBuilder(client).requestTimeout(REQUEST).build();
        var limits = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(connects).refillIntervally(connects, period))
                .build();
        return FleetRateGovernor.over(
                endpoint -> proxies.getProxy((rate + ":" + endpoint).getBytes(UTF_8), () -> limits));
    }

    private void stopClients() {
        clients.forEach(RedisClient::shutdown);
    }

    private static ConnectionPool<String, FakeConnection<String>> pool(
            ScriptedManager<String> server, ConnectGovernor<String> governor) {
        return ConnectionPools.builder(server)
                .maxSize(20)
                .acquireTimeout(Duration.ofSeconds(20))
                .connectGovernor(governor)
                .build();
    }

    private static int opened(ConnectionPool<String, FakeConnection<String>> pool, int requests) {
        int opened = 0;
        for (int i = 0; i < requests; i++) {
            try {
                pool.newConnection("a", Duration.ofSeconds(10)).release();
                opened++;
            } catch (EndpointUnavailableException | AcquireTimeoutException e) {
                // the rate has no token left for the next hour
            }
        }
        return opened;
    }

    @Test
    void poolsOfSeveralProcessesShareOneRate() {
        String rate = UUID.randomUUID().toString();
        ScriptedManager<String> server = ScriptedManager.plain();
        try (var one = pool(server, governor(rate, 7, Duration.ofHours(1)));
                var two = pool(server, governor(rate, 7, Duration.ofHours(1)))) {
            assertThat(opened(one, 4)).isEqualTo(4);
            assertThat(opened(two, 6)).isEqualTo(3);
            assertThat(opened(one, 1)).isZero();
            assertThat(server.server().createsStarted()).isEqualTo(7);
        } finally {
            stopClients();
        }
    }

    @Test
    void anAttemptThatAnotherGovernorHoldsBackGivesItsTokenBack() {
        FleetRateGovernor<String> rate = governor(UUID.randomUUID().toString(), 2, Duration.ofHours(1));
        var holdsBack = new AtomicBoolean(true);
        ConnectGovernor<String> other =
                (endpoint, now) -> holdsBack.get() ? Verdict.waitFor(Duration.ofMillis(1)) : Verdict.proceed();
        ConnectGovernor<String> both = ConnectGovernor.all(rate, other);
        try {
            for (int i = 0; i < 10; i++) {
                assertThat(both.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.WAIT);
            }
            holdsBack.set(false);
            assertThat(both.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
            assertThat(both.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
            assertThat(both.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.WAIT);
        } finally {
            stopClients();
        }
    }

    private static Bucket lost() {
        throw new IllegalStateException("no server");
    }

    /** Of a bucket that fails when it is asked, as a proxy does without its server. */
    private static Bucket failing() {
        return (Bucket) java.lang.reflect.Proxy.newProxyInstance(
                Bucket.class.getClassLoader(), new Class<?>[] {Bucket.class}, (proxy, method, arguments) -> lost());
    }

    @Test
    void withoutItsBucketAnAttemptWaitsAndTheErrorSaysWhy() {
        ScriptedManager<String> server = ScriptedManager.plain();
        try (var pool = pool(server, FleetRateGovernor.over(endpoint -> failing()))) {
            assertThatThrownBy(() -> pool.connection("a", Duration.ofMillis(200)))
                    .isInstanceOf(io.genericpool.PoolException.class)
                    .rootCause()
                    .hasMessage("no server");
            assertThat(server.server().createsStarted()).isZero();
        }
    }

    @Test
    void theFallbackDecidesWhileTheBucketCannotBeAsked() {
        Bucket real = Bucket.builder()
                .addLimit(limit -> limit.capacity(1).refillIntervally(1, Duration.ofHours(1)))
                .build();
        var isAway = new AtomicBoolean(true);
        var governor = FleetRateGovernor.<String>over(endpoint -> isAway.get() ? failing() : real)
                .whenUnreachable(RateGovernor.of(2, Duration.ofHours(1)));
        assertThat(governor.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        governor.onConnectCancelled("a", 0);
        assertThat(governor.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(governor.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(governor.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.WAIT);
        isAway.set(false);
        assertThat(governor.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(governor.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.WAIT);
    }

    @Test
    void badInputIsNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> FleetRateGovernor.over(null))
                .withMessage("buckets");
        assertThatNullPointerException()
                .isThrownBy(() -> FleetRateGovernor.over(endpoint -> failing()).whenUnreachable(null))
                .withMessage("governor");
        assertThatNullPointerException()
                .isThrownBy(() -> FleetRateGovernor.over(endpoint -> null).beforeConnect("a", 0))
                .withMessageContaining("buckets returned null");
    }
}
