package io.genericpool.reliability.sockets;

import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** TLS between a server at 127.0.0.1 and a client that trusts its authority alone. */
public final class Loopback {
    private final HandshakeCertificates server;
    private final HandshakeCertificates client;

    /** Makes an authority and a certificate. */
    public Loopback() {
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

    /**
     * For the server.
     *
     * @return holds the certificate
     */
    public SSLContext server() {
        return server.sslContext();
    }

    /**
     * For the client.
     *
     * @return trusts the authority
     */
    public SSLContext client() {
        return client.sslContext();
    }

    /**
     * What the client trusts.
     *
     * @return the authority alone
     */
    public X509TrustManager trustManager() {
        return client.trustManager();
    }
}
