package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Databases whose names are not known at the start. */
@Timeout(60)
class TenantTest {
    private final Set<String> tenants = ConcurrentHashMap.newKeySet();
    private final AtomicReference<String> current = new AtomicReference<>();
    private final JdbcPool pool = JdbcPool.builder()
            .endpoint("shared", H2.source("shared"))
            .endpoints(name -> tenants.contains(name) ? JdbcEndpoint.url(H2.url(name)) : null)
            .maxSize(2)
            .build();

    @AfterEach
    void stop() {
        pool.close();
    }

    private static String database(JdbcDataSource source) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select database()")) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void aDataSourceUsesTheDatabaseThatItsSupplierNamesNow() throws Exception {
        JdbcDataSource source = pool.dataSource(current::get);
        tenants.addAll(Set.of("acme", "globex"));
        for (String tenant : new String[] {"acme", "globex", "shared", "acme"}) {
            current.set(tenant);
            assertThat(source.endpoint()).isEqualTo(tenant);
            assertThat(database(source)).isEqualToIgnoringCase(tenant);
        }
        assertThat(pool.endpoints()).containsExactlyInAnyOrder("shared", "acme", "globex");
        assertThat(pool.stats().created()).isEqualTo(3);
    }

    @Test
    void aTenantThatIsAddedLaterNeedsNoNewPool() throws Exception {
        assertThatThrownBy(() -> pool.dataSource("late")).isInstanceOf(IllegalArgumentException.class);
        tenants.add("late");
        assertThat(database(pool.dataSource("late"))).isEqualTo("LATE");
        assertThat(pool.dataSource("late"))
                .isEqualTo(pool.dataSource("late"))
                .hasSameHashCodeAs(pool.dataSource("late"))
                .isNotEqualTo(pool.dataSource("shared"));
    }

    @Test
    void aTenantThatIsNotKnownIsAnErrorThatNamesItAndIsNotTriedAgain() {
        current.set("nosuch");
        assertThatThrownBy(() -> pool.dataSource(current::get).getConnection())
                .isInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessageContaining("nosuch");
        current.set(null);
        assertThatThrownBy(() -> pool.dataSource(current::get).getConnection())
                .isInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessageContaining("the supplier of the endpoint returned null");
        assertThat(pool.pool().endpoints()).isEmpty();
    }
}
