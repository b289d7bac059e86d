package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.testkit.FakePoolClock;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each callback of users that a connect asks, in each way in which it can misbehave, once; connects after it succeed. */
@Timeout(60)
class UserCodeTest {
    private enum Callback {
        RESOLVER,
        SOCKS_CREDENTIALS,
        HTTP_CREDENTIALS,
        SERVER_NAME,
        PARAMETERS,
        TRUST_MANAGER
    }

    private enum Misdeed {
        THROWS_AN_ERROR,
        THROWS_AN_EXCEPTION,
        LEAVES_ITS_INTERRUPT_FLAG,
        CONNECTS_ITSELF,
        BLOCKS
    }

    static Stream<Arguments> all() {
        return Stream.of(Callback.values())
                .flatMap(callback -> Stream.of(Misdeed.values()).map(misdeed -> Arguments.of(callback, misdeed)));
    }

    private final List<Peer> peers = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final TunnelProxy proxy = new TunnelProxy();
    private Peer plain;
    private Peer secure;

    @BeforeEach
    void start() throws Exception {
        plain = add(Peer.tcp(this::echo));
        secure = add(Peer.tls(Kind.CERTIFICATES.server(), this::echo));
    }

    @AfterEach
    void stop() throws Exception {
        for (Peer peer : peers) {
            peer.close();
        }
    }

    private Peer add(Peer peer) {
        peers.add(peer);
        return peer.forgetting();
    }

    private void echo(Peer.End end) throws Exception {
        open.incrementAndGet();
        try {
            Peer.echo(end);
        } finally {
            open.decrementAndGet();
        }
    }

    private InternetManagerBuilder<?> builder(Callback callback, Runnable code) throws Exception {
        return switch (callback) {
            case RESOLVER ->
                TcpConnectionManager.builder().resolver(host -> {
                    code.run();
                    return List.of(InetAddress.getLoopbackAddress());
                });
            case SOCKS_CREDENTIALS ->
                proxied(SocketProxy.socks5(add(Peer.tcp(proxy::socks)).endpoint()), code);
            case HTTP_CREDENTIALS ->
                proxied(SocketProxy.httpConnect(add(Peer.tcp(proxy::http)).endpoint()), code);
            case SERVER_NAME ->
                tls(Kind.CERTIFICATES.client()).serverName(endpoint -> {
                    code.run();
                    return "localhost";
                });
            case PARAMETERS -> tls(Kind.CERTIFICATES.client()).customizeParameters(parameters -> code.run());
            case TRUST_MANAGER -> tls(trusting(code));
        };
    }

    private static TcpConnectionManagerBuilder proxied(SocketProxy proxy, Runnable code) {
        return TcpConnectionManager.builder().proxy(proxy.withCredentials(() -> {
            code.run();
            return new PasswordAuthentication("user", "password".toCharArray());
        }));
    }

    /** Each handshake is a whole one, so that each asks the trust manager. */
    private static TlsConnectionManagerBuilder tls(SSLContext context) {
        context.getClientSessionContext().setSessionTimeout(1);
        return TlsConnectionManager.builder().sslContext(context).verifyHostName(false);
    }

    private static SSLContext trusting(Runnable code) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(
                null,
                new TrustManager[] {
                    new X509TrustManager() {
                        @Override
                        public void checkClientTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public void checkServerTrusted(X509Certificate[] chain, String type) {
                            code.run();
                        }

                        @Override
                        public X509Certificate[] getAcceptedIssuers() {
                            return new X509Certificate[0];
                        }
                    }
                },
                null);
        return context;
    }

    /** The same server; another name at each call where names are looked up, since lookups of one host are shared. */
    private TcpEndpoint endpoint(Callback callback, int number) {
        return switch (callback) {
            case RESOLVER -> plain.endpoint("host" + number + ".example");
            case SOCKS_CREDENTIALS, HTTP_CREDENTIALS -> plain.endpoint();
            case SERVER_NAME, PARAMETERS, TRUST_MANAGER -> secure.endpoint();
        };
    }

    @ParameterizedTest
    @MethodSource("all")
    void aCallbackThatMisbehavesHarmsOneConnectAtMost(Callback callback, Misdeed misdeed) throws Exception {
        proxy.login = "user:password";
        check(callback, misdeed, InternetManagerBuilder::build);
        check(callback, misdeed, InternetManagerBuilder::buildAsync);
        await().atMost(SOON).until(() -> open.get() == 0);
    }

    private interface Builder<C> {
        AsyncConnectionManager<TcpEndpoint, C> build(InternetManagerBuilder<?> builder);
    }

    private <C> void check(Callback callback, Misdeed misdeed, Builder<C> way) throws Exception {
        var isFirst = new AtomicBoolean(true);
        var failure = new AtomicReference<Throwable>();
        var built = new AtomicReference<AsyncConnectionManager<TcpEndpoint, C>>();
        var isBlocked = new CountDownLatch(1);
        var mayGoOn = new CountDownLatch(1);
        var manager = way.build(builder(callback, () -> {
            if (!isFirst.getAndSet(false)) {
                return;
            }
            switch (misdeed) {
                case THROWS_AN_ERROR -> fail(failure, new NoClassDefFoundError("thrown by a test"));
                case THROWS_AN_EXCEPTION -> fail(failure, new IllegalStateException("thrown by a test"));
                case LEAVES_ITS_INTERRUPT_FLAG -> Thread.currentThread().interrupt();
                case CONNECTS_ITSELF -> useUnchecked(built.get(), endpoint(callback, 2));
                case BLOCKS -> {
                    isBlocked.countDown();
                    awaitUnchecked(mayGoOn);
                }
            }
        }));
        built.set(manager);
        switch (misdeed) {
            case THROWS_AN_ERROR, THROWS_AN_EXCEPTION ->
                assertThatThrownBy(() -> use(manager, endpoint(callback, 1)))
                        .satisfies(e -> assertThat(causes(e)).contains(failure.get()));
            case LEAVES_ITS_INTERRUPT_FLAG, CONNECTS_ITSELF -> use(manager, endpoint(callback, 1));
            case BLOCKS -> {
                var stuck = manager.createAsync(endpoint(callback, 1), Duration.ofSeconds(2))
                        .toCompletableFuture();
                assertThat(isBlocked.await(20, TimeUnit.SECONDS)).isTrue();
                use(manager, endpoint(callback, 2));
                assertThatThrownBy(() -> Talk.await(stuck)).isInstanceOf(SocketTimeoutException.class);
                mayGoOn.countDown();
            }
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        for (int i = 3; i < 6; i++) {
            use(manager, endpoint(callback, i));
        }
    }

    private static void fail(AtomicReference<Throwable> thrown, Throwable failure) {
        thrown.set(failure);
        Kind.<RuntimeException>throwIt(failure);
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (Throwable each = failure; each != null && causes.size() < 20; each = each.getCause()) {
            causes.add(each);
        }
        return causes;
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static <C> void useUnchecked(AsyncConnectionManager<TcpEndpoint, C> manager, TcpEndpoint endpoint) {
        try {
            use(manager, endpoint);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static <C> void use(AsyncConnectionManager<TcpEndpoint, C> manager, TcpEndpoint endpoint) throws Exception {
        C connection = manager.create(endpoint, SOON);
        if (connection instanceof SocketConnection blocking) {
            assertThat(Talk.ask(blocking, "hello")).isEqualTo("hello");
        } else {
            assertThat(Talk.ask((AsyncSocketConnection) connection, "hello")).isEqualTo("hello");
        }
        manager.dispose(endpoint, connection, DisposeReason.CLOSED, SOON);
    }

    /** What depends on a connect is not ours, and must not run where it would hold up all others. */
    @ParameterizedTest
    @EnumSource(
            value = Callback.class,
            names = {"RESOLVER", "PARAMETERS"})
    void whatDependsOnAConnectHoldsUpNoOther(Callback callback) throws Exception {
        var isAttached = new CountDownLatch(1); // before the connect goes on: else it would run on the test's thread
        InternetManagerBuilder<?> builder = builder(callback, () -> awaitUnchecked(isAttached));
        var clock = new FakePoolClock();
        builder.clock = clock;
        var manager = builder.build();
        var mayGoOn = new CountDownLatch(1);
        var isBlocked = new CountDownLatch(2);
        var ended = new CopyOnWriteArrayList<CompletableFuture<?>>();
        ended.add(manager.createAsync(endpoint(callback, 1), SOON)
                .thenAccept(connection -> {
                    isBlocked.countDown();
                    awaitUnchecked(mayGoOn);
                    connection.close();
                })
                .toCompletableFuture());
        isAttached.countDown();
        try (var silent = new Refused.FullBacklog()) {
            var late = TcpEndpoint.of("127.0.0.1", silent.endpoint().port());
            ended.add(manager.createAsync(late, Duration.ofSeconds(10))
                    .handle((connection, failure) -> {
                        isBlocked.countDown();
                        awaitUnchecked(mayGoOn);
                        return failure;
                    })
                    .toCompletableFuture());
            var other = manager.createAsync(late, Duration.ofSeconds(10)).toCompletableFuture();
            clock.advance(Duration.ofSeconds(10));
            assertThat(isBlocked.await(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> Talk.await(other)).isInstanceOf(SocketTimeoutException.class);
            use(manager, endpoint(callback, 2));
        }
        mayGoOn.countDown();
        for (CompletableFuture<?> each : ended) {
            Talk.await(each);
        }
    }

    /** What user code finds must not depend on the thread that happens to make the first connect. */
    @ParameterizedTest
    @EnumSource
    void callbacksSeeNothingOfTheFirstCallersThread(Callback callback) throws Exception {
        proxy.login = "user:password";
        var inherited = new InheritableThreadLocal<String>();
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        var seen = new CopyOnWriteArrayList<String>();
        Runnable look = () -> seen.add(
                inherited.get() + (Thread.currentThread().getContextClassLoader() == own ? "" : ", foreign loader"));
        var manager = builder(callback, look).buildAsync();
        var caller = new CompletableFuture<Void>();
        try (var foreign = new URLClassLoader(new URL[0], null)) {
            var thread = new Thread(() -> {
                inherited.set("a caller's secret");
                Thread.currentThread().setContextClassLoader(foreign);
                try {
                    AsyncSocketConnection connection = manager.create(endpoint(callback, 1), SOON);
                    connection.write(ByteBuffer.wrap(new byte[1]), "", handler(look));
                    await().atMost(SOON).until(() -> seen.size() >= 2);
                    connection.close();
                    caller.complete(null);
                } catch (Throwable e) {
                    caller.completeExceptionally(e);
                }
            });
            thread.start();
            Talk.await(caller);
        }
        assertThat(seen).hasSizeGreaterThanOrEqualTo(2).containsOnly("null");
    }

    private static CompletionHandler<Integer, Object> handler(Runnable completed) {
        return new CompletionHandler<>() {
            @Override
            public void completed(Integer count, Object attachment) {
                completed.run();
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                throw new AssertionError(failure);
            }
        };
    }

    @Test
    void whatAHandlerThrowsIsToldAndTheConnectionGoesOn() throws Exception {
        var told = new CopyOnWriteArrayList<Throwable>();
        ExecutorService threads = Executors.newSingleThreadExecutor(task -> {
            var thread = new Thread(task);
            thread.setUncaughtExceptionHandler((unused, failure) -> told.add(failure));
            return thread;
        });
        var connection =
                TcpConnectionManager.builder().executor(threads).buildAsync().create(plain.endpoint(), SOON);
        for (Throwable failure : List.of(new StackOverflowError("a"), new IllegalStateException("b"))) {
            connection.write(ByteBuffer.wrap(new byte[1]), "", handler(() -> Kind.throwIt(failure)));
            await().atMost(SOON).until(() -> told.contains(failure));
            Talk.receive(connection, 1);
        }
        connection.close();
        threads.shutdown();
    }

    @Test
    void aHandlerIsToldThoughTheExecutorRefuses() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        var refuses = new AtomicBoolean();
        var connection = TcpConnectionManager.builder()
                .executor(task -> {
                    if (refuses.get()) {
                        throw new RejectedExecutionException("full");
                    }
                    threads.execute(task);
                })
                .buildAsync()
                .create(plain.endpoint(), SOON);
        refuses.set(true);
        var told = new CountDownLatch(2);
        connection.write(ByteBuffer.wrap(new byte[1]), "", handler(told::countDown));
        connection.read(ByteBuffer.allocate(1), "", handler(told::countDown));
        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        connection.close();
        threads.shutdown();
    }
}
