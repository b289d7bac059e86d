package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.datasource.AbstractDataSource;

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
    void aConnectReturnsNotBeforeItsDriverWhateverItsTimeout() throws Exception {
        var isConnecting = new CountDownLatch(1);
        var mayConnect = new CountDownLatch(1);
        var endpoint = JdbcEndpoint.dataSource(new Source(() -> {
            isConnecting.countDown();
            awaitUninterrupted(mayConnect);
            return H2.source("late").getConnection();
        }));
        var created = new CompletableFuture<Connection>();
        try (var manager = managerOf(endpoint)) {
            var thread = new Thread(() -> {
                try {
                    created.complete(manager.create("database", Duration.ofMillis(1)));
                } catch (Exception e) {
                    created.completeExceptionally(e);
                }
            });
            thread.start();
            isConnecting.await();
            assertThat(created).isNotDone();
            mayConnect.countDown();
            try (var connection = created.get(20, TimeUnit.SECONDS)) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void aConnectWhoseDriverHeedsNothingIsAbandonedAndCountedByThePool() {
        var mayConnect = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        try (var pool = JdbcPool.builder()
                .endpoint("database", new Source(() -> {
                    awaitUninterrupted(mayConnect);
                    return new StubDriver()
                            .on("close", arguments -> {
                                closed.countDown();
                                return null;
                            })
                            .connection();
                }))
                .connectTimeout(Duration.ofMillis(100))
                .acquireTimeout(SOON)
                .build()) {
            assertThatThrownBy(() -> pool.dataSource("database").getConnection())
                    .isInstanceOf(SQLException.class);
            assertThat(pool.stats().abandoned()).isEqualTo(1);
            mayConnect.countDown();
            await().until(() -> closed.getCount() == 0);
        }
    }

    @Test
    void aConnectToAServerThatSaysNothingEndsWithItsSocket() throws Exception {
        try (var silent = new ServerSocket(0)) {
            for (String vendor : List.of("postgresql", "mysql", "mariadb")) {
                var endpoint = JdbcEndpoint.url("jdbc:" + vendor + "://127.0.0.1:" + silent.getLocalPort() + "/a")
                        .credentials("me", "secret");
                try (var manager = managerOf(endpoint)) {
                    assertThatThrownBy(() -> manager.create("database", Duration.ofMillis(200)))
                            .as(vendor)
                            .isInstanceOf(SQLException.class);
                }
                try (var accepted = silent.accept()) {
                    accepted.setSoTimeout((int) SOON.toMillis());
                    while (accepted.getInputStream().read() >= 0) {
                        // what the driver has said
                    }
                } catch (SocketException e) {
                    // reset, which ends it as well
                }
            }
        }
    }

    @Test
    void theBoundOfTheConnectDoesNotBoundWhatComesAfterIt() throws Exception {
        var endpoint = Postgres.master().endpoint();
        try (var manager = managerOf(endpoint);
                var own = managerOf(endpoint.property("socketTimeout", "77"))) {
            try (var connection = manager.create("database", SOON)) {
                assertThat(connection.getNetworkTimeout()).isZero();
            }
            try (var connection = own.create("database", SOON)) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(77_000);
            }
        }
    }

    @Test
    void aDataSourceWithoutALoginTimeoutIsGivenTheTimeoutInWholeSeconds() throws Exception {
        var source = new Login();
        try (var manager = managerOf(JdbcEndpoint.dataSource(source))) {
            manager.create("database", Duration.ofMillis(1_200)).close();
            assertThat(source.seconds).isEqualTo(2);
            manager.create("database", Duration.ofSeconds(9)).close();
            assertThat(source.seconds).isEqualTo(2);
        }
    }

    /** Has a login timeout. */
    private static final class Login extends AbstractDataSource {
        private int seconds;

        @Override
        public Connection getConnection() {
            return new StubDriver().connection();
        }

        @Override
        public Connection getConnection(String user, String password) {
            return getConnection();
        }

        @Override
        public int getLoginTimeout() {
            return seconds;
        }

        @Override
        public void setLoginTimeout(int timeout) {
            seconds = timeout;
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
                    .isInstanceOf(SQLException.class);
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
    void aConnectThatWasInterruptedLeavesNoConnection() throws Exception {
        var driver = new StubDriver();
        var source = new Source(() -> {
            Thread.currentThread().interrupt();
            return driver.connection();
        });
        try (var manager = managerOf(JdbcEndpoint.dataSource(source))) {
            assertThatThrownBy(() -> manager.create("database", SOON)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(driver.calls()).contains("close()").doesNotContain("isReadOnly()");
        }
    }
}
