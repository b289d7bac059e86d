package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.jdbc.internal.lent.LentConnection;
import io.genericpool.support.CauseChain;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a pool of one connection does with any driver, whatever that does not support: each subclass names one. A part that a
 * driver cannot do is skipped where the test says so, and nothing else is.
 */
@Timeout(120)
abstract class DriverContract {
    private static final String SECRET = "open-sesame-42";

    private JdbcPool pool;

    /** A database with nothing in it, or with what earlier tests have left. */
    abstract JdbcEndpoint endpoint() throws Exception;

    /** An endpoint whose connect fails, and that holds this secret. */
    abstract JdbcEndpoint refusedEndpoint(String secret) throws Exception;

    /** The texts with which the database begins a transaction; none where it has no such text. */
    List<String> beginnings() {
        return List.of("BEGIN", "START TRANSACTION");
    }

    /** Names that the driver's {@code setSchema} and {@code setCatalog} may be given. */
    List<String> names() {
        return List.of("PUBLIC", "public", "nowhere");
    }

    /** Whether the database is one that tables can be made in. */
    boolean hasTables() {
        return true;
    }

    @BeforeEach
    final void start() throws Exception {
        pool = JdbcPool.builder()
                .endpoint("database", endpoint())
                .maxSize(1)
                .acquireTimeout(Duration.ofSeconds(60))
                // An embedded database starts with its first connection, which takes long on a busy machine.
                .pool(knobs -> knobs.alivenessBypass(Duration.ZERO).connectTimeout(Duration.ofSeconds(60)))
                .build();
        if (hasTables()) {
            try (var lease = lease();
                    var statement = lease.createStatement()) {
                dropIfThere(statement);
                statement.execute("create table notes (id int)");
            }
        }
    }

    private static void dropIfThere(Statement statement) {
        try {
            statement.execute("drop table notes");
        } catch (SQLException e) {
            // It is not there.
        }
    }

    @AfterEach
    final void stop() {
        if (pool != null) { // else the test was left out, since its server is not installed
            pool.close();
        }
    }

    private Connection lease() throws SQLException {
        return pool.dataSource("database").getConnection();
    }

    private void assertOneConnect() {
        await().until(() -> pool.stats().idle() == 1);
        await().untilAsserted(
                        () -> assertThat(pool.stats().created()).as("connects").isEqualTo(1));
    }

    // ---- leases

    @Test
    void manyLeasesThatAreCheckedEachTimeMakeOneConnect() throws Exception {
        for (int i = 0; i < 30; i++) {
            try (var lease = lease()) {
                assertThat(lease.isClosed()).isFalse();
            }
        }
        assertOneConnect();
    }

    @Test
    void anAbortedSessionIsNeverPooledAgain() throws Exception {
        try (var lease = lease()) {
            unused(catchThrowable(
                    () -> lease.abort(Runnable::run))); // where it is not supported, the lease has ended all the same
            assertThat(lease.isClosed()).isTrue();
        }
        lease().close();
        await().untilAsserted(() -> assertThat(pool.stats().created()).isEqualTo(2));
        assertThat(pool.stats().disposed(DisposeReason.DEAD)).isEqualTo(1);
    }

    @Test
    void statementsLeftOpenAreClosed() throws Exception {
        List<Statement> left = new ArrayList<>();
        try (var lease = lease()) {
            for (int i = 0; i < 5; i++) {
                left.add(lease.createStatement());
            }
            if (hasTables()) {
                left.add(lease.prepareStatement("select id from notes"));
            }
        }
        try (var next = lease()) {
            for (Statement statement : left) {
                assertThat(statement.isClosed()).isTrue();
                assertThat(catchThrowable(statement::getConnection)).isInstanceOf(SQLException.class);
            }
            assertThat(next.isClosed()).isFalse();
        }
        assertOneConnect();
    }

    // ---- settings

    private interface Getter {
        Object get() throws SQLException;
    }

    /** What a lease sees; a getter that fails says so each time. */
    private static Map<String, Object> seenBy(Connection lease) {
        Map<String, Object> seen = new LinkedHashMap<>();
        Map<String, Getter> getters = new LinkedHashMap<>();
        getters.put("autocommit", lease::getAutoCommit);
        getters.put("read-only", lease::isReadOnly);
        getters.put("isolation", lease::getTransactionIsolation);
        getters.put("catalog", lease::getCatalog);
        getters.put("schema", lease::getSchema);
        getters.put("holdability", lease::getHoldability);
        getters.put("network timeout", lease::getNetworkTimeout);
        getters.put("type map", () -> Objects.requireNonNullElse(lease.getTypeMap(), Map.of()));
        getters.put("client info", () -> notEmpty(lease.getClientInfo()));
        getters.forEach((name, getter) -> {
            try {
                seen.put(name, String.valueOf(getter.get()));
            } catch (SQLException e) {
                seen.put(name, "fails");
            }
        });
        return seen;
    }

    /** An empty one is as good as none. */
    private static Map<Object, Object> notEmpty(Properties clientInfo) {
        Map<Object, Object> filled = new HashMap<>(clientInfo == null ? Map.of() : clientInfo);
        filled.values().removeIf(value -> value.equals(""));
        return filled;
    }

    private interface Setting {
        void set(Connection lease) throws SQLException;
    }

    private Map<String, Setting> settings() {
        Map<String, Setting> settings = new LinkedHashMap<>();
        Executor never = task -> {};
        settings.put("autocommit off", lease -> lease.setAutoCommit(false));
        settings.put("read-only on", lease -> lease.setReadOnly(true));
        settings.put("read-only off", lease -> lease.setReadOnly(false));
        for (int level : new int[] {1, 2, 4, 8}) {
            settings.put("isolation " + level, lease -> lease.setTransactionIsolation(level));
        }
        settings.put("isolation -1", lease -> lease.setTransactionIsolation(-1));
        for (String name : names()) {
            settings.put("catalog " + name, lease -> lease.setCatalog(name));
            settings.put("schema " + name, lease -> lease.setSchema(name));
        }
        settings.put("same catalog", lease -> lease.setCatalog(lease.getCatalog()));
        settings.put("same schema", lease -> lease.setSchema(lease.getSchema()));
        settings.put("hold", lease -> lease.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT));
        settings.put("close", lease -> lease.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT));
        settings.put("type map", lease -> lease.setTypeMap(Map.of("a", String.class)));
        settings.put("client info", lease -> lease.setClientInfo("ApplicationName", "notes"));
        settings.put("client info of nobody's", lease -> lease.setClientInfo("no such name", "a"));
        settings.put("client infos", lease -> lease.setClientInfo(new Properties()));
        settings.put("network timeout", lease -> lease.setNetworkTimeout(Runnable::run, 5_000));
        settings.put("network timeout later", lease -> lease.setNetworkTimeout(never, 7_000));
        settings.put("negative network timeout", lease -> lease.setNetworkTimeout(Runnable::run, -1));
        return settings;
    }

    @Test
    void whateverALeaseSetsTheNextOneBeginsAsTheFirst() throws Exception {
        Map<String, Object> first;
        try (var lease = lease()) {
            first = seenBy(lease);
        }
        for (var setting : settings().entrySet()) {
            long before = pool.stats().created();
            try (var lease = lease()) {
                unused(catchThrowable(() -> setting.getValue().set(lease))); // many are refused by some driver
            }
            try (var next = lease()) {
                assertThat(seenBy(next)).as(setting.getKey()).isEqualTo(first);
            }
            assertThat(pool.stats().created() - before)
                    .as("connects because of " + setting.getKey())
                    .isEqualTo(connectsAfter(setting.getKey()));
        }
    }

    /** 1 for a setting that the driver can make and not undo. */
    int connectsAfter(String setting) {
        return 0;
    }

    @Test
    void allSettingsAtOnceAreSetBackToo() throws Exception {
        Map<String, Object> first;
        try (var lease = lease()) {
            first = seenBy(lease);
            settings().forEach((name, setting) -> {
                if (connectsAfter(name) == 0) {
                    unused(catchThrowable(() -> setting.set(lease)));
                }
            });
        }
        try (var next = lease()) {
            assertThat(seenBy(next)).isEqualTo(first);
        }
        assertOneConnect();
    }

    @Test
    void theNetworkTimeoutOfTheCheckIsGoneBeforeTheLease() throws Exception {
        Object first;
        try (var lease = lease()) {
            first = seenBy(lease).get("network timeout");
        }
        for (int i = 0; i < 100; i++) {
            try (var lease = lease()) {
                assertThat(seenBy(lease).get("network timeout")).isEqualTo(first);
            }
        }
        assertOneConnect();
    }

    // ---- transactions

    private interface Execution {
        void of(Connection lease, String text) throws SQLException;
    }

    private static Map<String, Execution> executions() {
        Map<String, Execution> executions = new LinkedHashMap<>();
        executions.put("execute", (lease, text) -> close(lease.createStatement(), s -> s.execute(text)));
        executions.put(
                "execute with keys",
                (lease, text) -> close(lease.createStatement(), s -> s.execute(text, Statement.RETURN_GENERATED_KEYS)));
        executions.put("executeUpdate", (lease, text) -> close(lease.createStatement(), s -> s.executeUpdate(text)));
        executions.put(
                "batch",
                (lease, text) -> close(lease.createStatement(), s -> {
                    s.addBatch(text);
                    s.executeBatch();
                }));
        executions.put(
                "prepared",
                (lease, text) -> close(lease.prepareStatement(text), s -> ((PreparedStatement) s).execute()));
        executions.put(
                "called", (lease, text) -> close(lease.prepareCall(text), s -> ((PreparedStatement) s).execute()));
        return executions;
    }

    private interface Use {
        void of(Statement statement) throws SQLException;
    }

    private static void close(Statement opened, Use use) throws SQLException {
        try (opened) {
            use.of(opened);
        }
    }

    @Test
    void aTransactionBegunByATextIsRolledBackAndTheNextHolderKeepsItsOwnRows() throws Exception {
        assumeThat(hasTables()).isTrue();
        for (String beginning : beginnings()) {
            for (var execution : executions().entrySet()) {
                for (String text : List.of(beginning, "/* x */ -- y\n " + beginning)) {
                    String how = execution.getKey() + " of " + text;
                    try (var lease = lease()) {
                        Throwable refusal =
                                catchThrowable(() -> execution.getValue().of(lease, text));
                        assertThat(refusal).as(how).isIn(null, refusal instanceof SQLException ? refusal : null);
                        insert(lease, 1, refusal != null);
                    }
                    try (var next = lease()) {
                        assertThat(count(next, 1)).as(how).isZero();
                        insert(next, 2, false);
                    }
                    try (var other = lease();
                            var statement = other.createStatement()) {
                        assertThat(count(other, 2)).as(how).isEqualTo(1);
                        statement.executeUpdate("delete from notes");
                    }
                }
            }
        }
        assertOneConnect();
    }

    private static void insert(Connection lease, int id, boolean nothing) throws SQLException {
        if (!nothing) {
            close(lease.createStatement(), s -> s.executeUpdate("insert into notes values (" + id + ")"));
        }
    }

    private static int count(Connection lease, int id) throws SQLException {
        try (var statement = lease.createStatement();
                var rows = statement.executeQuery("select count(*) from notes where id = " + id)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void whatIsNotCommittedIsRolledBack() throws Exception {
        assumeThat(hasTables()).isTrue();
        for (int i = 0; i < 3; i++) {
            try (var lease = lease()) {
                lease.setAutoCommit(false);
                insert(lease, 1, false);
            }
            try (var next = lease()) {
                assertThat(next.getAutoCommit()).isTrue();
                assertThat(count(next, 1)).isZero();
            }
        }
        assertOneConnect();
    }

    // ---- answers

    @Test
    void namesAreQuotedAsTheDriverDoes() throws Exception {
        try (var lease = lease();
                var statement = lease.createStatement();
                var prepared = hasTables() ? lease.prepareStatement("select id from notes") : lease.createStatement()) {
            Statement drivers = lease.unwrap(driversConnection(lease)).createStatement();
            for (Statement asked : List.of(statement, prepared)) {
                for (String name : List.of("select", "a", "A b", "1")) {
                    assertThat(answer(() -> asked.enquoteIdentifier(name, false)))
                            .isEqualTo(answer(() -> drivers.enquoteIdentifier(name, false)));
                    assertThat(answer(() -> asked.isSimpleIdentifier(name)))
                            .isEqualTo(answer(() -> drivers.isSimpleIdentifier(name)));
                }
                assertThat(answer(() -> asked.enquoteLiteral("it's")))
                        .isEqualTo(answer(() -> drivers.enquoteLiteral("it's")));
                assertThat(answer(() -> asked.enquoteNCharLiteral("it's")))
                        .isEqualTo(answer(() -> drivers.enquoteNCharLiteral("it's")));
            }
            drivers.close();
        }
    }

    private static String answer(Getter getter) {
        try {
            return String.valueOf(getter.get());
        } catch (SQLException e) {
            return "fails: " + e.getMessage();
        }
    }

    private static Class<? extends Connection> driversConnection(Connection lease) {
        return ((LentConnection) lease).getInnermostDelegate().getClass();
    }

    // ---- secrets

    @Test
    void aConnectThatFailsDoesNotRepeatWhatIsSecret() throws Exception {
        try (var refused =
                JdbcPool.builder().endpoint("refused", refusedEndpoint(SECRET)).build()) {
            Throwable failure =
                    catchThrowable(() -> refused.dataSource("refused").getConnection());
            assertThat(failure).isInstanceOf(SQLException.class);
            assertThat(CauseChain.all(failure))
                    .allSatisfy(e -> assertThat(e.toString()).doesNotContain(SECRET));
        }
    }

    /** Some drivers refuse what is tried, and others do it. */
    private static void unused(Throwable refusal) {}
}
