package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/**
 * A driver that behaves as MySQL's in what pools stumble over, where no such server is: it sets a network timeout when the
 * executor gets round to it, has no schemas, and answers with null for them.
 */
class ConnectorJStubTest extends DriverContract {
    private final StubDriver driver = new StubDriver();
    private int networkTimeout;
    /** What runs on a thread of the driver's caller, some time. */
    private final Queue<Runnable> later = new ArrayDeque<>();

    @Override
    JdbcEndpoint endpoint() {
        driver.on("getSchema", arguments -> null);
        driver.on("setSchema", arguments -> null);
        driver.on("getNetworkTimeout", arguments -> networkTimeout);
        driver.on("setNetworkTimeout", arguments -> {
            int value = (int) arguments[1];
            if (value < 0) {
                throw new SQLException("negative", "S1009");
            }
            ((Executor) arguments[0]).execute(() -> networkTimeout = value);
            return null;
        });
        return JdbcEndpoint.dataSource(driver.source());
    }

    @Override
    JdbcEndpoint refusedEndpoint(String secret) {
        return JdbcEndpoint.dataSource(new Source(() -> {
                    throw new IllegalArgumentException("cannot parse jdbc:mysql://root:" + secret + "@host");
                }))
                .credentials("root", secret);
    }

    @Override
    boolean hasTables() {
        return false;
    }

    @Test
    void whatAHoldersExecutorDoesLateDoesNotReachTheNextLease() throws Exception {
        // One connection: the stub keeps one timeout for all of them.
        try (var pool =
                JdbcPool.builder().endpoint("database", endpoint()).maxSize(1).build()) {
            try (var lease = pool.dataSource("database").getConnection()) {
                lease.setNetworkTimeout(later::add, 4_321);
                assertThat(lease.getNetworkTimeout()).isEqualTo(4_321);
            }
            try (var next = pool.dataSource("database").getConnection()) {
                later.forEach(Runnable::run);
                assertThat(next.getNetworkTimeout()).isZero();
            }
        }
    }
}
