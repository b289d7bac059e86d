package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class QuickstartTest {
    @Test
    void everyReplyIsRightAndEveryCutIsNoticedAndNoThreadKeepsTheJvmAlive() throws Exception {
        var before = new HashSet<>(Thread.getAllStackTraces().keySet());
        var text = new ByteArrayOutputStream();
        try (var out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            assertThat(Quickstart.run(out, 120))
                    .as(() -> text.toString(StandardCharsets.UTF_8))
                    .isTrue();
        }
        assertThat(text.toString(StandardCharsets.UTF_8))
                .contains("/speech", "/llm", "/market", "fresh", "pooled")
                .doesNotContain("a task failed");
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && !thread.isDaemon()) {
                thread.join(5_000);
                assertThat(thread.isAlive()).as(thread.toString()).isFalse();
            }
        }
    }
}
