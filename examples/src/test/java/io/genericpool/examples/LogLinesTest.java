package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every line that the published modules log at INFO, WARN or ERROR is explained in docs/operations.md. */
class LogLinesTest {
    /** From the level to the end of the statement. */
    private static final Pattern CALL = Pattern.compile(
            "(?:LOG\\.(?:info|warn|error)\\(|Level\\.WARNING,|Level\\.ERROR,)(.*?\\));", Pattern.DOTALL);

    /** As {@link #CALL}, with the lines at DEBUG, of which the page has some. */
    private static final Pattern ANY_CALL = Pattern.compile(
            "(?:LOG\\.(?:debug|info|warn|error)\\(|Level\\.WARNING,|Level\\.ERROR,)(.*?\\));", Pattern.DOTALL);

    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A row of the page's tables of lines. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]*)` \\|");

    /** Between two parts of one text. */
    private static final Pattern BROKEN = Pattern.compile("\"\\s*\\+\\s*\"");

    /** Shorter parts, such as "pool " and " failed", tell nothing. */
    private static final int SHORTEST = 10;

    private final String page = Pages.text(Pages.page("docs/operations.md"));

    @Test
    void everyLineAboveDebugIsExplained() throws IOException {
        List<String> missing = new ArrayList<>();
        int lines = 0;
        for (Path source : mainSources()) {
            for (String line : logged(Pages.text(source))) {
                lines++;
                if (!page.contains(line)) {
                    missing.add(source.getFileName() + ": " + line);
                }
            }
        }
        assertThat(missing)
                .as("parts of log lines that docs/operations.md does not have")
                .isEmpty();
        assertThat(lines).isGreaterThan(18);
    }

    @Test
    void everyLineThatIsExplainedIsLogged() throws IOException {
        List<String> logged = new ArrayList<>();
        for (Path source : mainSources()) {
            logged.addAll(logged(ANY_CALL, Pages.text(source)));
        }
        String tables = page.substring(page.indexOf("\n### WARN\n"), page.indexOf("\n## Changes at run time\n"));
        List<String> explained = ROW.matcher(tables)
                .results()
                .flatMap(row -> Stream.of(row.group(1).split("…")))
                .map(LogLinesTest::stripped)
                .filter(part -> part.length() >= SHORTEST)
                .toList();
        assertThat(explained).hasSizeGreaterThan(18);
        assertThat(explained.stream().filter(part -> !logged.contains(part)))
                .as("parts of log lines that no source has")
                .isEmpty();
    }

    @Test
    void aLineIsFoundInPartsAndNoMatterHowItIsWritten() {
        assertThat(logged("LOG.warn(\"pool {}: the first part of {}, and the second\", name, x);"))
                .containsExactly("the first part of", "and the second");
        assertThat(logged("LOG.log(System.Logger.Level.WARNING, \"to \" + x + \": a subscriber failed\", t);"))
                .containsExactly("a subscriber failed");
        assertThat(logged("LOG.warn(\"a text that is too long\"\n        + \" for one line\", x);"))
                .containsExactly("a text that is too long for one line");
        assertThat(logged("LOG.debug(\"this is of no interest\");")).isEmpty();
    }

    /** The constant parts of what a source logs, without blanks and punctuation around them. */
    private static List<String> logged(String source) {
        return logged(CALL, source);
    }

    private static List<String> logged(Pattern calls, String source) {
        return calls.matcher(source)
                .results()
                .map(MatchResult::group)
                .map(call -> BROKEN.matcher(call).replaceAll(""))
                .flatMap(call -> TEXT.matcher(call).results().map(text -> text.group(1)))
                .flatMap(text -> Stream.of(text.split("\\{}")))
                .map(LogLinesTest::stripped)
                .filter(part -> part.length() >= SHORTEST)
                .toList();
    }

    private static String stripped(String part) {
        return part.replaceAll("^[\\s:;,()]+|[\\s:;,()]+$", "");
    }

    private static List<Path> mainSources() throws IOException {
        var sources = new ArrayList<Path>();
        for (String module : PublishedModulesTest.published()) {
            try (Stream<Path> files = Files.walk(Pages.ROOT.resolve(module).resolve("src/main"))) {
                files.filter(file -> file.toString().matches(".*\\.(java|kt)")).forEach(sources::add);
            }
        }
        return sources;
    }
}
