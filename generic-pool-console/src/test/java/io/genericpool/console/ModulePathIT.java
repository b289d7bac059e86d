package io.genericpool.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
            // As text: this module does not read the one that parses JSON.
            try (var lines = new BufferedReader(new InputStreamReader(
                    console.address().resolve("events").toURL().openStream(), StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                while (!line.startsWith("data: {\"now\"")) {
                    line = lines.readLine();
                }
                assertThat(line).contains("\"orders\"", "\"opened\"");
            }
        }
    }
}
