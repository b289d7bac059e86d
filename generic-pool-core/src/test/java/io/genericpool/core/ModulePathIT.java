package io.genericpool.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The engine runs as a module that shows no more than its entry. */
class ModulePathIT {
    @Test
    void aPoolWorksOnTheModulePath() {
        Module module = ConnectionPools.class.getModule();
        assertThat(module.isNamed()).isTrue();
        assertThat(module.getName()).isEqualTo("io.genericpool.core");
        assertThat(module.isExported("io.genericpool.core")).isTrue();
        assertThat(module.isExported("io.genericpool.core.internal")).isFalse();
        ScriptedManager<String> manager = ScriptedManager.full();

        var pool = ConnectionPools.builder(manager).minIdle(1).build();
        try (var lease = pool.connection("a", Duration.ofSeconds(10))) {
            assertThat(lease.connection().endpoint()).isEqualTo("a");
        }
        pool.connectionAsync("b").thenAccept(lease -> lease.release()).join();

        assertThat(pool.stats().granted()).isEqualTo(2);
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        manager.assertNoViolations();
        manager.server().assertAllClosed();
    }
}
