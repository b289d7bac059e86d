package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.LeaseScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread has looked whether its lease stands, and goes on only when the connection is in its next lease. */
@Timeout(60)
class LateUseTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final JdbcConnectionManager manager = JdbcConnectionManager.builder()
            .endpoint("a", JdbcEndpoint.dataSource(H2.source("late")))
            .build();
    private Connection physical;

    /** As the late thread sees it. */
    private static final class Standing implements LeaseScope {
        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public void onEnd(Runnable action) {}
    }

    @BeforeEach
    void open() throws Exception {
        physical = manager.create("a", SOON);
    }

    @AfterEach
    void close() throws Exception {
        manager.dispose("a", physical, SOON);
        manager.close();
    }

    private Connection lend() throws SQLException {
        return manager.lend("a", physical, new Standing());
    }

    @Test
    void theConnectionIsGivenUpWhenALateThreadWasTheLastToUseIt() throws Exception {
        Connection ended = lend();
        manager.onRelease("a", physical);
        Connection present = lend();
        present.setAutoCommit(false);
        ended.createStatement();
        assertThatThrownBy(() -> manager.onRelease("a", physical))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("after its lease had ended");
    }

    @Test
    void theNotesOfThePresentLeaseCountWhenItsHolderCameLast() throws Exception {
        Connection ended = lend();
        manager.onRelease("a", physical);
        Connection present = lend();
        ended.createStatement();
        present.setAutoCommit(false);
        manager.onRelease("a", physical);
        CompletionStage<?> reset = manager.resetAsync("a", physical);
        assertThat(reset == ConnectionManager.NO_RESET).isFalse();
        reset.toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(lend().getAutoCommit()).isTrue();
    }

    @Test
    void aLeaseThatDidNothingLeavesNothing() throws Exception {
        lend();
        manager.onRelease("a", physical);
        assertThat(manager.resetAsync("a", physical) == ConnectionManager.NO_RESET)
                .isTrue();
    }

    @Test
    void whatIsDoneUnderneathTheViewIsReset() throws Exception {
        lend().unwrap(org.h2.jdbc.JdbcConnection.class).setAutoCommit(false);
        manager.onRelease("a", physical);
        manager.resetAsync("a", physical).toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(lend().getAutoCommit()).isTrue();
    }
}
