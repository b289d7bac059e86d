package io.genericpool.tcp.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.tcp.Kind;
import io.genericpool.tcp.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IoLoopTest {
    private static final String NAME = "loop-under-test";

    private static boolean hasThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(NAME));
    }

    private static SelectorWatch watch(IoLoop loop, Peer server) throws Exception {
        var address = server.endpoint();
        var channel = SocketChannel.open(new InetSocketAddress(address.host(), address.port()));
        channel.configureBlocking(false);
        return new SelectorWatch(loop, channel);
    }

    @Test
    void theThreadEndsAfterASocketThatWasClosedOnIt() throws Exception {
        try (var server = Peer.tcp(Peer::hold)) {
            var watch = watch(new IoLoop(NAME), server);
            watch.whenReadable(watch::close);
            await().until(IoLoopTest::hasThread);
            server.end(0).send("x");
            await().atMost(Duration.ofSeconds(20)).until(() -> !hasThread());
        }
    }

    @Test
    void theThreadEndsAfterASocketThatWasTakenOutOnIt() throws Exception {
        try (var server = Peer.tcp(Peer::hold)) {
            var watch = watch(new IoLoop(NAME), server);
            watch.whenReadable(watch::detach);
            await().until(IoLoopTest::hasThread);
            server.end(0).send("x");
            await().atMost(Duration.ofSeconds(20)).until(() -> !hasThread());
            watch.close();
        }
    }

    /** As when a wake-up is lost that came while a select returned: the loop hears of the key by a task alone. */
    @Test
    void theThreadEndsAfterAKeyWhoseCancellationWokeNobody() throws Exception {
        try (var server = Peer.tcp(Peer::hold)) {
            var loop = new IoLoop(NAME);
            var address = server.endpoint();
            try (var channel = SocketChannel.open(new InetSocketAddress(address.host(), address.port()))) {
                channel.configureBlocking(false);
                var key = new CompletableFuture<SelectionKey>();
                loop.execute(() -> key.complete(register(channel, loop)));
                SelectionKey registered = key.get(20, TimeUnit.SECONDS);
                loop.execute(registered::cancel);
                await().atMost(Duration.ofSeconds(20)).until(() -> !hasThread());
            }
        }
    }

    private static SelectionKey register(SocketChannel channel, IoLoop loop) {
        try {
            return channel.register(loop.selector(), 0);
        } catch (ClosedChannelException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLoopWhoseSelectorBreaksStartsAnewWithWhatIsLeftToDo() throws Exception {
        var loop = new IoLoop(NAME);
        var after = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                loop.selector().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        loop.execute(after::countDown);
        assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
        try (var server = Peer.tcp(Peer::hold)) {
            var watch = watch(loop, server);
            var readable = new CountDownLatch(1);
            watch.whenReadable(readable::countDown);
            server.end(0).send("x");
            assertThat(readable.await(20, TimeUnit.SECONDS)).isTrue();
            watch.close();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !hasThread());
    }

    @Test
    void neitherAnErrorNorItsHandlersOwnEndsTheLoop() throws Exception {
        var before = Thread.getDefaultUncaughtExceptionHandler();
        var told = new CopyOnWriteArrayList<Throwable>();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            told.add(failure);
            throw new IllegalStateException("thrown by a test");
        });
        try {
            var loop = new IoLoop(NAME);
            for (Throwable failure : List.of(new StackOverflowError("a"), new IllegalStateException("b"))) {
                var after = new CountDownLatch(1);
                loop.execute(() -> Kind.throwIt(failure));
                loop.execute(() -> Thread.currentThread().interrupt());
                loop.execute(after::countDown);
                assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(told).contains(failure);
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !hasThread());
    }
}
