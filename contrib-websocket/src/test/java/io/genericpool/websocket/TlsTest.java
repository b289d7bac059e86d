package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.ConnectionCreateException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsTest {
    private static final String NAME = "tls-test";

    private final HeldCertificate authority =
            new HeldCertificate.Builder().certificateAuthority(0).build();

    @AfterEach
    void leavesNoThread() {
        ThreadsLeft.awaitNone(NAME);
    }

    private HeldCertificate.Builder certificate() {
        return new HeldCertificate.Builder().signedBy(authority);
    }

    private SSLContext serverWith(HeldCertificate.Builder certificate) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(certificate.build())
                .build()
                .sslContext();
    }

    private WebSocketPoolBuilder builder(EchoServer server) {
        return WebSocketPool.builder()
                .name(NAME)
                .baseUri(server.endpoint("/").uri().toString())
                .retry(Retry.attempts(3));
    }

    private WebSocketPoolBuilder trusting(WebSocketPoolBuilder builder) {
        var client = new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
        return builder.connections(knobs ->
                knobs.customizeClient(http -> http.sslSocketFactory(client.sslSocketFactory(), client.trustManager())));
    }

    @Test
    void leasesOverTls() throws Exception {
        try (var server = EchoServer.start(serverWith(certificate().addSubjectAlternativeName("localhost")));
                var pool = trusting(builder(server)).build()) {
            String large = "x".repeat(1_000_000);
            for (int i = 0; i < 5; i++) {
                try (var lease = pool.connection("/a")) {
                    lease.connection().send(large);
                    assertThat(lease.connection().receive(SOON).text()).isEqualTo("/a|" + large);
                    assertThat(lease.connection().ping(SOON)).isPositive();
                }
            }
            server.awaitOpened(1);
        }
    }

    @Test
    void refusesACertificateForAnotherHostAndDoesNotRetry() throws Exception {
        try (var server = EchoServer.start(serverWith(certificate().addSubjectAlternativeName("other.example")));
                var pool = trusting(builder(server)).build()) {
            assertThat(causeOfRefusal(pool)).hasRootCauseInstanceOf(SSLPeerUnverifiedException.class);
            assertThat(server.opened()).isZero();
        }
    }

    @Test
    void refusesAnAuthorityThatIsNotTrustedAndDoesNotRetry() throws Exception {
        try (var server = EchoServer.start(serverWith(certificate().addSubjectAlternativeName("localhost")));
                var pool = builder(server).build()) {
            assertThat(causeOfRefusal(pool)).hasCauseInstanceOf(SSLException.class);
            assertThat(server.opened()).isZero();
        }
    }

    @Test
    void refusesACertificateThatHasExpired() throws Exception {
        var expired = certificate().addSubjectAlternativeName("localhost").validityInterval(1000, 2000);
        try (var server = EchoServer.start(serverWith(expired));
                var pool = trusting(builder(server)).build()) {
            assertThat(causeOfRefusal(pool)).hasRootCauseInstanceOf(CertificateException.class);
        }
    }

    @Test
    void failsWhenTheServerSpeaksNoTls() throws Exception {
        try (var server = EchoServer.start();
                var pool = builder(server).retry(Retry.attempts(1)).build()) {
            String uri = server.endpoint("/a").uri().toString().replace("ws:", "wss:");
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection(uri));
            assertThat(e).hasCauseInstanceOf(WebSocketConnectException.class);
            assertThat(pool.stats().total()).isZero();
        }
    }

    @Test
    void endsOnTimeWhenTheTlsHandshakeIsNeverAnswered() throws Exception {
        try (var peer = RawPeer.start(RawPeer.Connection::hang);
                var manager = WebSocketConnectionManager.builder().name(NAME).build()) {
            var endpoint = WebSocketEndpoint.of(peer.endpoint().uri().toString().replace("ws:", "wss:"));
            var e = catchThrowableOfType(
                    WebSocketTimeoutException.class, () -> manager.create(endpoint, Duration.ofSeconds(2)));
            assertThat(e).hasMessageContaining("shaking hands for TLS");
        }
    }

    /** A refusal for good: one attempt, nothing left in the pool. */
    private static Throwable causeOfRefusal(WebSocketPool pool) throws Exception {
        var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection("/a"));
        assertThat(e.getCause()).isInstanceOf(WebSocketConnectException.class);
        assertThat(pool.stats().total()).isZero();
        assertThat(pool.traffic().failedConnects()).isEqualTo(1);
        assertThat(pool.traffic().retries()).isZero();
        assertThat(pool.warmUp("/a", 1).get(30, TimeUnit.SECONDS)).isZero();
        return e.getCause();
    }
}
