package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hostile frames in a JVM with little memory: each costs its connection, and nothing else. */
@Timeout(120)
class SmallHeapTest {
    private static final int ROUNDS = 50;

    @Test
    void survivesFramesThatClaimMoreMemoryThanThereIs() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as(output).isZero();
        assertThat(output).contains("refused " + ROUNDS);
    }

    /** What the child does. */
    public static void main(String[] args) throws Exception {
        byte[] header = ByteBuffer.allocate(10)
                .put((byte) 0x82)
                .put((byte) 127)
                .putLong(1L << 31)
                .array();
        int refused = 0;
        try (var peer = RawPeer.start(connection -> {
                    connection.upgrade();
                    connection.write(header);
                    byte[] chunk = new byte[64 * 1024];
                    for (int i = 0; i < 1000; i++) {
                        connection.write(chunk);
                    }
                    connection.drain();
                });
                var manager = WebSocketConnectionManager.builder()
                        .closeTimeout(Duration.ofMillis(200))
                        .build()) {
            for (int i = 0; i < ROUNDS; i++) {
                var connection = manager.create(peer.endpoint(), Duration.ofSeconds(10));
                try {
                    connection.receive(Duration.ofSeconds(10));
                } catch (WebSocketClosedException e) {
                    refused += e.code() == 1009 ? 1 : 0;
                }
            }
        }
        System.out.println("refused " + refused);
    }
}
