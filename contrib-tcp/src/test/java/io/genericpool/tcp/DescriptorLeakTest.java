package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 20,000 connects of all kinds, most of which meet a fault at some stage, leave the process with the descriptors it had.
 * Client and server are in this process, so what either of them leaks shows. {@code -Dtcp.connects=n} makes it another
 * number.
 */
@Timeout(300)
class DescriptorLeakTest {
    private static final int CONNECTS = Integer.getInteger("tcp.connects", 20_000);
    private static final int THREADS = 4;
    private static final Duration TOO_SHORT = Duration.ofMillis(20);

    @TempDir
    private Path directory;

    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private Peer plain;
    private Peer secure;
    private Peer resetting;
    private Peer silent;
    private Peer file;
    private TcpEndpoint nobody;

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @Test
    void descriptorsAreAsBeforeWhateverHappens() throws Exception {
        assumeThat(ManagementFactory.getOperatingSystemMXBean()).isInstanceOf(UnixOperatingSystemMXBean.class);
        runAll(400); // opens what the JDK keeps open: its trust store, its source of random numbers
        System.gc();
        long before = descriptors();
        runAll(CONNECTS);
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before));
        assertThat(connected.get() + failed.get()).isEqualTo(CONNECTS + 400);
        assertThat(connected).hasValueGreaterThan(CONNECTS / 2);
        assertThat(failed).hasValueGreaterThan(CONNECTS / 20);
    }

    private void runAll(int connects) throws Exception {
        plain = Peer.tcp(FaultyServer::obey).forgetting();
        secure = Peer.tls(Kind.CERTIFICATES.server(), FaultyServer::obey).forgetting();
        resetting = Peer.tcp(Peer.End::reset).forgetting();
        silent = Peer.tcp(Peer::hold).forgetting();
        file = Peer.unix(directory.resolve("server" + connects), FaultyServer::obey)
                .forgetting();
        nobody = Refused.endpoint();
        var next = new AtomicInteger();
        var threads = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < THREADS; i++) {
            var ended = new CompletableFuture<Void>();
            threads.add(ended);
            new Thread(() -> {
                        try {
                            while (next.getAndIncrement() < connects) {
                                one(new SplittableRandom(next.get()), directory.resolve("server" + connects));
                            }
                            ended.complete(null);
                        } catch (Throwable e) {
                            ended.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        for (var thread : threads) {
            thread.get(250, TimeUnit.SECONDS);
        }
        for (Peer peer : new Peer[] {plain, secure, resetting, silent, file}) {
            peer.close();
        }
    }

    private final Clients<TcpEndpoint> tcp = new Clients<>(TcpConnectionManager.builder());
    private final Clients<TcpEndpoint> tls =
            new Clients<>(TlsConnectionManager.builder().sslContext(Kind.CERTIFICATES.client()));
    private final Clients<Path> unix = new Clients<>(UnixSocketConnectionManager.builder());

    private void one(SplittableRandom random, Path path) throws Exception {
        switch (random.nextInt(40)) {
            case 0 -> use(tls, secure.endpoint(), SOON, random);
            case 1 -> use(tls, silent.endpoint(), TOO_SHORT, random);
            case 2 -> use(tls, resetting.endpoint(), SOON, random);
            case 3 -> use(tls, secure.endpoint("localhost.localdomain"), SOON, random); // a wrong name, or unknown
            case 4, 5, 6, 7 -> use(unix, path, SOON, random);
            case 8 -> use(unix, directory.resolve("missing"), SOON, random);
            case 9, 10, 11 -> use(tcp, nobody, SOON, random);
            case 12, 13, 14, 15 -> use(tcp, resetting.endpoint(), SOON, random);
            default -> use(tcp, plain.endpoint(), SOON, random);
        }
    }

    private <E> void use(Clients<E> clients, E endpoint, Duration timeout, SplittableRandom random) throws Exception {
        if (random.nextInt(10) == 0) {
            cancel(clients.blocking, endpoint);
        } else if (random.nextBoolean()) {
            use(clients.blocking, endpoint, timeout, random, (connection, order) -> {
                connection.readTimeout(Duration.ofSeconds(5));
                connection.output().write(order);
                if (random.nextBoolean()) {
                    connection.output().write(order);
                    connection.input().read();
                }
                clients.blocking.checkAliveness(endpoint, connection, SOON);
            });
        } else {
            use(clients.async, endpoint, timeout, random, (connection, order) -> {
                Talk.await(connection.write(ByteBuffer.wrap(new byte[] {order, order})));
                if (random.nextBoolean()) {
                    Talk.await(connection.read(ByteBuffer.allocate(1)));
                }
            });
        }
    }

    private <E, C> void cancel(AsyncConnectionManager<E, C> manager, E endpoint) throws Exception {
        var connect = manager.createAsync(endpoint, SOON).toCompletableFuture();
        if (!connect.cancel(true)) {
            try {
                manager.dispose(endpoint, connect.get(), DisposeReason.CLOSED, SOON);
            } catch (ExecutionException e) {
                // It has failed before.
            }
        }
        failed.incrementAndGet();
    }

    /** Does what leads to an end of the connection. */
    private interface Use<C> {
        void of(C connection, byte order) throws Exception;
    }

    private <E, C> void use(
            AsyncConnectionManager<E, C> manager, E endpoint, Duration timeout, SplittableRandom random, Use<C> use)
            throws Exception {
        C connection;
        try {
            connection = manager.create(endpoint, timeout);
        } catch (IOException e) {
            failed.incrementAndGet();
            return;
        }
        connected.incrementAndGet();
        byte order = (byte) random.nextInt(FaultyServer.values().length);
        try {
            use.of(connection, order);
        } catch (IOException e) {
            // What the order was for.
        }
        manager.dispose(endpoint, connection, anyReason(random), SOON);
    }

    private static DisposeReason anyReason(SplittableRandom random) {
        return DisposeReason.values()[random.nextInt(DisposeReason.values().length)];
    }

    private static final class Clients<E> {
        final SocketConnectionManager<E> blocking;
        final AsyncSocketConnectionManager<E> async;

        Clients(SocketManagerBuilder<E, ?> builder) {
            blocking = builder.build();
            async = builder.buildAsync();
        }
    }
}
