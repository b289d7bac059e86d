package io.genericpool.websocket.internal.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okio.Buffer;
import okio.Sink;
import okio.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;

@org.junit.jupiter.api.Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class OutboundFramesTest {
    private final Network network = new Network();
    private final OutboundFrames frames = new OutboundFrames(network, new Silence());

    private static final class Silence implements FrameEvents {
        @Override
        public void onMessageBegun() {}

        @Override
        public void onPong(long id) {}

        @Override
        public void onViolation(FrameViolation violation) {}

        @Override
        public void onWritten() {}
    }

    /** Behaves as OkHttp's sink: not to be written after its close, nor to be closed while it is written. */
    private static class Network implements Sink {
        final Buffer written = new Buffer();
        volatile boolean closed;
        volatile boolean closedWhileWriting;
        private volatile boolean writing;

        void onWrite() throws IOException {}

        @Override
        public void write(Buffer source, long byteCount) throws IOException {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            writing = true;
            onWrite();
            written.write(source, byteCount);
            writing = false;
        }

        @Override
        public void flush() {}

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {
            closed = true;
            closedWhileWriting |= writing;
        }
    }

    private static Buffer text() {
        return new Buffer().write(new byte[] {(byte) 0x81, (byte) 0x81, 1, 2, 3, 4, 5});
    }

    @Test
    void sendsNoPingAfterItsClose() throws Exception {
        frames.close();
        frames.ping(7);
        assertThat(network.written.size()).isZero();
        assertThat(frames.pings.get()).isZero();
    }

    @Test
    void sendsNothingAfterACloseFrame() throws Exception {
        frames.write(new Buffer().write(new byte[] {(byte) 0x88, (byte) 0x80, 1, 2, 3, 4}), 6);
        frames.ping(7);
        assertThat(network.written.size()).isEqualTo(6);
        assertThatThrownBy(() -> frames.write(text(), 7)).isInstanceOf(IOException.class);
    }

    @Test
    void waitsAtItsCloseForAPingThatIsBeingWritten() throws Exception {
        var writing = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var slow = new Network() {
            @Override
            void onWrite() throws IOException {
                writing.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        var outbound = new OutboundFrames(slow, new Silence());
        var pinging = CompletableFuture.runAsync(() -> outbound.ping(7));
        assertThat(writing.await(10, TimeUnit.SECONDS)).isTrue();
        var closer = new Thread(() -> {
            try {
                outbound.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        closer.start();
        await().until(() -> slow.closed || closer.getState() == Thread.State.WAITING);
        goOn.countDown();
        pinging.get(10, TimeUnit.SECONDS);
        closer.join();
        assertThat(slow.closed).isTrue();
        assertThat(slow.closedWhileWriting).isFalse();
    }

    @Test
    void hasCountedAMessageBeforeItsPeerCanAnswerIt() throws Exception {
        long[] counted = new long[2];
        var watching = new OutboundFrames[1];
        var answering = new Network() {
            @Override
            void onWrite() {
                counted[0] = watching[0].messages.get();
                counted[1] = watching[0].pings.get();
            }
        };
        watching[0] = new OutboundFrames(answering, new Silence());
        watching[0].write(text(), 7);
        assertThat(counted).containsExactly(1, 0);
        watching[0].ping(7);
        assertThat(counted).containsExactly(1, 1);
    }

    @Test
    void sendsNothingAfterHalfAFrame() {
        var broken = new Network() {
            @Override
            void onWrite() throws IOException {
                throw new IOException("reset");
            }
        };
        var outbound = new OutboundFrames(broken, new Silence());
        assertThatThrownBy(() -> outbound.write(text(), 7)).hasMessage("reset");
        assertThatThrownBy(() -> outbound.write(text(), 7)).hasMessageContaining("a close was sent");
    }
}
