package io.genericpool.fleet.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.RealWait;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PostgresEngineTest {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static PostgresServer postgres;

    private long sequence;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = new PostgresServer();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    private static PostgresEngine engine(String schema, Duration timeout) {
        return PostgresEngine.builder(postgres.source())
                .schema(schema)
                .timeout(timeout)
                .build();
    }

    private static PostgresEngine installed(String schema) throws SQLException {
        PostgresEngine engine = engine(schema, PATIENCE);
        engine.install();
        return engine;
    }

    private Batch batch(String fleet, Claim... claims) {
        return new Batch(fleet, "session", ++sequence, LEASE, 0, 0, Batch.Kind.CHANGES, List.of(claims));
    }

    private static Reply ask(FleetEngine engine, Batch batch) throws Exception {
        return engine.sync(batch).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
    }

    private static Throwable failure(FleetEngine engine, Batch batch) throws InterruptedException {
        try {
            engine.sync(batch).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
            throw new AssertionError("it did not fail");
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    // ---- bad input

    @Test
    void aBuilderRefusesWhatMakesNoSense() {
        PostgresEngineBuilder builder = PostgresEngine.builder(postgres.source());
        for (String schema : List.of("", "1a", "A", "a\"b", "a.b", "x".repeat(64))) {
            assertThatThrownBy(() -> builder.schema(schema))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + schema + "'");
        }
        assertThatThrownBy(() -> builder.timeout(Duration.ofMillis(9)))
                .hasMessage("timeout must be 10 ms to 1 h, but is 9 ms");
    }

    @Test
    void aBatchThatPostgresCannotHoldFails() throws Exception {
        try (PostgresEngine engine = engine("none", PATIENCE)) {
            assertThat(failure(engine, batch("a\0b")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fleet must not contain the character 0")
                    .hasMessageContaining("'a\\0b'");
            assertThat(failure(engine, batch("f", new Claim("x".repeat(2_000), 1, 0, 0, 0))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most 2000 bytes")
                    .hasMessageContaining("2008");
            assertThat(failure(
                            engine,
                            new Batch("f", "s", 1, Duration.ofDays(1_001), 0, 0, Batch.Kind.CHANGES, List.of())))
                    .hasMessage("lease must be at most 1000 days, but is 1001");
        }
    }

    @Test
    void theLongestNamesAreKept() throws Exception {
        try (PostgresEngine engine = installed("long_names")) {
            var random = new SplittableRandom(1); // a text that cannot be compressed
            var name = new StringBuilder();
            while (name.length() < 1_992) {
                name.append((char) random.nextInt('!', '~'));
            }
            var claim = new Claim(name.toString(), 3, 2, 2, 0);
            Reply reply =
                    ask(engine, new Batch("f", "session", 1, LEASE, 0, 2, Batch.Kind.RESTATEMENT, List.of(claim)));
            assertThat(reply.grants().get(0).share()).isEqualTo(2);
        }
    }

    @Test
    void aLedgerThatWasNotInstalledFailsCalls() throws Exception {
        try (PostgresEngine engine = engine("nowhere", PATIENCE)) {
            assertThat(failure(engine, batch("f")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("nowhere");
            engine.install();
            assertThat(ask(engine, batch("f")).applied()).isTrue();
        }
    }

    @Test
    void severalProcessesMayInstallItAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Object>> installs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Callable<Object> install = () -> {
                    installed("by_many").close();
                    return "done";
                };
                installs.add(threads.submit(install));
            }
            for (Future<Object> install : installs) {
                assertThat(install.get(60, TimeUnit.SECONDS)).isEqualTo("done");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    // ---- many at once

    /** Calls of one fleet that name the same endpoints in any order: none fails, and the books are right after it. */
    @Test
    void callsAtOnceDoNotDeadlock() throws Exception {
        int cap = 7;
        try (PostgresEngine installed = installed("crowd")) {
            var first = new Batch("f", "first", 1, Duration.ofMillis(200), 0, 0, Batch.Kind.RESTATEMENT, List.of());
            ask(installed, first);
            TimeUnit.MILLISECONDS.sleep(300); // by the server's clock: then it has learnt
        }
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<Object>> callers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int number = i;
                Callable<Object> caller = () -> {
                    try (PostgresEngine engine = engine("crowd", PATIENCE)) {
                        return play(engine, "s" + number, cap, new SplittableRandom(number));
                    }
                };
                callers.add(threads.submit(caller));
            }
            for (Future<Object> caller : callers) {
                assertThat((Integer) caller.get(100, TimeUnit.SECONDS))
                        .as("grants")
                        .isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(query("select count(*) from crowd.account a where a.granted > " + cap))
                .isZero();
        assertThat(query("select count(*) from crowd.account"))
                .as("each session kept something or wants something")
                .isPositive();
        assertThat(query("select count(*) from crowd.account a join (select endpoint, sum(granted) g, count(*) n, "
                        + "count(*) filter (where wanted > 0) c, count(*) filter (where place > 0) w from crowd.entry "
                        + "group by endpoint) e using (endpoint) "
                        + "where (a.granted, a.entries, a.contenders, a.waiting) <> (e.g, e.n, e.c, e.w)"))
                .as("sums that differ from their entries")
                .isZero();
    }

    private static Object play(PostgresEngine engine, String session, int cap, SplittableRandom random)
            throws Exception {
        Map<String, Integer> shares = new HashMap<>();
        int grants = 0;
        for (int i = 1; i <= 120; i++) {
            List<Claim> claims = new ArrayList<>();
            for (int e : random.ints(0, 5).distinct().limit(3).toArray()) {
                int share = random.nextInt(shares.getOrDefault("e" + e, 0) + 1);
                shares.put("e" + e, share);
                claims.add(new Claim("e" + e, cap, share, random.nextInt(5), random.nextInt(2)));
            }
            long sum = shares.values().stream().mapToLong(Integer::longValue).sum();
            Reply reply = ask(engine, new Batch("f", session, i, LEASE, 0, sum, Batch.Kind.CHANGES, claims));
            assertThat(reply.restate()).isFalse();
            for (Grant grant : reply.grants()) {
                shares.put(grant.endpoint(), grant.share());
                grants += grant.share();
            }
        }
        return grants;
    }

    private static long query(String sql) throws SQLException {
        try (Connection connection = postgres.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    // ---- failures

    @Test
    void aFleetThatIsLockedFailsCallsInTime() throws Exception {
        try (PostgresEngine engine = installed("locked");
                PostgresEngine impatient = engine("locked", Duration.ofMillis(200));
                Connection other = postgres.source().getConnection()) {
            ask(engine, batch("f"));
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("select * from locked.fleet for update");
            }
            long start = System.nanoTime();
            assertThat(failure(impatient, batch("f"))).isInstanceOf(Exception.class);
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
            other.rollback();
            assertThat(ask(engine, batch("f")).applied()).isTrue();
        }
    }

    /** As a server does that accepts a connection and says nothing. The driver's timeouts are off by default. */
    @Test
    void anAttemptToConnectThatHangsDoesNotHoldUpTheNext() throws Exception {
        installed("hanging").close();
        var late = new CompletableFuture<Connection>();
        var end = new CountDownLatch(1);
        try (PostgresEngine engine = PostgresEngine.builder(hangingOnce(end, late))
                .schema("hanging")
                .timeout(Duration.ofSeconds(2))
                .build()) {
            long start = System.nanoTime();
            assertThat(failure(engine, batch("f"))).isInstanceOf(Exception.class);
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
            assertThat(ask(engine, batch("f")).applied()).isTrue();
            end.countDown();
            Connection connection = late.get(RealWait.NANOS, TimeUnit.NANOSECONDS);
            while (!connection.isClosed()) {
                assertThat(System.nanoTime() - start)
                        .as("what comes late is ended")
                        .isLessThan(RealWait.NANOS);
                TimeUnit.MILLISECONDS.sleep(2); // it has no other sign
            }
        } finally {
            end.countDown();
        }
    }

    @Test
    void noMoreThanSixteenAttemptsHangAtOnce() throws Exception {
        var end = new CountDownLatch(1);
        var connector = new Connector(hanging(attempt -> true, end, new CompletableFuture<>()), 1_000_000);
        try {
            for (int i = 0; i < 16; i++) {
                assertThatThrownBy(connector::connect)
                        .isInstanceOf(SQLTimeoutException.class)
                        .hasMessage("no connection within 1 ms");
            }
            assertThatThrownBy(connector::connect)
                    .isInstanceOf(SQLTimeoutException.class)
                    .hasMessageContaining("16 attempts to connect hang")
                    .hasMessageContaining("loginTimeout");
        } finally {
            end.countDown();
        }
    }

    private static DataSource hangingOnce(CountDownLatch end, CompletableFuture<Connection> late) {
        return hanging(attempt -> attempt == 1, end, late);
    }

    private static DataSource hanging(IntPredicate hangs, CountDownLatch end, CompletableFuture<Connection> late) {
        var attempts = new AtomicInteger();
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (!hangs.test(attempts.incrementAndGet())) {
                        return postgres.source().getConnection();
                    }
                    end.await();
                    late.complete(postgres.source().getConnection());
                    return late.join();
                });
    }

    @Test
    void aConnectionThatWasCutIsReplaced() throws Exception {
        try (PostgresEngine engine = installed("cut")) {
            ask(engine, batch("f"));
            postgres.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
                    + "and query like '%cut%step%'");
            assertThat(ask(engine, batch("f")).applied()).isTrue();
        }
    }

    @Test
    void afterItsCloseAllCallsFailAndNoConnectionIsLeft() throws Exception {
        PostgresEngine engine = installed("closed");
        ask(engine, batch("f"));
        FleetEngine.Subscription subscription = engine.subscribe("f", "session", endpoints -> {});
        CompletableFuture<Reply> locked;
        try (Connection other = postgres.source().getConnection()) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("select * from closed.fleet for update");
            }
            locked = engine.sync(batch("f")).toCompletableFuture();
            engine.close();
            engine.close();
            assertThatThrownBy(() -> locked.get(RealWait.NANOS, TimeUnit.NANOSECONDS))
                    .cause()
                    .hasMessage("the engine is closed");
            other.rollback();
        }
        subscription.close();
        assertThat(failure(engine, batch("f"))).isInstanceOf(IOException.class);
        long start = System.nanoTime();
        while (query("select count(*) from pg_stat_activity where query like '%closed%' and pid <> pg_backend_pid()")
                > 0) {
            assertThat(System.nanoTime() - start).as("a connection is left").isLessThan(RealWait.NANOS);
            TimeUnit.MILLISECONDS.sleep(10); // the server notices it by itself
        }
    }
}
