package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users of this module get no commons-logging and no API of JTA 1 with it: DBCP asks for both, no type that is used here does. */
@Timeout(60)
class LeanClassPathTest {
    private static final String LOGGING = "org.apache.commons.logging.";

    @Test
    void theModuleBringsNoCommonsLogging() throws IOException {
        List<URL> found = Collections.list(
                getClass().getClassLoader().getResources(LOGGING.replace('.', '/') + "LogFactory.class"));
        // Of the tests: Spring's own, and the one for the module path.
        assertThat(found).isNotEmpty().allSatisfy(url -> assertThat(url.toString())
                .containsAnyOf("/spring-jcl/", "/jcl-over-slf4j/")
                .doesNotContain("/commons-logging/"));
    }

    /** It has the coordinates of JTA 2, which Hibernate needs: Maven would take one for the other. */
    @Test
    void theModuleDoesNotStandInTheWayOfJta2() throws Exception {
        assertThat(Class.forName("jakarta.transaction.Transaction")).isInterface();
    }

    private static boolean isUnneeded(String name) {
        return name.startsWith(LOGGING)
                || (name.startsWith("javax.transaction.") && !name.startsWith("javax.transaction.xa."));
    }

    @Test
    void everythingWorksWithoutThem() throws Exception {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        try (var loader = new Without(asked)) {
            Class<?> work = loader.loadClass(Work.class.getName());
            assertThat(work).isNotSameAs(Work.class);
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                var constructor = work.getDeclaredConstructor();
                constructor.setAccessible(true);
                assertThat(((Callable<?>) constructor.newInstance()).call()).isEqualTo("1 row, not 2");
            } finally {
                thread.setContextClassLoader(before);
            }
        }
        assertThat(asked).isEmpty();
    }

    /** The class path once more, without these packages. */
    private static final class Without extends URLClassLoader {
        private final Set<String> asked;

        Without(Set<String> asked) {
            super(classPath(), ClassLoader.getPlatformClassLoader());
            this.asked = asked;
        }

        private static URL[] classPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Without::url)
                    .toArray(URL[]::new);
        }

        private static URL url(String entry) {
            try {
                return Path.of(entry).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(entry, e);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (isUnneeded(name)) {
                asked.add(name);
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    /** A use of each type of DBCP that a lease is made of, with a failure, a transaction undone and what is left open. */
    static final class Work implements Callable<String> {
        @Override
        public String call() throws Exception {
            try (var pool = JdbcPool.builder()
                    .endpoint("database", "jdbc:h2:mem:without-logging;DB_CLOSE_DELAY=-1")
                    .maxSize(1)
                    .build()) {
                work(pool);
                try (var connection = pool.dataSource("database").getConnection();
                        var rows = connection.createStatement().executeQuery("select count(*) from t")) {
                    rows.next();
                    return rows.getInt(1) + " row, not 2";
                }
            }
        }

        private static void work(JdbcPool pool) throws SQLException {
            var connection = pool.dataSource("database").getConnection();
            connection.createStatement().execute("create table t (id int primary key, name varchar)");
            var insert = connection.prepareStatement("insert into t values (?, ?)");
            insert.setInt(1, 1);
            insert.setString(2, "one");
            insert.addBatch();
            insert.executeBatch();
            var call = connection.prepareCall("call abs(?)");
            call.setInt(1, -7);
            call.execute();
            try (var tables = connection.getMetaData().getTables(null, null, "T", null)) {
                tables.next();
            }
            var updatable = connection.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE, ResultSet.CONCUR_UPDATABLE);
            var rows = updatable.executeQuery("select id, name from t");
            rows.next();
            rows.updateString(2, "uno");
            rows.updateRow();
            try {
                connection.createStatement().execute("no SQL");
                throw new IllegalStateException("no SQL was accepted");
            } catch (SQLException expected) {
                connection.clearWarnings();
            }
            connection.setAutoCommit(false);
            connection.createStatement().execute("insert into t values (2, 'two')");
            connection.close(); // all statements are left open, and what was not committed is rolled back
        }
    }
}
