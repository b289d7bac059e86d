package io.genericpool.reliability.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.PoolException;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.RefusingPort;
import io.genericpool.websocket.WebSocketPool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An endpoint may hold a password, a handshake may carry a token: neither is to be read anywhere. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SecretsTest {
    private static final String SECRET = "hunter2-the-secret";

    /** As a careless caller writes it: its {@code toString()} tells everything. */
    private record Login(String host, String password) {}

    private final List<String> said = new CopyOnWriteArrayList<>();

    private void say(Object thing) {
        said.add(String.valueOf(thing));
    }

    private void say(Throwable failure) {
        var words = new StringWriter();
        failure.printStackTrace(new PrintWriter(words));
        said.add(words.toString());
    }

    /** A listener that notes the text of whatever it is told. */
    @SuppressWarnings("unchecked")
    private PoolListener<Login> listener() {
        return (PoolListener<Login>) Proxy.newProxyInstance(
                PoolListener.class.getClassLoader(),
                new Class<?>[] {PoolListener.class},
                (proxy, method, arguments) -> {
                    if (arguments != null) {
                        List.of(arguments).forEach(this::say);
                    }
                    return null;
                });
    }

    /** Connects to what answers, refuses the rest; each hook fails once. */
    private static final class Troubled implements ConnectionManager<Login, Object> {
        private final AtomicBoolean hasFailedToReset = new AtomicBoolean();
        private final AtomicBoolean hasFailedToDispose = new AtomicBoolean();

        @Override
        public Object create(Login endpoint, Duration timeout) throws IOException {
            if (endpoint.host.equals("down")) {
                throw new IOException("refused");
            }
            return new Object();
        }

        @Override
        public void onRelease(Login endpoint, Object connection) throws IOException {
            if (hasFailedToReset.compareAndSet(false, true)) {
                throw new IOException("cannot be reset");
            }
        }

        @Override
        public void dispose(Login endpoint, Object connection, DisposeReason reason, Duration timeout)
                throws IOException {
            dispose(endpoint, connection, timeout);
        }

        @Override
        public void dispose(Login endpoint, Object connection, Duration timeout) throws IOException {
            if (hasFailedToDispose.compareAndSet(false, true)) {
                throw new IOException("cannot be disposed");
            }
        }
    }

    @Test
    void anEndpointIsKnownByItsLabelAloneInErrorsEventsLogsAndStatistics() throws Exception {
        var up = new Login("up", SECRET);
        try (var log = new LogLines()) {
            ConnectionPool<Login, Object> pool = ConnectionPools.builder(new Troubled())
                    .endpointLabel(Login::host)
                    .listener(listener())
                    .maxSize(1)
                    .maxWaiters(1)
                    .maxEndpoints(3)
                    .leakDetectionThreshold(Duration.ofMillis(20))
                    .name("secrets")
                    .build();
            pool.connection(up).release(); // the reset fails
            var lease = pool.connection(up);
            say(lease);
            say(catchThrowableOfType(PoolException.class, () -> pool.connection(up, Duration.ofMillis(100))));
            var waits = pool.connectionAsync(up);
            say(catchThrowableOfType(PoolException.class, () -> pool.connection(up)));
            say(waits);
            say(pool.stats());
            pool.stats(up).ifPresent(this::say);
            say(catchThrowableOfType(
                    PoolException.class, () -> pool.connection(new Login("down", SECRET), Duration.ofSeconds(1))));
            pool.suspend(new Login("suspended", SECRET), SuspendMode.FAIL);
            say(catchThrowableOfType(PoolException.class, () -> pool.connection(new Login("suspended", SECRET))));
            pool.suspend(new Login("third", SECRET), SuspendMode.WAIT);
            say(catchThrowableOfType(PoolException.class, () -> pool.connection(new Login("fourth", SECRET))));
            say(catchThrowableOfType(IllegalStateException.class, () -> {
                lease.release();
                lease.connection();
            }));
            say(pool.config());
            say(pool);
            say(pool.close(Duration.ofSeconds(1)));
            say(catchThrowableOfType(PoolException.class, () -> pool.connection(up)));

            assertThat(said).hasSizeGreaterThan(20).noneMatch(words -> words.contains(SECRET));
            assertThat(said).anyMatch(words -> words.contains("up"));
            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
        }
    }

    @Test
    void neitherTokenNorHeaderNorUserOfAWebSocketIsToldWhenItCannotBeReached() throws Exception {
        try (var log = new LogLines();
                var refusing = new RefusingPort()) {
            var pool = WebSocketPool.builder()
                    .name("secrets")
                    .baseUri("ws://127.0.0.1:" + refusing.number() + "/")
                    .header("Authorization", "Bearer " + SECRET)
                    .build();
            String path = "/chat?token=" + SECRET;
            say(pool.endpoint(path));
            say(catchThrowableOfType(PoolException.class, () -> pool.connection(path, Duration.ofSeconds(2))));
            say(pool.stats());
            say(pool.traffic());
            say(pool.pool().config());
            say(pool.pool());
            say(pool);
            say(pool.close(Duration.ofSeconds(1)));

            assertThat(said).hasSize(8).noneMatch(words -> words.contains(SECRET));
            assertThat(log.lines()).noneMatch(line -> line.contains(SECRET));
        }
    }
}
