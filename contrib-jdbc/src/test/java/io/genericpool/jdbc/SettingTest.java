package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Drivers that lack a getter or a setter, or fail in one. */
@Timeout(60)
class SettingTest {
    private static final int LEASES = 5;

    /** Sets a setting by a lease. */
    private interface Use {
        void of(Connection lease) throws SQLException;
    }

    /** A getter, its setter, and a use of the setter. */
    private record Pair(String getter, String setter, Use use) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair("isReadOnly", "setReadOnly", lease -> lease.setReadOnly(true)),
            new Pair("getTransactionIsolation", "setTransactionIsolation", lease -> lease.setTransactionIsolation(8)),
            new Pair("getCatalog", "setCatalog", lease -> lease.setCatalog("a")),
            new Pair("getSchema", "setSchema", lease -> lease.setSchema("a")),
            new Pair("getHoldability", "setHoldability", lease -> lease.setHoldability(2)),
            new Pair("getNetworkTimeout", "setNetworkTimeout", lease -> lease.setNetworkTimeout(Runnable::run, 9)),
            new Pair("getTypeMap", "setTypeMap", lease -> lease.setTypeMap(Map.of("a", String.class))),
            new Pair("getClientInfo", "setClientInfo", lease -> lease.setClientInfo("a", "b")));

    /** In how many ways drivers say that they do not have a method. */
    private static Map<String, Throwable> refusals() {
        Map<String, Throwable> refusals = new LinkedHashMap<>();
        refusals.put("feature", new SQLFeatureNotSupportedException("not supported"));
        refusals.put("state", new SQLException("not supported", "0A000"));
        refusals.put("odbc", new SQLException("not supported", "IM001"));
        refusals.put("plain", new SQLException("not supported"));
        refusals.put("runtime", new UnsupportedOperationException("not supported"));
        refusals.put("old", new AbstractMethodError("not there"));
        return refusals;
    }

    private interface Check {
        void of(Pair pair, StubDriver.Answer refusal) throws Exception;
    }

    private static Stream<DynamicTest> ofEveryPair(Check check) {
        return PAIRS.stream().flatMap(pair -> refusals().entrySet().stream()
                .map(refusal -> DynamicTest.dynamicTest(
                        pair.setter + ", " + refusal.getKey(),
                        () -> check.of(pair, arguments -> {
                            throw refusal.getValue();
                        }))));
    }

    private static void assertConnects(StubDriver driver, Use use, int connects) throws Exception {
        try (var pool = JdbcPool.builder()
                .endpoint("database", driver.source())
                .maxSize(1)
                .pool(knobs -> knobs.alivenessBypass(java.time.Duration.ZERO))
                .build()) {
            for (int i = 0; i < LEASES; i++) {
                try (var lease = pool.dataSource("database").getConnection()) {
                    unused(catchThrowable(() -> use.of(lease)));
                }
            }
            await().until(() ->
                    pool.stats().idle() + connects > 1 && pool.stats().pending() == 0);
            await().untilAsserted(() -> assertThat(pool.stats().created()).isEqualTo(connects));
        }
    }

    @TestFactory
    Stream<DynamicTest> aGetterThatFailsCostsNoConnection() {
        return ofEveryPair(
                (pair, refusal) -> assertConnects(new StubDriver().on(pair.getter, refusal), lease -> {}, 1));
    }

    @TestFactory
    Stream<DynamicTest> aSetterThatIsRefusedHasChangedNothingEvenIfItsGetterAnswers() {
        return ofEveryPair((pair, refusal) -> assertConnects(new StubDriver().on(pair.setter, refusal), pair.use, 1));
    }

    @TestFactory
    Stream<DynamicTest> whereBothAreMissingNothingHasChanged() {
        return ofEveryPair((pair, refusal) ->
                assertConnects(new StubDriver().on(pair.setter, refusal).on(pair.getter, refusal), pair.use, 1));
    }

    /** Otherwise the next lease would begin with what nobody knows of. */
    @TestFactory
    Stream<DynamicTest> whatCanBeSetAndNotReadCostsTheConnection() {
        return ofEveryPair(
                (pair, refusal) -> assertConnects(new StubDriver().on(pair.getter, refusal), pair.use, LEASES));
    }

    @Test
    void aSetterThatDoesNothingWhereTheGetterSaysNullCostsNothing() throws Exception {
        for (String name : List.of("Schema", "Catalog")) {
            var driver = new StubDriver().on("get" + name, arguments -> null).on("set" + name, arguments -> null);
            assertConnects(
                    driver,
                    lease -> {
                        if (name.equals("Schema")) {
                            lease.setSchema("a");
                        } else {
                            lease.setCatalog("a");
                        }
                    },
                    1);
        }
    }

    @Test
    void aSetterThatFailsAfterItHasSetIsUndone() throws Exception {
        var schema = new String[] {"before"};
        var driver = new StubDriver().on("getSchema", arguments -> schema[0]).on("setSchema", arguments -> {
            schema[0] = (String) arguments[0];
            if (schema[0].equals("broken")) {
                throw new SQLException("set, and failed", "XX000");
            }
            return null;
        });
        try (var pool = JdbcPool.builder().endpoint("database", driver.source()).build()) {
            try (var lease = pool.dataSource("database").getConnection()) {
                assertThat(catchThrowable(() -> lease.setSchema("broken"))).hasMessage("set, and failed");
            }
            await().until(() -> pool.stats().idle() == 1);
            assertThat(schema[0]).isEqualTo("before");
            await().untilAsserted(() -> assertThat(pool.stats().created()).isEqualTo(1));
        }
    }

    @Test
    void aRefusedSetterAfterAGoodOneDoesNotHideTheFirst() throws Exception {
        var refuses = new boolean[1];
        var schema = new String[] {"before"};
        var driver = new StubDriver().on("getSchema", arguments -> schema[0]).on("setSchema", arguments -> {
            if (refuses[0]) {
                throw new SQLFeatureNotSupportedException("only once");
            }
            schema[0] = (String) arguments[0];
            return null;
        });
        try (var pool = JdbcPool.builder().endpoint("database", driver.source()).build()) {
            try (var lease = pool.dataSource("database").getConnection()) {
                lease.setSchema("changed");
                refuses[0] = true;
                unused(catchThrowable(() -> lease.setSchema("other")));
                refuses[0] = false;
            }
            await().until(() -> pool.stats().idle() == 1);
            assertThat(schema[0]).isEqualTo("before");
        }
    }

    @Test
    void theDriversRefusalReachesTheHolderAsItIs() throws Exception {
        var driver = new StubDriver().unsupported("setSchema", "getHoldability");
        try (var pool = JdbcPool.builder().endpoint("database", driver.source()).build();
                var lease = pool.dataSource("database").getConnection()) {
            assertThat(catchThrowable(() -> lease.setSchema("a")))
                    .isInstanceOf(SQLFeatureNotSupportedException.class)
                    .hasMessage("setSchema is not supported");
            assertThat(catchThrowable(lease::getHoldability)).isInstanceOf(SQLFeatureNotSupportedException.class);
        }
    }

    @Test
    void aCheckOrAClearingOfWarningsThatTheDriverDoesNotHaveIsNoDeath() throws Exception {
        for (var refusal : refusals().entrySet()) {
            if (refusal.getKey().equals("plain")) {
                continue; // that a check fails is what a check is for
            }
            StubDriver.Answer answer = arguments -> {
                throw refusal.getValue();
            };
            assertConnects(
                    new StubDriver().on("isValid", answer).on("clearWarnings", answer),
                    lease -> lease.createStatement().execute("select 1"),
                    1);
        }
    }

    /** Some drivers refuse what is tried, and others do it. */
    private static void unused(Throwable refusal) {}
}
