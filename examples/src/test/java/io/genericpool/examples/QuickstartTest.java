package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class QuickstartTest {
    /** Daemons that the JDK and the libraries keep for the whole process; Maven does not wait for them (examples/pom.xml). */
    private static final List<String> OF_THE_PROCESS = List.of(
            "CompletableFutureDelayScheduler",
            "OkHttp TaskRunner",
            "Okio Watchdog",
            "Attach Listener",
            "ForkJoinPool",
            "VirtualThread-",
            "-Poller");

    @Test
    void everyReplyIsRightAndEveryCutIsNoticedAndNoThreadIsLeft() throws Exception {
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
            if (!before.contains(thread) && !belongsToTheProcess(thread)) {
                thread.join(20_000);
                assertThat(thread.isAlive()).as(thread.toString()).isFalse();
            }
        }
    }

    @Test
    void withAConsoleItShowsThePoolAtItsAddress() throws Exception {
        var text = new ByteArrayOutputStream();
        try (var out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            Quickstart.show(out, () -> {
                String said = text.toString(StandardCharsets.UTF_8);
                var address = Pattern.compile("console: (http://\\S+)").matcher(said);
                assertThat(address.find()).as(said).isTrue();
                assertThat(page(URI.create(address.group(1)))).contains("Pool console");
                return true;
            });
        }
    }

    private static String page(URI address) {
        try (var in = address.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean belongsToTheProcess(Thread thread) {
        return thread.isDaemon() && OF_THE_PROCESS.stream().anyMatch(thread.getName()::contains);
    }
}
