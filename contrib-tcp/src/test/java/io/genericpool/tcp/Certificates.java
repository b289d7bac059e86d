package io.genericpool.tcp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** An authority for tests, and what it has signed. */
final class Certificates {
    static final char[] PASSWORD = "for tests".toCharArray();

    private final HeldCertificate authority =
            new HeldCertificate.Builder().certificateAuthority(0).build();

    HeldCertificate.Builder signed() {
        return new HeldCertificate.Builder().signedBy(authority);
    }

    /** For the loopback addresses and {@code localhost}. */
    SSLContext server() {
        return server(signed().addSubjectAlternativeName("localhost")
                .addSubjectAlternativeName("127.0.0.1")
                .addSubjectAlternativeName("::1"));
    }

    SSLContext server(HeldCertificate.Builder certificate) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(certificate.build())
                .addTrustedCertificate(authority.certificate())
                .build()
                .sslContext();
    }

    /** Trusts the authority. */
    SSLContext client() {
        return trusting().sslContext();
    }

    X509TrustManager trustManager() {
        return trusting().trustManager();
    }

    private HandshakeCertificates trusting() {
        return new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
    }

    KeyStore trustStore() throws Exception {
        KeyStore store = empty();
        store.setCertificateEntry("authority", authority.certificate());
        return store;
    }

    KeyStore keyStore(HeldCertificate certificate) throws Exception {
        KeyStore store = empty();
        store.setKeyEntry(
                "client", certificate.keyPair().getPrivate(), PASSWORD, new Certificate[] {certificate.certificate()});
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
