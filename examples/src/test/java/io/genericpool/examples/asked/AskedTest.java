package io.genericpool.examples.asked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answers do what they say. */
@Timeout(60)
class AskedTest {
    private final ScriptedManager<String> manager = ScriptedManager.plain();
    private final ConnectionPool<String, FakeConnection<String>> pool =
            ConnectionPools.builder(manager).maxSize(10).build();

    @Test
    void aNewPasswordCountsFromTheNextConnectOn() throws SQLException {
        var password = new AtomicReference<>("one");
        try (var rotating = Asked.rotating("jdbc:h2:mem:asked;DB_CLOSE_DELAY=-1", password::get)) {
            var user = rotating.dataSource("orders");
            try (var connection = user.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("alter user shop set password 'two'");
                password.set("two");
                Asked.rotated(rotating);
            }
            try (var connection = user.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void aRequestFailsFastAndAWarmPoolDoesNot() {
        assertThat(Asked.failFast(pool, "a")).isEmpty();
        assertThat(Asked.warm(pool, "a")).isEqualTo(5);
        Asked.failFast(pool, "a").orElseThrow().release();
        pool.close();
    }

    @Test
    void theQueueHasABound() {
        try (var bounded = Asked.bounded(manager)) {
            assertThat(bounded.config().defaultLimits().maxWaiters()).isEqualTo(50);
        }
    }

    @Test
    void aPoolFollowsANameToOtherAddresses() {
        var interval = Duration.ofSeconds(30);
        try (var databases = Asked.following("jdbc:h2:mem:following")) {
            assertThat(databases.pool().config().addressWatch()).isEqualTo(interval);
        }
        try (var sockets = Asked.followingSockets()) {
            assertThat(sockets.config().addressWatch()).isEqualTo(interval);
        }
    }

    @Test
    void aPoolIsDrainedBeforeItIsClosed() {
        pool.connection("a").release();
        assertThat(Asked.drain(pool).revoked()).isZero();
        assertThat(pool.isClosed()).isTrue();
    }

    /** Returns in time although the connect hangs for longer. */
    @Test
    void theTimeoutCoversTheConnect() {
        var gate = new Gate();
        manager.script(Operation.CREATE).always(Behaviour.hang(gate));
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> Asked.inTime(pool, "a"));
        gate.open();
        pool.close();
    }
}
