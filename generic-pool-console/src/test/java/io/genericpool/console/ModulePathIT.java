package io.genericpool.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Runs as a module: its resources are found, and the JDK's server and Jackson are modules too. */
class ModulePathIT {
    @Test
    void theConsoleRunsOnTheModulePath() throws Exception {
        Module module = PoolConsole.class.getModule();
        assertThat(module.isNamed()).isTrue();
        assertThat(module.getName()).isEqualTo("io.genericpool.console");
        PoolActivity activity = PoolActivity.eventsAndWaits();
        try (var test = new TestPool("orders", knobs -> knobs.listener(activity));
                var console = PoolConsole.builder().pool(test.pool, activity).start()) {
            test.touch("a");
            assertThat(Http.get(console.address(), "/").body()).contains("Pool console");
            try (var reader = new EventReader(console.address())) {
                assertThat(reader.next("full").toString()).contains("orders", "opened");
            }
        }
    }
}
