package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads on which sessions are reset inherit nothing of the borrower that happens to start them. */
@Timeout(60)
class ThreadsTest {
    private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

    @Test
    void aResetRunsWithoutTheInheritableValuesAndTheClassLoaderOfTheBorrower() throws Exception {
        var tenant = new AtomicReference<>("not run");
        var loader = new AtomicReference<ClassLoader>();
        var driver = new StubDriver().on("rollback", arguments -> {
            tenant.set(TENANT.get());
            loader.set(Thread.currentThread().getContextClassLoader());
            return null;
        });
        ClassLoader builders = Thread.currentThread().getContextClassLoader();
        try (var pool = JdbcPool.builder()
                .endpoint("database", driver.source())
                .connections(knobs -> knobs.virtualThreads(false))
                .build()) {
            var borrower = new Thread(() -> {
                TENANT.set("tenant of the borrower");
                try (var lease = pool.dataSource("database").getConnection()) {
                    lease.setAutoCommit(false);
                    lease.createStatement().execute("select 1");
                } catch (java.sql.SQLException e) {
                    throw new AssertionError(e);
                }
            });
            borrower.setContextClassLoader(new ClassLoader(null) {});
            borrower.start();
            borrower.join();
            await().until(() -> pool.stats().idle() == 1);
        }
        assertThat(tenant.get()).isNull();
        assertThat(loader.get()).isSameAs(builders);
    }
}
