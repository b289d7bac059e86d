package io.genericpool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.examples.server.LocalEcho;
import io.genericpool.tcp.TcpEndpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the TCP plug-in, with servers on this machine. */
@Timeout(60)
class TcpExamplesTest {
    @Test
    void asksAServerThatSpeaksInLinesOverOneConnection() throws IOException {
        try (var echo = new LocalEcho();
                var pool = TcpQuick.pool()) {
            TcpEndpoint endpoint = TcpEndpoint.of(echo.hostAndPort());
            for (int i = 0; i < 5; i++) {
                assertThat(TcpQuick.ask(pool, endpoint, "line " + i)).isEqualTo("line " + i);
            }
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @Test
    void theExampleRunsByItself() throws Exception {
        assertThat(outputOf(() -> TcpQuick.main(new String[0]))).contains(": PING", "1 connections opened");
    }

    @Test
    void fetchesPagesOverTlsWithoutAThreadForEach() throws Exception {
        var authority = new HeldCertificate.Builder().certificateAuthority(0).build();
        var certificate = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("localhost")
                .build();
        SSLContext serverSide = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslContext();
        SSLContext clientSide = new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build()
                .sslContext();
        try (ServerSocket server = serverSide
                        .getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var pool = TlsQuick.pool(clientSide)) {
            serve(server);
            var endpoint = TcpEndpoint.of("localhost", server.getLocalPort());
            var pages = new ArrayList<CompletableFuture<String>>();
            for (int i = 0; i < 10; i++) {
                pages.add(TlsQuick.frontPage(pool, endpoint));
            }
            for (var page : pages) {
                assertThat(page.get(20, TimeUnit.SECONDS)).isEqualTo("HTTP/1.0 200 OK\r\n\r\nhello");
            }
        }
    }

    @Test
    void asksAServiceByItsFile(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("service");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            daemon(() -> {
                while (true) {
                    try (SocketChannel client = server.accept()) {
                        client.read(ByteBuffer.allocate(1_000));
                        client.write(ByteBuffer.wrap("HTTP/1.0 200 OK\r\n\r\nOK".getBytes(UTF_8)));
                    }
                }
            });
            assertThat(outputOf(() -> UnixSocketQuick.main(new String[] {socket.toString()})))
                    .contains(socket + ": HTTP/1.0 200 OK");
        }
        try (var pool = UnixSocketQuick.pool()) {
            assertThatThrownBy(() -> UnixSocketQuick.ask(pool, directory.resolve("nobody"), "x"))
                    .hasRootCauseInstanceOf(IOException.class);
        }
    }

    private static void serve(ServerSocket server) {
        daemon(() -> {
            while (true) {
                Socket client = server.accept();
                daemon(() -> {
                    try (client) {
                        InputStream in = client.getInputStream();
                        OutputStream out = client.getOutputStream();
                        in.read(new byte[1_000]);
                        out.write("HTTP/1.0 200 OK\r\n\r\nhello".getBytes(UTF_8));
                    }
                });
            }
        });
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void daemon(Task task) {
        var thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                // The server was closed: the end of the test.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static String outputOf(Task example) throws Exception {
        PrintStream before = System.out;
        var text = new ByteArrayOutputStream();
        try (var out = new PrintStream(text, true, UTF_8)) {
            System.setOut(out);
            example.run();
        } finally {
            System.setOut(before);
        }
        return text.toString(UTF_8);
    }
}
