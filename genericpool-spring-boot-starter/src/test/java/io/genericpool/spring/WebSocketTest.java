package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genericpool.EndpointGroup;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The WebSocket pools of the properties, against a server of this process. */
@Timeout(60)
class WebSocketTest {
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Ends when the client does. */
    private static final class Answering extends WebSocketListener {
        @Override
        public void onClosing(WebSocket socket, int code, String reason) {
            socket.close(code, reason);
        }
    }

    private void accept(int handshakes) {
        for (int i = 0; i < handshakes; i++) {
            server.enqueue(
                    new MockResponse.Builder().webSocketUpgrade(new Answering()).build());
        }
    }

    private ApplicationContextRunner prices(String scheme) {
        return Contexts.runner()
                .withPropertyValues(
                        "genericpool.websocket.prices.base-uri=" + scheme + "://" + server.getHostName() + ":"
                                + server.getPort(),
                        "genericpool.websocket.prices.heartbeat=20s",
                        "genericpool.websocket.prices.max-size=5",
                        "genericpool.websocket.prices.address-watch=45s",
                        "genericpool.websocket.prices.headers.Authorization=Bearer token");
    }

    @Test
    void aPoolIsABeanNamedAfterItsPropertiesAndSendsItsHeaders() {
        accept(1);
        var seen = new WebSocketPool[1];
        prices("ws").run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(WebSocketPool.class);
            var pool = context.getBean("pricesWebSocketPool", WebSocketPool.class);
            seen[0] = pool;
            assertThat(pool.pool().config().name()).isEqualTo("prices");
            assertThat(pool.pool().config().defaultLimits().maxSize()).isEqualTo(5);
            assertThat(pool.pool().config().addressWatch()).isEqualTo(Duration.ofSeconds(45));
            pool.connection("/eur").close();
            assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer token");
            assertThat(context.getBean(CompositeHealthContributor.class).getContributor("prices"))
                    .isInstanceOf(PoolHealth.class);
        });
        assertThat(seen[0].pool().isClosed()).isTrue();
    }

    @Test
    void customizersAreToldTheName() {
        prices("ws")
                .withBean(WebSocketPoolCustomizer.class, () -> (name, builder) -> builder.maxSize(name.length()))
                .run(context -> assertThat(context.getBean(WebSocketPool.class)
                                .pool()
                                .config()
                                .defaultLimits()
                                .maxSize())
                        .isEqualTo("prices".length()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Regions {
        @Bean
        String members(EndpointGroup<WebSocketEndpoint, WebSocketConnection> regions) {
            return regions.members().toString();
        }
    }

    @Test
    void aGroupIsABeanThatLeasesFromAnyMemberWithTheHeadersThatItsOriginMayGet() {
        var other = new MockWebServer();
        try (other) {
            other.start();
            accept(1);
            other.enqueue(
                    new MockResponse.Builder().webSocketUpgrade(new Answering()).build());
            String origin = "ws://" + other.getHostName() + ":" + other.getPort();
            prices("ws")
                    .withPropertyValues(
                            "genericpool.websocket.prices.max-size=1",
                            "genericpool.websocket.prices.allowed-origins=" + origin,
                            "genericpool.websocket.prices.groups.regions.members=/eur," + origin + "/usd",
                            "genericpool.websocket.prices.groups.regions.policy=in-order",
                            "genericpool.websocket.prices.groups.regions.spill-after=5s",
                            "genericpool.websocket.prices.groups.regions.tiers[/eur]=1")
                    .withUserConfiguration(Regions.class)
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        var pool = context.getBean(WebSocketPool.class);
                        @SuppressWarnings("unchecked")
                        var regions = (EndpointGroup<WebSocketEndpoint, WebSocketConnection>)
                                context.getBean("pricesRegionsGroup", EndpointGroup.class);
                        assertThat(pool.pool().groups()).containsEntry("regions", regions);
                        assertThat(context.getBean("members"))
                                .isEqualTo(regions.members().toString());
                        try (var one = regions.connection();
                                var two = regions.connection()) {
                            assertThat(one.endpoint()).isEqualTo(pool.endpoint(origin + "/usd"));
                            assertThat(two.endpoint()).isEqualTo(pool.endpoint("/eur"));
                        }
                        assertThat(other.takeRequest().getHeaders().get("Authorization"))
                                .isEqualTo("Bearer token");
                        var health = (PoolHealth) context.getBean(CompositeHealthContributor.class)
                                .getContributor("prices");
                        await().untilAsserted(() -> assertThat(
                                        health.health().getDetails().get("groups"))
                                .isEqualTo(Map.of("regions", Map.of("status", "UP", "members", 2, "up", 2L))));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SslBundle trusting(HeldCertificate certificate) {
        PemSslStore store = PemSslStore.load(PemSslStoreDetails.forCertificate(certificate.certificatePem()));
        return SslBundle.of(new PemSslStoreBundle(null, store));
    }

    @Test
    void aReloadOfTheSslBundleHoldsForTheNextConnectionAndEvictsTheOldOnes() {
        var wrong = new HeldCertificate.Builder()
                .addSubjectAlternativeName(server.getHostName())
                .build();
        var right = new HeldCertificate.Builder()
                .addSubjectAlternativeName(server.getHostName())
                .build();
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(right)
                .build()
                .sslSocketFactory());
        accept(2);
        prices("wss")
                .withPropertyValues(
                        "genericpool.websocket.prices.ssl.bundle=prices",
                        "genericpool.websocket.prices.acquire-timeout=10s",
                        "spring.ssl.bundle.pem.prices.truststore.certificate=" + right.certificatePem())
                .run(context -> {
                    var pool = context.getBean(WebSocketPool.class);
                    var bundles = context.getBean(SslBundleRegistry.class);
                    var first = pool.connection("/eur");
                    bundles.updateBundle("prices", trusting(wrong));
                    first.close();
                    assertThat(pool.stats().idle()).isZero(); // evicted when its lease ended
                    assertThat(catchThrowable(() -> pool.connection("/eur"))).hasStackTraceContaining("PKIX");
                    bundles.updateBundle("prices", trusting(right));
                    pool.connection("/eur").close();
                    assertThat(pool.stats().created()).isEqualTo(2);
                });
    }
}
