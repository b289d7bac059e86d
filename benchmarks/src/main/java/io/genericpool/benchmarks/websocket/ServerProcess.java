package io.genericpool.benchmarks.websocket;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import okhttp3.OkHttpClient;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;

/** The {@link EchoPeer} of a measurement, in a child process that ends with this one. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final int plainPort;
    private final int securePort;
    private final X509Certificate certificate;

    private ServerProcess(Process process) throws IOException {
        this.process = process;
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        this.plainPort = Integer.parseInt(lineOf(out));
        this.securePort = Integer.parseInt(lineOf(out));
        var pem = new StringBuilder();
        while (pem.indexOf("END CERTIFICATE") < 0) {
            pem.append(lineOf(out)).append('\n');
        }
        this.certificate = Certificates.decodeCertificatePem(pem.toString());
    }

    static ServerProcess start() throws IOException {
        return new ServerProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoPeer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static String lineOf(BufferedReader out) throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the server ended before it had started");
        }
        return line;
    }

    String uri(boolean secure) {
        return secure ? "wss://localhost:" + securePort + "/" : "ws://127.0.0.1:" + plainPort + "/";
    }

    /** Makes a client trust the server. */
    void trust(OkHttpClient.Builder client) {
        var trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate)
                .build();
        client.sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager());
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroy();
    }
}
