package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.jdbc.internal.lent.OpenStatements;
import java.lang.ref.WeakReference;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.dbcp2.AbandonedTrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenStatementsTest {
    private final OpenStatements open = new OpenStatements();

    /** Counts how often it is closed. */
    private static final class Counted extends AbandonedTrace {
        private int closes;

        @Override
        public void close() {
            closes++;
        }
    }

    private List<Counted> added(int count) {
        List<Counted> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            added.add(new Counted());
            open.add(added.get(i));
        }
        return added;
    }

    @Test
    void whatIsOpenIsClosedOnceInWhateverOrderTheOthersWere() {
        for (int seed = 0; seed < 50; seed++) {
            List<Counted> all = added(200);
            List<Counted> closed = new ArrayList<>(all);
            Collections.shuffle(closed, new Random(seed));
            closed = closed.subList(0, 190);
            closed.forEach(open::remove);
            assertThat(open.size()).isEqualTo(10);
            assertThat(open.isAny()).isTrue();
            closeAll();
            assertThat(open.isAny()).isFalse();
            assertThat(open.size()).isZero();
            List<Counted> closedBefore = closed;
            assertThat(all).allSatisfy(statement -> assertThat(statement.closes)
                    .isEqualTo(closedBefore.contains(statement) ? 0 : 1));
        }
    }

    private void closeAll() {
        try {
            open.closeAll();
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void manyThatAreOpenAreClosedInTimeInProportionToTheirNumber() {
        List<Counted> all = added(300_000);
        all.forEach(open::remove); // from the first one on: a list would take minutes
        assertThat(open.size()).isZero();
    }

    @Test
    void statementsThatTheirDriverClosesAreNotHeld() throws Exception {
        try (var pool =
                JdbcPool.builder().endpoint("database", H2.url("completion")).build()) {
            try (var lease = pool.dataSource("database").getConnection()) {
                List<WeakReference<Statement>> closed = new ArrayList<>();
                for (int i = 0; i < 10_000; i++) {
                    Statement statement = lease.createStatement();
                    statement.closeOnCompletion();
                    statement.executeQuery("select 1").close();
                    closed.add(new WeakReference<>(statement));
                }
                await().untilAsserted(() -> {
                    System.gc();
                    assertThat(closed.stream().filter(reference -> reference.get() != null))
                            .hasSizeLessThan(200);
                });
            }
            assertThat(pool.stats().pending()).isZero();
        }
    }

    @Test
    void aLeaseWhoseStatementsTheDriverHasClosedLeavesNothingToReset() throws Exception {
        var recorded = new Recorded();
        try (var pool = JdbcPool.builder()
                .endpoint("database", recorded.over(H2.source("completion")))
                .build()) {
            try (var lease = pool.dataSource("database").getConnection()) {
                for (int i = 0; i < 3; i++) {
                    Statement statement = lease.createStatement();
                    statement.closeOnCompletion();
                    statement.executeQuery("select 1").close();
                }
            }
            assertThat(pool.stats().idle()).isEqualTo(1); // at once: no reset has run elsewhere
        }
    }
}
