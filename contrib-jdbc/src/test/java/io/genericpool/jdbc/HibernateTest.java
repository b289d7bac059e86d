package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.ConstraintViolationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hibernate takes the pool's {@code DataSource} as it is: on PostgreSQL, one connection for each database. */
@Timeout(60)
class HibernateTest {
    private JdbcPool pool;
    private SessionFactory sessions;

    /** What is stored. */
    @Entity(name = "Book")
    static class Book {
        @Id
        @GeneratedValue
        Long id;

        @Column(unique = true)
        String title;

        Book() {}

        Book(String title) {
            this.title = title;
        }
    }

    @BeforeEach
    void start() throws Exception {
        pool = JdbcPool.builder()
                .endpoint("master", Postgres.master().endpoint())
                .endpoint("replica", Postgres.replica().endpoint())
                .maxSize(1)
                .acquireTimeout(Duration.ofSeconds(20)) // a reset may still be under way
                .build();
        sessions = over(pool.dataSource("master"));
    }

    private static SessionFactory over(DataSource source) {
        var settings = new Properties();
        settings.put(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, source);
        settings.put(AvailableSettings.JAKARTA_HBM2DDL_DATABASE_ACTION, "drop-and-create");
        return new Configuration()
                .addAnnotatedClass(Book.class)
                .addProperties(settings)
                .buildSessionFactory();
    }

    @AfterEach
    void stop() {
        sessions.close();
        pool.close();
    }

    private static List<String> titles(Session session) {
        return session.createSelectionQuery("select title from Book order by title", String.class)
                .getResultList();
    }

    @Test
    void entitiesAreStoredAndEachConnectionComesBackAsItWas() throws Exception {
        for (int i = 0; i < 20; i++) {
            String title = "volume " + i;
            sessions.inTransaction(session -> session.persist(new Book(title)));
        }
        assertThat(sessions.fromSession(HibernateTest::titles)).hasSize(20);
        assertThat(pool.stats().leased()).isZero();
        assertThat(pool.stats("master").orElseThrow().created()).isOne();
        try (var connection = pool.dataSource("master").getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.isReadOnly()).isFalse();
        }
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        sessions.inTransaction(session -> session.persist(new Book("kept")));
        assertThatThrownBy(() -> sessions.inTransaction(session -> {
                    session.persist(new Book("lost"));
                    session.persist(new Book("kept"));
                }))
                .isInstanceOf(ConstraintViolationException.class);
        assertThat(sessions.fromSession(HibernateTest::titles)).containsExactly("kept");
        assertThat(pool.stats().leased()).isZero();
    }

    @Test
    void aSessionThatIsClosedInTheMiddleOfATransactionIsRolledBack() {
        var session = sessions.openSession();
        session.beginTransaction();
        session.persist(new Book("never committed"));
        session.flush();
        session.close();
        assertThat(sessions.fromSession(HibernateTest::titles)).isEmpty();
        assertThat(pool.stats().leased()).isZero();
    }

    @Test
    void readOnlyWorkGoesToTheReplicaAndTheChoiceStandsForTheTransaction() throws Exception {
        sessions.close();
        over(pool.dataSource("replica")).close();
        sessions = over(pool.routingDataSource("master", "replica"));
        sessions.inTransaction(session -> session.persist(new Book("at the master")));
        String written = sessions.fromTransaction(session -> port(session));
        assertThat(written).isEqualTo(port("master"));
        String read = sessions.fromTransaction(session -> {
            session.doWork(connection -> connection.setReadOnly(true));
            String first = port(session);
            session.clear();
            return first.equals(port(session)) ? first : "changed";
        });
        assertThat(read).isEqualTo(port("replica"));
        assertThat(pool.stats().leased()).isZero();
    }

    private static void setLoginTimeout(DataSource source) {
        try {
            source.setLoginTimeout(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String port(Session session) {
        return session.createNativeQuery("show port", String.class).getSingleResult();
    }

    private String port(String database) throws SQLException {
        try (var connection = pool.dataSource(database).getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery("show port")) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void aSessionInsideOfAnotherTimesOutAndSaysWhoHoldsTheConnection() {
        DataSource source = pool.dataSource("master");
        sessions.inTransaction(outer -> {
            assertThat(titles(outer)).isEmpty();
            setLoginTimeout(source);
            assertThatThrownBy(() -> sessions.inTransaction(HibernateTest::titles))
                    .hasRootCauseInstanceOf(AcquireTimeoutException.class)
                    .rootCause()
                    .hasMessageContaining("no connection to master within 1 s")
                    .hasMessageContaining("1 by the calling thread itself (a nested use needs one more)");
        });
        assertThat(pool.stats().leased()).isZero();
    }
}
