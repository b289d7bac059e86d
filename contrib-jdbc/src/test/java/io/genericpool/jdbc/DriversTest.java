package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which driver connects: found by the thread that configures, whoever is first to connect. */
@Timeout(60)
class DriversTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final List<String> ASKED = new CopyOnWriteArrayList<>();

    /** Takes the URLs of its name. */
    abstract static class NamedDriver implements Driver {
        abstract String name();

        @Override
        public Connection connect(String url, Properties properties) throws SQLException {
            ASKED.add(getClass().getSimpleName());
            properties.setProperty("left by", getClass().getSimpleName());
            return new StubDriver().connection();
        }

        @Override
        public boolean acceptsURL(String url) throws SQLException {
            return url.startsWith("jdbc:" + name() + ":");
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }
    }

    /** Is registered nowhere: an application's class loader tells of it. */
    public static final class ProvidedDriver extends NamedDriver {
        @Override
        String name() {
            return "provided";
        }
    }

    /** Accepts every URL of its kind and connects to none. */
    static final class RefusingDriver extends NamedDriver {
        @Override
        String name() {
            return "shared";
        }

        @Override
        public Connection connect(String url, Properties properties) throws SQLException {
            super.connect(url, properties);
            return null;
        }
    }

    static final class FailingToAcceptDriver extends NamedDriver {
        @Override
        String name() {
            return "shared";
        }

        @Override
        public boolean acceptsURL(String url) throws SQLException {
            throw new SQLException("cannot say");
        }
    }

    static final class WillingDriver extends NamedDriver {
        private Properties given;

        @Override
        String name() {
            return "shared";
        }

        @Override
        public Connection connect(String url, Properties properties) throws SQLException {
            given = properties;
            return super.connect(url, properties);
        }
    }

    private final List<Driver> registered = new CopyOnWriteArrayList<>();

    private void register(Driver driver) throws SQLException {
        DriverManager.registerDriver(driver);
        registered.add(driver);
    }

    @AfterEach
    void deregister() throws SQLException {
        ASKED.clear();
        for (Driver driver : registered) {
            DriverManager.deregisterDriver(driver);
        }
    }

    private static JdbcConnectionManager managerOf(String url) {
        return JdbcConnectionManager.builder()
                .endpoint("database", JdbcEndpoint.url(url))
                .build();
    }

    /** Has a provider file of its own, as the class loader of a web application has. */
    private static final class ApplicationLoader extends ClassLoader {
        private final String providers;

        ApplicationLoader(String providers) {
            super(DriversTest.class.getClassLoader());
            this.providers = providers;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            if (!name.equals("META-INF/services/java.sql.Driver")) {
                return super.getResources(name);
            }
            return Collections.enumeration(List.of(new URL(null, "memory:providers", new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {}

                        @Override
                        public InputStream getInputStream() {
                            return new ByteArrayInputStream(providers.getBytes(StandardCharsets.UTF_8));
                        }
                    };
                }
            })));
        }
    }

    private static JdbcConnectionManager builtIn(ClassLoader application, String url) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(application);
        try {
            return managerOf(url);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void aDriverOfTheApplicationsClassLoaderIsFoundByAThreadThatDoesNotHaveThat() throws Exception {
        var application = new ApplicationLoader(ProvidedDriver.class.getName());
        try (var manager = builtIn(application, "jdbc:provided:a")) {
            var connected = new CompletableFuture<Boolean>();
            var thread = new Thread(() -> {
                try (var connection = manager.create("database", SOON)) {
                    connected.complete(connection.isValid(1));
                } catch (Exception e) {
                    connected.completeExceptionally(e);
                }
            });
            thread.setContextClassLoader(null);
            thread.start();
            assertThat(connected.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ASKED).containsExactly("ProvidedDriver");
    }

    @Test
    void aProviderThatCannotBeLoadedDoesNotHideTheNext() throws Exception {
        var application = new ApplicationLoader(
                "no.such.Driver\n" + DriversTest.class.getName() + "\n" + ProvidedDriver.class.getName());
        try (var manager = builtIn(application, "jdbc:provided:a")) {
            manager.create("database", SOON).close();
        }
    }

    @Test
    void aDriverThatIsRegisteredAfterTheManagerWasBuiltIsFoundToo() throws Exception {
        try (var manager = managerOf("jdbc:shared:a")) {
            assertThatThrownBy(() -> manager.create("database", SOON))
                    .hasMessage("no JDBC driver is registered for jdbc:shared");
            register(new WillingDriver());
            manager.create("database", SOON).close();
        }
    }

    @Test
    void whenADriverThatAcceptsTheUrlGivesNoConnectionTheNextIsAsked() throws Exception {
        var willing = new WillingDriver();
        register(new FailingToAcceptDriver());
        register(new RefusingDriver());
        register(willing);
        try (var manager = managerOf("jdbc:shared:a")) {
            manager.create("database", SOON).close();
        }
        assertThat(ASKED).containsExactly("RefusingDriver", "WillingDriver");
        assertThat(willing.given.getProperty("left by")).isEqualTo("WillingDriver");
    }

    @Test
    void whenNoDriverThatAcceptsTheUrlGivesAConnectionTheErrorSaysSo() throws Exception {
        register(new RefusingDriver());
        try (var manager = managerOf("jdbc:shared://me:secret@a")) {
            assertThatThrownBy(() -> manager.create("database", SOON))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("no JDBC driver that accepts the URL for jdbc:shared returned a connection");
        }
    }
}
