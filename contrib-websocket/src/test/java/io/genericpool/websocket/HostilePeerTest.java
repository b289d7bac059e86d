package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HostilePeerTest extends WithManager {
    private static final int LIMIT = 1000;

    HostilePeerTest() {
        builder.maxMessageSize(LIMIT).closeTimeout(Duration.ofMillis(300)).ioTimeout(Duration.ofSeconds(4));
    }

    private Managed connect(RawPeer peer) throws Exception {
        return Managed.connect(manager(), peer.endpoint());
    }

    /** Lets a peer misbehave at a leased connection; returns how that one ended, and what close code the peer saw. */
    private WebSocketClosedException endOf(RawPeer.Script misbehaviour, CompletableFuture<Integer> seen)
            throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.awaitGo();
            misbehaviour.run(connection);
            seen.complete(connection.readCloseCode());
        })) {
            var managed = connect(peer);
            var lease = managed.lease();
            peer.go();
            var end = catchThrowableOfType(WebSocketClosedException.class, () -> {
                while (true) {
                    lease.connection.receive(SOON);
                }
            });
            managed.causeOfDeath();
            await().until(() -> manager.openSockets() == 0);
            return end;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {LIMIT + 1, 1L << 31, Long.MAX_VALUE})
    void refusesALargeFrameByItsHeader(long size) throws Exception {
        var seen = new CompletableFuture<Integer>();
        var end = endOf(connection -> connection.write(header(0x82, size)), seen);
        assertThat(end.code()).isEqualTo(1009);
        assertThat(end.getCause()).isInstanceOf(MessageTooLargeException.class);
        assertThat(((MessageTooLargeException) end.getCause()).size()).isEqualTo(size);
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(1009);
    }

    @Test
    void refusesALargeMessageInSmallFrames() throws Exception {
        var seen = new CompletableFuture<Integer>();
        var end = endOf(
                connection -> {
                    connection.frame(0x02, new byte[LIMIT / 2]);
                    connection.frame(0x00, new byte[LIMIT / 2]);
                    connection.frame(0x00, new byte[1]);
                },
                seen);
        assertThat(end.code()).isEqualTo(1009);
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(1009);
    }

    @Test
    void tellsAPeerThatFloodsWhy() throws Exception {
        var seen = new CompletableFuture<Integer>();
        var end = endOf(
                connection -> {
                    connection.write(header(0x82, 2_000_000));
                    connection.write(new byte[2_000_000]);
                },
                seen);
        assertThat(end.code()).isEqualTo(1009);
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(1009);
    }

    @Test
    void refusesANegativeLength() throws Exception {
        var end = endOf(connection -> connection.write(header(0x82, -1)), new CompletableFuture<>());
        assertThat(end.code()).isEqualTo(1002);
    }

    @Test
    void takesAMessageOfTheLargestSizeInFramesOfOneByte() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            for (int i = 0; i < LIMIT; i++) {
                int opcode = i == 0 ? 0x01 : i == LIMIT - 1 ? 0x80 : 0x00;
                connection.frame(opcode, new byte[] {'x'});
            }
            connection.drain();
        })) {
            manager = builder.build();
            assertThat(manager.create(peer.endpoint(), SOON).receive(SOON).text())
                    .isEqualTo("x".repeat(LIMIT));
        }
    }

    @Test
    void takesACharacterThatIsSplitOverFrames() throws Exception {
        byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.frame(0x01, new byte[] {euro[0]});
            connection.frame(0x89, new byte[0]);
            connection.frame(0x00, new byte[] {euro[1]});
            connection.frame(0x80, new byte[] {euro[2]});
            connection.drain();
        })) {
            manager = builder.build();
            assertThat(manager.create(peer.endpoint(), SOON).receive(SOON).text())
                    .isEqualTo("\u20ac");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c328", "e282", "eda080", "f4908080", "c0af", "ff", "80", "e0809f"})
    void refusesATextThatIsNotUtf8(String hex) throws Exception {
        byte[] bytes = new BigInteger("01" + hex, 16).toByteArray();
        byte[] payload = Arrays.copyOfRange(bytes, 1, bytes.length);
        var seen = new CompletableFuture<Integer>();
        var end = endOf(connection -> connection.frame(0x81, payload), seen);
        assertThat(end.code()).isEqualTo(1007);
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(1007);
    }

    @Test
    void refusesAMaskedFrame() throws Exception {
        var end = endOf(
                connection -> connection.write(new byte[] {(byte) 0x81, (byte) 0x81, 1, 2, 3, 4, 5}),
                new CompletableFuture<>());
        assertThat(end.code()).isEqualTo(1002);
        assertThat(end.getCause()).hasMessageContaining("mask");
    }

    @ParameterizedTest
    @ValueSource(ints = {1005, 1006, 1015, 999, 5000})
    void refusesACloseWithACodeThatMustNotBeSent(int code) throws Exception {
        var end = endOf(
                connection -> connection.frame(0x88, new byte[] {(byte) (code >> 8), (byte) code}),
                new CompletableFuture<>());
        assertThat(end.code()).isEqualTo(1002);
        assertThat(end.getCause()).hasMessageContaining("" + code);
    }

    @Test
    void survivesACloseWithoutACode() throws Exception {
        var end = endOf(connection -> connection.frame(0x88, new byte[0]), new CompletableFuture<>());
        assertThat(end.code()).isEqualTo(1005);
    }

    @Test
    void tellsAnEndInsideAFrame() throws Exception {
        var end = endOf(
                connection -> {
                    connection.write(new byte[] {(byte) 0x81, 100, 'a'});
                    connection.shutdownOutput();
                },
                new CompletableFuture<>());
        assertThat(end.code()).isEqualTo(1006);
    }

    @Test
    void failsWhenAFrameIsNotContinued() throws Exception {
        var end = endOf(
                connection -> {
                    connection.write(new byte[] {(byte) 0x81, 100, 'a'});
                    connection.hang();
                },
                new CompletableFuture<>());
        assertThat(end.code()).isEqualTo(1006);
    }

    @Test
    void refusesAnExtensionThatWasNotOffered() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade("Sec-WebSocket-Extensions: x-webkit-deflate-frame");
            connection.drain();
        })) {
            manager = builder.build();
            assertThatThrownBy(() -> manager.create(peer.endpoint(), SOON))
                    .isInstanceOf(WebSocketConnectException.class);
        }
    }

    @Test
    void offersNoCompressionUnlessToldTo() throws Exception {
        var request = new CompletableFuture<String>();
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            request.complete(connection.request());
            connection.drain();
        })) {
            connect(peer);
            assertThat(request.get(30, TimeUnit.SECONDS)).doesNotContain("Extensions");
        }
    }

    @Test
    void refusesAMessageThatInflatesToTooMuch() throws Exception {
        builder.compression(true);
        var seen = new CompletableFuture<Integer>();
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade("Sec-WebSocket-Extensions: permessage-deflate");
            connection.awaitGo();
            byte[] bomb = deflate(new byte[200_000]);
            assertThat(bomb).hasSizeLessThan(LIMIT);
            connection.frame(0xc2, bomb);
            seen.complete(connection.readCloseCode());
        })) {
            var managed = connect(peer);
            var lease = managed.lease();
            peer.go();
            var end = catchThrowableOfType(WebSocketClosedException.class, () -> lease.connection.receive(SOON));
            assertThat(end.code()).isEqualTo(1009);
            assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(1009);
        }
    }

    @Test
    void inflatesWhatAServerDeflates() throws Exception {
        builder.compression(true).maxMessageSize(1_000_000);
        manager = builder.build();
        try (var server = EchoServer.start()) {
            var connection = manager.create(server.endpoint("/a"), SOON);
            for (int i = 0; i < 20; i++) {
                String text = ("\u20ac" + i).repeat(1 + 3000 * (i % 3));
                connection.send(text);
                assertThat(connection.receive(SOON).text()).isEqualTo("/a|" + text);
            }
            byte[] bytes = new byte[500_000];
            connection.send(bytes);
            assertThat(connection.receive(SOON).toByteArray()).isEqualTo(bytes);
            assertThat(connection.stats().bytesIn()).isLessThan(100_000);
        }
    }

    private static byte[] deflate(byte[] bytes) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(bytes);
        var out = new ByteArrayOutputStream();
        byte[] chunk = new byte[1024];
        int count;
        do {
            count = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
            out.write(chunk, 0, count);
        } while (count == chunk.length);
        deflater.end();
        byte[] all = out.toByteArray();
        // Without the tail that the sender takes off.
        return Arrays.copyOf(all, all.length - 4);
    }

    private static byte[] header(int firstByte, long size) {
        ByteBuffer header = ByteBuffer.allocate(10).put((byte) firstByte);
        if (size >= 0 && size <= 0xffff) {
            header.put((byte) 126).putShort((short) size);
        } else {
            header.put((byte) 127).putLong(size);
        }
        return Arrays.copyOf(header.array(), header.position());
    }
}
