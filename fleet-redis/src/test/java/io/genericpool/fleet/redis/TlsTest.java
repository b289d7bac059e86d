package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.RealWait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;

/** Calls and hints over TLS, and certificates that the client must refuse. */
@Timeout(60)
class TlsTest {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String PASSWORD = "for tests";

    private static RedisProcess redis;
    private static HeldCertificate authority;

    @TempDir
    Path directory;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new RedisProcess();
        authority = new HeldCertificate.Builder().certificateAuthority(0).build();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    private static TlsProxy proxyFor(String host) throws IOException {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName(host)
                .build();
        return new TlsProxy(
                new HandshakeCertificates.Builder()
                        .heldCertificate(certificate)
                        .build()
                        .sslContext(),
                redis.port());
    }

    private RedisClient client(TlsProxy proxy, HeldCertificate trusted) throws Exception {
        Path file = Files.createTempFile(directory, "trust", ".p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", trusted.certificate());
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        SslOptions options = SslOptions.builder()
                .trustStoreType("PKCS12")
                .truststore(file.toFile(), PASSWORD.toCharArray())
                .build();
        return RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", proxy.port()))
                .clientConfig(
                        DefaultJedisClientConfig.builder().sslOptions(options).build())
                .build();
    }

    private static Batch batch(String session, long sequence, Duration lease, int share, int wanted) {
        var claims = List.of(new Claim("e", 2, share, wanted, 0));
        return new Batch("tls", session, sequence, lease, 0, share, Batch.Kind.CHANGES, claims);
    }

    private static Reply ask(FleetEngine engine, Batch batch) throws Exception {
        return engine.sync(batch).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
    }

    private static Throwable failure(FleetEngine engine) throws InterruptedException {
        try {
            engine.sync(batch("s", 1, LEASE, 0, 1)).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
            throw new AssertionError("it did not fail");
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callsAndHintsPass() throws Exception {
        try (TlsProxy proxy = proxyFor("127.0.0.1");
                RedisClient client = client(proxy, authority);
                RedisEngine engine = RedisEngine.builder(client)
                        .timeout(Duration.ofSeconds(10))
                        .build()) {
            long sequence = 0;
            while (ask(engine, batch("a", ++sequence, SHORT, 0, 0)).learning()) {
                TimeUnit.MILLISECONDS.sleep(20); // by the server's clock
            }
            ask(engine, batch("a", ++sequence, LEASE, 0, 0));
            var hinted = new CountDownLatch(1);
            engine.subscribe("tls", "b", endpoints -> hinted.countDown());
            try (var other = redis.client()) {
                while (other.pubsubChannels("*:h:b").isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(2); // the server has no other sign
                }
            }
            assertThat(ask(engine, batch("a", ++sequence, LEASE, 0, 2))
                            .grants()
                            .get(0)
                            .share())
                    .isEqualTo(2);
            ask(engine, batch("b", 1, LEASE, 0, 1));
            ask(engine, batch("a", ++sequence, LEASE, 1, 1));
            assertThat(hinted.await(RealWait.NANOS, TimeUnit.NANOSECONDS)).isTrue();
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefusedAndNamed() throws Exception {
        HeldCertificate other =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        try (TlsProxy proxy = proxyFor("127.0.0.1");
                RedisClient client = client(proxy, other);
                RedisEngine engine = RedisEngine.builder(client).build()) {
            assertThat(failure(engine)).hasMessageContaining("certification path");
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedAndNamed() throws Exception {
        try (TlsProxy proxy = proxyFor("redis.example.org");
                RedisClient client = client(proxy, authority);
                RedisEngine engine = RedisEngine.builder(client).build()) {
            assertThat(failure(engine)).hasMessageContaining("127.0.0.1").hasMessageContaining("alternative names");
        }
    }

    /** The authorities of the JDK do not know the one of this test. */
    @Test
    void anEngineOfAUriTrustsTheAuthoritiesOfTheJdkOnly() throws Exception {
        try (TlsProxy proxy = proxyFor("127.0.0.1");
                RedisEngine engine = RedisEngine.builder(proxy.uri()).build()) {
            assertThat(failure(engine)).hasMessageContaining("certification path");
        }
    }
}
