package io.genericpool.reliability.sockets;

import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** TLS between a server at 127.0.0.1 and a client that trusts its authority alone. */
final class Loopback {
    private final HandshakeCertificates server;
    private final HandshakeCertificates client;

    Loopback() {
        var authority = new HeldCertificate.Builder().certificateAuthority(0).build();
        var certificate = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        server =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        client = new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
    }

    SSLContext server() {
        return server.sslContext();
    }

    SSLContext client() {
        return client.sslContext();
    }

    X509TrustManager trustManager() {
        return client.trustManager();
    }
}
