package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolExhaustedException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README is short, and what it says is what is run and configured. */
class ReadmeTest {
    private static final Path README = Pages.page("README.md");

    private final String readme = Pages.text(README);

    @Test
    void itHasAtMost250Lines() {
        assertThat(readme.lines()).hasSizeBetween(100, 250);
    }

    @Test
    void theFirstExampleHasFifteenLinesAndTheManagerUnderForty() {
        assertThat(block(README, "basics/FifteenLines.java").lines()).hasSize(15);
        assertThat(block(Pages.page("docs/managers.md"), "basics/MyOwnManager.java")
                        .lines())
                .hasSizeLessThan(40);
    }

    @Test
    void everyErrorIsInTheTable() {
        assertThat(List.of(
                        AcquireTimeoutException.class,
                        PoolExhaustedException.class,
                        PoolClosedException.class,
                        ConnectionCreateException.class,
                        EndpointUnavailableException.class,
                        AcquireInterruptedException.class))
                .allSatisfy(error -> assertThat(readme).contains("\n| `" + error.getSimpleName() + "` |"));
    }

    @Test
    void theNineKnobsHaveTheDefaultsOfTheConfiguration() {
        Pattern row = Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\|");
        String section = readme.substring(readme.indexOf("\n## Nine knobs\n"), readme.indexOf("\n## Errors\n"));
        List<String> rows = row.matcher(section)
                .results()
                .map(found -> "\n| `" + found.group(1) + "` | " + found.group(2))
                .toList();
        assertThat(rows).hasSize(9);
        assertThat(Pages.text(Pages.page("docs/configuration.md"))).contains(rows);
    }

    @Test
    void theCommandsAreThoseThatContinuousIntegrationRuns() {
        String script = Pages.text(Pages.ROOT.resolve(".ci").resolve("run"));
        assertThat(script).contains("\n" + commandUnder("Quick start") + "\n");
        assertThat(script).contains("\n" + commandUnder("Tests") + "\n");
    }

    @Test
    void theLoggerItNamesHasTheVersionOfThisBuild() {
        assertThat(readme)
                .contains("`org.slf4j:slf4j-simple:"
                        + Poms.parent().getProperties().getProperty("slf4j.version") + "`");
    }

    /** The one fenced command under a heading. */
    private String commandUnder(String heading) {
        var found = Pattern.compile("\n## " + heading + "\n[^#]*?```(?:sh|bash)\\n([^\\n]+)\\n```")
                .matcher(readme);
        assertThat(found.find()).as(heading).isTrue();
        return found.group(1);
    }

    private static String block(Path page, String source) {
        return Pages.javaBlocks(page).stream()
                .filter(block -> block.source().equals(source))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no block of " + source))
                .code();
    }
}
