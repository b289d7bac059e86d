package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsTest {
    private static final Certificates CERTIFICATES = Kind.CERTIFICATES;

    private static TlsConnectionManagerBuilder builder() {
        return TlsConnectionManager.builder().sslContext(CERTIFICATES.client());
    }

    /** To a host of that name, which is this machine. */
    private static SocketConnection connect(TlsConnectionManagerBuilder builder, Peer server, String host)
            throws Exception {
        return builder.resolver(name -> List.of(InetAddress.getLoopbackAddress()))
                .build()
                .create(server.endpoint(host), SOON);
    }

    private static void assertRefused(Peer server, String host, Class<? extends Throwable> rootCause, String why)
            throws Exception {
        var failure = catchThrowable(() -> connect(builder(), server, host));
        assertThat(failure).isInstanceOf(SSLHandshakeException.class);
        assertThat(failure).rootCause().isInstanceOf(rootCause).hasMessageContaining(why);
    }

    @Test
    void aCertificateForTheHostIsAccepted() throws Exception {
        try (var server = Peer.tls(CERTIFICATES.server(), Peer::echo)) {
            for (String host : List.of("localhost", "127.0.0.1")) {
                var connection = connect(builder(), server, host);
                assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
                connection.close();
            }
        }
        try (var server = Peer.tls("::1", CERTIFICATES.server(), Peer::echo)) {
            var connection = connect(builder(), server, "::1");
            assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
            connection.close();
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        var other = CERTIFICATES.server(CERTIFICATES.signed().addSubjectAlternativeName("other.example"));
        try (var server = Peer.tls(other, Peer::echo)) {
            assertRefused(server, "db.example", CertificateException.class, "db.example");
            assertRefused(server, "127.0.0.1", CertificateException.class, "127.0.0.1");
            var alertOfClient = server.failures();
            await().untilAsserted(() -> assertThat(alertOfClient)
                    .anySatisfy(failure -> assertThat(failure).hasMessageContaining("certificate")));

            var careless = connect(builder().verifyHostName(false), server, "db.example");
            assertThat(Talk.ask(careless, "hello")).isEqualTo("hello");
            careless.close();
        }
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        var expired = CERTIFICATES.server(
                CERTIFICATES.signed().addSubjectAlternativeName("localhost").validityInterval(1_000, 2_000));
        try (var server = Peer.tls(expired, Peer::echo)) {
            assertRefused(server, "localhost", CertificateException.class, "NotAfter");
        }
    }

    @Test
    void aSelfSignedCertificateIsRefused() throws Exception {
        var own = CERTIFICATES.server(new HeldCertificate.Builder().addSubjectAlternativeName("localhost"));
        try (var server = Peer.tls(own, Peer::echo)) {
            assertRefused(server, "localhost", Exception.class, "unable to find valid certification path");
        }
    }

    @Test
    void anAuthorityThatIsNotTrustedIsRefused() throws Exception {
        try (var server = Peer.tls(new Certificates().server(), Peer::echo)) {
            assertRefused(server, "localhost", Exception.class, "unable to find valid certification path");
        }
    }

    @Test
    void aRefusedServerLeavesNoSocket() throws Exception {
        var ended = new CompletableFuture<Throwable>();
        try (var server = Peer.tls(new Certificates().server(), end -> {
            ended.complete(catchThrowable(() -> end.in().read()));
        })) {
            assertThatThrownBy(() -> connect(builder(), server, "localhost")).isInstanceOf(SSLHandshakeException.class);
            assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aHandshakeThatIsNeverAnsweredEndsOnTime() throws Exception {
        try (var silent = Peer.tcp(Peer::hold)) {
            assertThatThrownBy(() -> builder().build().create(silent.endpoint(), Duration.ofSeconds(1)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("still shaking hands for TLS");
        }
    }

    @Test
    void aServerWithoutTlsIsRefused() throws Exception {
        try (var server = Peer.tcp(end -> {
            end.send("220 welcome to a server of another kind\r\n");
            Peer.hold(end);
        })) {
            assertThatThrownBy(() -> builder().build().create(server.endpoint(), SOON))
                    .isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatEndsTheHandshakeIsSaidToHaveDoneSo(boolean byReset) throws Exception {
        try (var server = Peer.tcp(end -> {
            end.in().read();
            if (byReset) {
                end.reset();
            } else {
                end.in().skip(end.in().available());
                end.close();
            }
        })) {
            assertThatThrownBy(() -> builder().build().create(server.endpoint(), SOON))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(
                            byReset ? ".*[Rr]eset.*" : "the peer has closed the connection during the TLS handshake");
        }
    }

    @Test
    void storesSayWhomToTrustAndWhoTheClientIs() throws Exception {
        HeldCertificate client = CERTIFICATES.signed().commonName("the client").build();
        KeyStore keys = CERTIFICATES.keyStore(client);
        var subject = new CompletableFuture<String>();
        try (var server = Peer.tls(CERTIFICATES.server(), socket -> socket.setNeedClientAuth(true), end -> {
            end.in().read();
            subject.complete("asked");
            Peer.hold(end);
        })) {
            var known = TlsConnectionManager.builder()
                    .trustStore(CERTIFICATES.trustStore())
                    .keyStore(keys, Certificates.PASSWORD);
            var connection = connect(known, server, "localhost");
            Talk.send(connection, "x");
            assertThat(subject.get(20, TimeUnit.SECONDS)).isEqualTo("asked");
            assertThat(connection.tlsSession().orElseThrow().getLocalPrincipal().getName())
                    .contains("the client");
            connection.close();

            var unknown = TlsConnectionManager.builder().trustStore(CERTIFICATES.trustStore());
            // With TLS 1.3 the client learns of it only after the handshake.
            assertThatThrownBy(
                            () -> connect(unknown, server, "localhost").input().read())
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void protocolsAreAgreedOn() throws Exception {
        try (var server = Peer.tls(
                CERTIFICATES.server(),
                socket -> {
                    var parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(new String[] {"two", "three"});
                    socket.setSSLParameters(parameters);
                },
                Peer::echo)) {
            var connection = connect(builder().applicationProtocols("one", "three", "two"), server, "localhost");
            assertThat(connection.applicationProtocol())
                    .isIn(java.util.Optional.of("two"), java.util.Optional.of("three"));
            connection.close();
            var without = connect(builder(), server, "localhost");
            assertThat(without.applicationProtocol()).isEmpty();
            assertThat(without.tlsSession()).isPresent();
            without.close();
        }
        try (var server = Peer.tcp(Peer::echo)) {
            var plain = TcpConnectionManager.builder().build().create(server.endpoint(), SOON);
            assertThat(plain.applicationProtocol()).isEmpty();
            assertThat(plain.tlsSession()).isEmpty();
            plain.close();
        }
    }

    @Test
    void theServerIsAskedForByItsName() throws Exception {
        var context = CERTIFICATES.server(CERTIFICATES
                .signed()
                .addSubjectAlternativeName("db.example")
                .addSubjectAlternativeName("inner.example"));
        try (var server = Peer.tls(context, end -> {
            end.in().read();
            Peer.hold(end);
        })) {
            var byHost = connect(builder(), server, "db.example");
            assertThat(((ExtendedSSLSession) byHost.tlsSession().orElseThrow()).getRequestedServerNames())
                    .singleElement()
                    .asString()
                    .contains("db.example");
            byHost.close();

            // A name of its own for an address: the certificate must be for that name.
            var byName = connect(builder().serverName(endpoint -> "inner.example"), server, "127.0.0.1");
            byName.close();
            assertThatThrownBy(() -> connect(builder().serverName(endpoint -> "third.example"), server, "127.0.0.1"))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void parametersCanBeChanged() throws Exception {
        try (var server = Peer.tls(CERTIFICATES.server(), Peer::echo)) {
            var connection = connect(
                    builder().customizeParameters(parameters -> parameters.setProtocols(new String[] {"TLSv1.2"})),
                    server,
                    "localhost");
            assertThat(connection.tlsSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.2");
            assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
            connection.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionsAreResumed(String version) throws Exception {
        var fullHandshakes = new AtomicInteger();
        try (var server = Peer.tls(CERTIFICATES.server(), Peer::echo)) {
            var manager = TlsConnectionManager.builder()
                    .sslContext(counting(fullHandshakes))
                    .customizeParameters(parameters -> parameters.setProtocols(new String[] {version}))
                    .build();
            TcpEndpoint endpoint = server.endpoint();
            for (int i = 0; i < 5; i++) {
                var connection = manager.create(endpoint, SOON);
                // With TLS 1.3 the ticket for the next one comes after the handshake: the answer is behind it.
                assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
                connection.close();
            }
            assertThat(fullHandshakes).hasValue(1);
        }
    }

    /**
     * A client's context that counts how often it is shown the server's certificate, which only a full handshake does. What a
     * server does with its own is no measure: JDK 25 fetches it to read a ticket too.
     */
    private static SSLContext counting(AtomicInteger count) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new CountingTrust(CERTIFICATES.trustManager(), count)}, null);
        return context;
    }

    private record CountingTrust(X509TrustManager trust, AtomicInteger count) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            trust.checkClientTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            count.incrementAndGet();
            trust.checkServerTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }
}
