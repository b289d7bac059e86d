package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's JdbcTemplate and transactions use the {@code DataSource} as it is. */
@Timeout(60)
class SpringTest {
    private JdbcPool pool;
    private JdbcTemplate master;
    private TransactionTemplate transaction;

    @BeforeEach
    void start() throws Exception {
        pool = JdbcPool.builder()
                .endpoint("master", Postgres.master().endpoint())
                .endpoint("replica", Postgres.replica().endpoint().readOnly(true))
                .maxSize(2)
                .acquireTimeout(Duration.ofSeconds(20))
                .build();
        master = new JdbcTemplate(pool.dataSource("master"));
        transaction = new TransactionTemplate(new DataSourceTransactionManager(pool.dataSource("master")));
        master.execute("drop table if exists people");
        master.execute("create table people (id serial primary key, name text unique)");
    }

    @AfterEach
    void stop() {
        pool.close();
    }

    @Test
    void statementsRunAndConnectionsComeBack() {
        for (int i = 0; i < 20; i++) {
            master.update("insert into people (name) values (?)", "person " + i);
        }
        assertThat(master.queryForObject("select count(*) from people", Integer.class))
                .isEqualTo(20);
        Number id = new SimpleJdbcInsert(master)
                .withTableName("people")
                .usingGeneratedKeyColumns("id")
                .usingColumns("name")
                .executeAndReturnKey(Map.of("name", "one more"));
        assertThat(id.intValue()).isEqualTo(21);
        assertThat(pool.stats().leased()).isZero();
        assertThat(pool.stats("master").orElseThrow().created()).isEqualTo(1);
    }

    @Test
    void aTransactionIsCommittedOrRolledBackAsAWhole() {
        transaction.executeWithoutResult(status -> master.update("insert into people (name) values ('kept')"));
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    master.update("insert into people (name) values ('lost')");
                    master.update("insert into people (name) values ('kept')");
                }))
                .isInstanceOf(DuplicateKeyException.class);
        assertThat(master.queryForList("select name from people", String.class)).containsExactly("kept");
    }

    @Test
    void aReadOnlyTransactionLeavesNothingBehind() {
        transaction.setReadOnly(true);
        transaction.setIsolationLevel(TransactionTemplate.ISOLATION_SERIALIZABLE);
        assertThatThrownBy(() -> transaction.executeWithoutResult(
                        status -> master.update("insert into people (name) values ('no')")))
                .hasMessageContaining("read-only transaction");
        master.update("insert into people (name) values ('yes')");
        assertThat(master.queryForObject("show transaction isolation level", String.class))
                .isEqualTo("read committed");
    }

    @Test
    void twoDatabasesAreTwoDataSourcesOfOnePool() {
        var replica = new JdbcTemplate(pool.dataSource("replica"));
        assertThat(replica.queryForObject("show transaction_read_only", String.class))
                .isEqualTo("off"); // pgjdbc says read-only where it begins a transaction
        assertThat(replica.queryForObject("show port", String.class))
                .isNotEqualTo(master.queryForObject("show port", String.class));
        assertThat(pool.stats().endpoints()).isEqualTo(2);
        assertThat(pool.dataSource("replica")).isSameAs(replica.getDataSource());
    }

    @Test
    void aPoolWithoutAConnectionIsSpringsOwnException() throws Exception {
        try (var one = pool.dataSource("master").getConnection();
                var two = pool.dataSource("master").getConnection()) {
            var source = pool.dataSource("master");
            source.setLoginTimeout(1);
            assertThatThrownBy(() -> new JdbcTemplate(source).execute("select 1"))
                    .isInstanceOf(CannotGetJdbcConnectionException.class)
                    .hasRootCauseInstanceOf(io.genericpool.AcquireTimeoutException.class);
            assertThat(one).isNotSameAs(two);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
