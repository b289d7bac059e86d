package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections are made, and how making them fails. */
@Timeout(60)
class ConnectTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static JdbcConnectionManager managerOf(JdbcEndpoint endpoint) {
        return JdbcConnectionManager.builder().endpoint("database", endpoint).build();
    }

    private static Throwable failureOf(JdbcEndpoint endpoint) {
        try (var manager = managerOf(endpoint)) {
            Throwable failure = catchThrowable(() -> manager.create("database", SOON));
            assertThat(failure).isNotNull();
            return failure;
        }
    }

    private static void assertHides(Throwable failure, String... secrets) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            assertThat(e.toString()).doesNotContain(secrets);
        }
    }

    @Test
    void credentialsAreAskedForAtEachConnect() throws Exception {
        var asked = new AtomicInteger();
        var endpoint = JdbcEndpoint.url(H2.url("asked")).credentials(() -> {
            asked.incrementAndGet();
            return Credentials.of("someone", "");
        });
        try (var manager = managerOf(endpoint);
                Connection one = manager.create("database", SOON);
                Connection two = manager.create("database", SOON)) {
            assertThat(asked).hasValue(2);
            assertThat(one.getMetaData().getUserName()).isEqualToIgnoringCase("someone");
            assertThat(two.isValid(1)).isTrue();
        }
    }

    @Test
    void aDataSourceIsGivenTheCredentials() throws Exception {
        var endpoint = JdbcEndpoint.dataSource(H2.source("given")).credentials("someone", "secret");
        try (var manager = managerOf(endpoint);
                Connection connection = manager.create("database", SOON)) {
            assertThat(connection.getMetaData().getUserName()).isEqualToIgnoringCase("someone");
        }
    }

    @Test
    void propertiesReachTheDriver() throws Exception {
        var endpoint = Postgres.master().endpoint().property("ApplicationName", "reports");
        try (var manager = managerOf(endpoint);
                Connection connection = manager.create("database", SOON)) {
            assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("reports");
        }
    }

    @Test
    void initialSqlThatFailsClosesTheConnection() throws Exception {
        int before = Postgres.master().sessions();
        assertThat(failureOf(Postgres.master().endpoint().initSql("select 1", "select nonsense")))
                .hasMessageContaining("nonsense");
        await().untilAsserted(() -> assertThat(Postgres.master().sessions()).isEqualTo(before));
    }

    @Test
    void aSourceOfCredentialsThatThrowsOrGivesNoneFailsTheConnect() {
        assertThat(failureOf(JdbcEndpoint.url(H2.url("none")).credentials(() -> {
                    throw new IllegalStateException("the vault is closed");
                })))
                .hasMessage("the vault is closed");
        assertThat(failureOf(JdbcEndpoint.url(H2.url("none")).credentials(() -> null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("credentials");
    }

    @Test
    void aConnectThatHangsIsGivenUpAndClosedWhenItComes() throws Exception {
        var mayConnect = new CountDownLatch(1);
        var opened = new CopyOnWriteArrayList<Connection>();
        var endpoint = JdbcEndpoint.dataSource(new Source(() -> {
            awaitUninterrupted(mayConnect);
            Connection connection = H2.source("late").getConnection();
            opened.add(connection);
            return connection;
        }));
        try (var manager = managerOf(endpoint)) {
            assertThatThrownBy(() -> manager.create("database", Duration.ofMillis(50)))
                    .isInstanceOf(SQLTimeoutException.class)
                    .hasMessageContaining("database")
                    .hasMessageContaining("50 ms");
            mayConnect.countDown();
            await().untilAsserted(() -> {
                assertThat(opened).hasSize(1);
                assertThat(opened.get(0).isClosed()).isTrue();
            });
        }
    }

    /** As a driver that does not heed interrupts. */
    private static void awaitUninterrupted(CountDownLatch latch) {
        for (; ; ) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // Not noticed.
            }
        }
    }

    @Test
    void initialSqlThatHangsIsCutAtTheTimeout() throws Exception {
        try (var manager = managerOf(Postgres.master().endpoint().initSql("select pg_sleep(60)"))) {
            assertThatThrownBy(() -> manager.create("database", Duration.ofMillis(500)))
                    .isInstanceOf(SQLTimeoutException.class);
        }
        // The server notices at its next attempt to write, or when asked.
        Postgres.master().killSessions();
    }

    @Test
    void aUrlThatNoDriverTakesIsNotRepeated() {
        assertThat(failureOf(JdbcEndpoint.url("jdbc:nobody://me:open-sesame@host/db")))
                .isInstanceOf(SQLException.class)
                .hasMessage("no JDBC driver is registered for jdbc:nobody");
    }

    @Test
    void secretsInADriversMessageAreMasked() {
        var h2 = JdbcEndpoint.url("jdbc:h2:mem:a;PASSWORD=open-sesame;NONSENSE=1");
        assertHides(failureOf(h2), "open-sesame");
        var echo = JdbcEndpoint.dataSource(failing("cannot connect with pass-word-1"))
                .credentials("me", "pass-word-1");
        assertThat(failureOf(echo)).hasMessage("cannot connect with ***");
        var userInfo = JdbcEndpoint.url("jdbc:postgresql://me:open%20sesame@:99999999/db?sslpassword=second-secret");
        assertHides(failureOf(userInfo), "open%20sesame", "open sesame", "second-secret");
    }

    @Test
    void aMaskedFailureKeepsStateAndCodeAndAnyOtherIsLeftAsItIs() {
        var secret = new SQLException("no: hunter22", "28000", 17);
        secret.setNextException(new SQLException("hunter22 again"));
        var masked = Secrets.of(null, java.util.Map.of(), Credentials.of("me", "hunter22"))
                .masked(secret);
        assertThat(masked.getMessage()).isEqualTo("no: ***");
        assertThat(masked.getSQLState()).isEqualTo("28000");
        assertThat(masked.getErrorCode()).isEqualTo(17);
        assertThat((Object) masked.getNextException()).isNull();
        var plain = new SQLException("no");
        assertThat((Object) Secrets.of("jdbc:x://a:bcd@e", java.util.Map.of("password", "12345"), null)
                        .masked(plain))
                .isSameAs(plain);
        var inCause = new SQLException("no", new SQLException("12345"));
        assertThat((Object) Secrets.of(null, java.util.Map.of("password", "12345"), null)
                        .masked(inCause))
                .isNotSameAs(inCause);
    }

    private static DataSource failing(String message) {
        return new Source(() -> {
            throw new SQLException(message, "28000");
        });
    }

    @Test
    void nothingPrintsAUrlOrAPassword() {
        var endpoint =
                JdbcEndpoint.url("jdbc:postgresql://me:open-sesame@host/db").credentials("me", "second-secret");
        assertThat(endpoint).hasToString("JdbcEndpoint(jdbc:postgresql)");
        assertThat(Credentials.of("me", "second-secret")).hasToString("Credentials(me)");
        try (var manager = managerOf(endpoint);
                var pool =
                        JdbcPool.builder().endpoint("a", endpoint).name("shop").build()) {
            assertThat(manager).hasToString("JdbcConnectionManager(jdbc, [database])");
            assertThat(pool.toString()).contains("shop").doesNotContain("sesame", "secret");
        }
    }

    @Test
    void afterTheManagersCloseConnectsFail() {
        var manager = managerOf(JdbcEndpoint.url(H2.url("closed")));
        manager.close();
        manager.close();
        assertThatThrownBy(() -> manager.create("database", SOON)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aConnectionOfSomebodyElsesIsRefused() throws Exception {
        try (var manager = managerOf(JdbcEndpoint.url(H2.url("foreign")));
                Connection foreign = H2.source("foreign").getConnection()) {
            assertThatThrownBy(() -> manager.dispose("database", foreign, SOON))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("org.h2.jdbc.JdbcConnection");
        }
    }

    @Test
    void anInterruptedConnectEndsAndLeavesNoConnection() throws Exception {
        try (var silent = new ServerSocket(0);
                var manager =
                        managerOf(JdbcEndpoint.url("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/a"))) {
            var failure = new CountDownLatch(1);
            var thread = new Thread(() -> {
                assertThatThrownBy(() -> manager.create("database", SOON)).isInstanceOf(InterruptedException.class);
                failure.countDown();
            });
            thread.start();
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            thread.interrupt();
            await().until(() -> failure.getCount() == 0);
        }
    }
}
