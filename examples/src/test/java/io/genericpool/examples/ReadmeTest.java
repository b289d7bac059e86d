package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.core.ConnectionPoolBuilder;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows is what is compiled, run and configured. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");
    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", "."), "src", "main", "java", "io", "genericpool", "examples");

    /** A fenced block of Java, and the comment before it that names its source. */
    private static final Pattern JAVA =
            Pattern.compile("(?:<!-- source: (\\w+\\.java) -->\\n)?```java\\n(.*?)```", Pattern.DOTALL);

    private final String readme = Files.readString(ROOT.resolve("README.md"));

    ReadmeTest() throws IOException {}

    @Test
    void everyJavaBlockIsCompiledCode() throws IOException {
        int blocks = 0;
        var block = JAVA.matcher(readme);
        while (block.find()) {
            blocks++;
            assertThat(block.group(1))
                    .as("the source named before: " + block.group(2))
                    .isNotNull();
            String source = Files.readString(SOURCES.resolve(block.group(1)));
            assertThat(onOneLine(source)).as(block.group(1)).contains(onOneLine(block.group(2)));
        }
        assertThat(blocks).isPositive();
    }

    @Test
    void theFirstExampleHasFifteenLinesAndTheManagerUnderForty() {
        assertThat(block("FifteenLines.java").lines()).hasSize(15);
        assertThat(block("MyOwnManager.java").lines()).hasSizeLessThan(40);
    }

    @Test
    void everyKnobIsInTheTable() {
        List<String> knobs = Arrays.stream(ConnectionPoolBuilder.class.getMethods())
                .filter(method -> method.getReturnType() == ConnectionPoolBuilder.class)
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .toList();
        assertThat(knobs).hasSizeGreaterThan(20);
        assertThat(knobs).allSatisfy(knob -> assertThat(readme).contains("\n| `" + knob + "` |"));
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
    void theCommandsAreThoseThatContinuousIntegrationRuns() throws IOException {
        String script = Files.readString(ROOT.resolve(".ci").resolve("run"));
        assertThat(script).contains("\n" + commandUnder("Quick start") + "\n");
        assertThat(script).contains("\n" + commandUnder("Tests") + "\n");
    }

    @Test
    void theContentsNameEverySection() {
        List<String> sections = Pattern.compile("(?m)^## (.+)$")
                .matcher(readme)
                .results()
                .map(found -> found.group(1))
                .filter(section -> !section.equals("Contents"))
                .toList();
        assertThat(sections).hasSizeGreaterThan(20);
        String contents = readme.substring(readme.indexOf("\n## Contents\n"), readme.indexOf("\n## Dependency\n"));
        assertThat(sections).allSatisfy(section -> assertThat(contents).contains("](#" + anchor(section) + ")"));
    }

    @Test
    void everyLinkWithinTheRepositoryLeadsSomewhere() {
        String text = readme.replaceAll("(?s)```.*?```", "");
        List<String> anchors = Pattern.compile("(?m)^#+ (.+)$")
                .matcher(text)
                .results()
                .map(found -> "#" + anchor(found.group(1)))
                .toList();
        List<String> links = Pattern.compile("\\]\\(([^)\\s]+)\\)")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .filter(link -> !link.startsWith("http"))
                .toList();
        assertThat(links).hasSizeGreaterThan(30).allSatisfy(link -> {
            if (link.startsWith("#")) {
                assertThat(anchors).contains(link);
            } else {
                assertThat(ROOT.resolve(link.replaceFirst("#.*", ""))).exists();
            }
        });
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    @Test
    void theLoggerOfTheDependencySnippetHasTheVersionOfThisBuild() {
        assertThat(readme)
                .containsPattern("<artifactId>slf4j-simple</artifactId>\\s*<version>"
                        + Pattern.quote(Poms.parent().getProperties().getProperty("slf4j.version")) + "</version>");
    }

    /** The one fenced command under a heading. */
    private String commandUnder(String heading) {
        var found = Pattern.compile("\n## " + heading + "\n[^#]*?```(?:sh|bash)\\n([^\\n]+)\\n```")
                .matcher(readme);
        assertThat(found.find()).as(heading).isTrue();
        return found.group(1);
    }

    private String block(String source) {
        var block = JAVA.matcher(readme);
        while (block.find()) {
            if (source.equals(block.group(1))) {
                return block.group(2);
            }
        }
        throw new AssertionError("no block of " + source);
    }

    private static String onOneLine(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
