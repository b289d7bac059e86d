package io.genericpool.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** On the system's clock the collector is a thread: it works, survives an interrupt, and ends with the pool. */
class CollectorThreadTest {
    private static List<Thread> collectors() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("thread-test-collector"))
                .toList();
    }

    @Test
    void itTakesOutWhatHasExpiredUntilTheClose() {
        ScriptedManager<String> manager = ScriptedManager.plain();
        var pool = ConnectionPools.builder(manager)
                .name("thread-test")
                .idleTimeout(Duration.ofMillis(30))
                .build();
        assertThat(collectors()).singleElement().satisfies(thread -> assertThat(thread.isDaemon())
                .isTrue());
        pool.connection("a").release();
        Awaitility.await().until(() -> pool.stats().total() == 0);

        Thread collector = collectors().get(0);
        collector.interrupt();
        pool.connection("a").release();
        Awaitility.await().until(() -> pool.stats().total() == 0);
        assertThat(collector.isAlive()).isTrue();

        assertThat(pool.close(Duration.ofSeconds(20)).isClean()).isTrue();
        assertThat(collectors()).as("the close waits for it").isEmpty();
        manager.server().assertAllClosed();
    }
}
