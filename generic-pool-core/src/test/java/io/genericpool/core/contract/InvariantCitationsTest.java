package io.genericpool.core.contract;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each invariant of docs/internals/concurrency.md is cited at the line that keeps it and in a test that shows it, and what
 * cites an invariant cites one that the page has. Only text is compared: what a citation is worth, a reader judges.
 */
class InvariantCitationsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();

    private static final Path PAGES = ROOT.resolve("docs/internals");

    /** The engine; its timers on the system's clock are in the API's module. */
    private static final List<String> ENGINE = List.of("generic-pool-core/src/main", "generic-pool-api/src/main");

    private static final List<String> TESTS = List.of(
            "generic-pool-core/src/test",
            "generic-pool-api/src/test",
            "stress/src/main",
            "stress/src/test",
            "reliability/src/test");

    /** The behaviours of testkit know no engine; this test of core runs them and says what they show. */
    private static final String RUNS_BEHAVIOURS = "EngineContractTest";

    private static final String ID = "(?:I\\d{1,2}|L)";
    private static final String IDS = ID + "(?:(?:, | and )" + ID + ")*";

    private static final Pattern DEFINITION = Pattern.compile("\\*\\*(" + ID + ") \\([^)]+\\)\\.\\*\\*");
    private static final Pattern NUMBER = Pattern.compile("\\bI\\d{1,2}\\b");
    private static final Pattern NUMBER_OR_RANGE = Pattern.compile("\\bI(\\d{1,2})(?: to I(\\d{1,2}))?\\b|\\bL\\b");

    /** As in "// I12: why" and "(I12)". */
    private static final Pattern IN_ENGINE = Pattern.compile("// (" + IDS + "): \\S|\\((" + IDS + ")\\)");

    private static final Pattern IN_TEST = Pattern.compile("\\b[Ss]hows (" + IDS + ")\\b");

    /** Invariants, and the tests that show them. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+?) \\| (.+) \\|$");

    private static final Pattern STRESS_ROW = Pattern.compile("(?m)^\\| `(\\w+Stress)` \\| [^|]+ \\| ([^|]+) \\|");

    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w+)(?:\\.\\w+)?`");

    @Test
    void eachInvariantIsDefinedOnce() throws IOException {
        assertThat(DEFINITION.matcher(page("concurrency.md")).results().map(found -> found.group(1)))
                .hasSizeGreaterThan(30)
                .doesNotHaveDuplicates();
    }

    @Test
    void eachInvariantIsCitedWhereItIsKept() throws IOException {
        assertThat(invariants()).isSubsetOf(citedIn(ENGINE, IN_ENGINE).keySet());
    }

    @Test
    void eachInvariantIsCitedWhereItIsShown() throws IOException {
        assertThat(invariants()).isSubsetOf(citedIn(TESTS, IN_TEST).keySet());
    }

    @Test
    void whatIsCitedIsDefined() throws IOException {
        var roots = new ArrayList<>(ENGINE);
        roots.addAll(TESTS);
        roots.add("generic-pool-testkit/src/main");
        roots.add("docs");
        Map<String, Set<String>> cited = citedIn(roots, NUMBER);
        cited.keySet().removeAll(invariants());
        assertThat(cited).as("cited, but not on the page").isEmpty();
    }

    @Test
    void theMapOfTestsIsComplete() throws IOException {
        var mapped = new TreeSet<String>();
        testMap().forEach(row -> mapped.addAll(ids(row.group(1))));
        assertThat(mapped).isEqualTo(new TreeSet<>(invariants()));
    }

    @Test
    void theMapNamesTestsThatExistAndCiteWhatTheyShow() throws IOException {
        Map<String, Path> classes = classes();
        Map<String, Set<String>> shown = citedIn(TESTS, IN_TEST);
        for (MatchResult row : testMap().toList()) {
            Set<String> named = classesIn(row.group(2));
            assertThat(classes.keySet()).as(row.group()).containsAll(named);
            assertThat(named.stream().map(name -> asTest(name, classes)))
                    .as("each cites an invariant of its row: %s", row.group())
                    .allMatch(name -> ids(row.group(1)).stream()
                            .anyMatch(id -> shown.getOrDefault(id, Set.of()).contains(name)));
            for (String id : ids(row.group(1))) {
                assertThat(named.stream().map(name -> asTest(name, classes)))
                        .as("%s is cited by none of the tests of its row: %s", id, row.group())
                        .containsAnyElementsOf(shown.getOrDefault(id, Set.of()));
            }
        }
    }

    @Test
    void eachStressTestCitesWhatItsRowSays() throws IOException {
        Map<String, Set<String>> shown = citedIn(TESTS, IN_TEST);
        List<MatchResult> rows = STRESS_ROW.matcher(page("stress.md")).results().toList();
        assertThat(rows).hasSizeGreaterThan(20);
        for (MatchResult row : rows) {
            for (String id : ids(row.group(2))) {
                assertThat(shown.getOrDefault(id, Set.of())).as("cites " + id).contains(row.group(1));
            }
        }
    }

    private static String page(String name) throws IOException {
        return Files.readString(PAGES.resolve(name));
    }

    private static Set<String> invariants() throws IOException {
        var ids = new LinkedHashSet<String>();
        DEFINITION.matcher(page("concurrency.md")).results().forEach(found -> ids.add(found.group(1)));
        return ids;
    }

    /** The rows of the map that name invariants. */
    private static Stream<MatchResult> testMap() throws IOException {
        String page = page("concurrency.md");
        int start = page.indexOf("\n## Which test shows what\n");
        assertThat(start).as("the heading of the map").isPositive();
        return ROW.matcher(page.substring(start)).results().filter(row -> !ids(row.group(1))
                .isEmpty());
    }

    /** The invariants that a text names, those between the two ends of "I13 to I17" among them. */
    private static Set<String> ids(String text) {
        var ids = new LinkedHashSet<String>();
        NUMBER_OR_RANGE.matcher(text).results().forEach(found -> {
            if (found.group(1) == null) {
                ids.add(found.group());
            } else {
                int first = Integer.parseInt(found.group(1));
                int last = found.group(2) == null ? first : Integer.parseInt(found.group(2));
                IntStream.rangeClosed(first, last).forEach(number -> ids.add("I" + number));
            }
        });
        return ids;
    }

    /** The classes that a cell of the map names; it calls one of them by what it is. */
    private static Set<String> classesIn(String cell) {
        var names = new LinkedHashSet<String>();
        CLASS.matcher(cell).results().forEach(found -> names.add(found.group(1)));
        if (cell.contains("the model check")) {
            names.add("ModelCheckTest");
        }
        return names;
    }

    private static String asTest(String name, Map<String, Path> classes) {
        boolean inTestkit = classes.get(name).startsWith(ROOT.resolve("generic-pool-testkit"));
        return inTestkit ? RUNS_BEHAVIOURS : name;
    }

    /** The files below some directories that cite an invariant, by that; without what their names end in. */
    private static Map<String, Set<String>> citedIn(List<String> roots, Pattern citation) throws IOException {
        var cited = new TreeMap<String, Set<String>>();
        for (String root : roots) {
            for (Path file : files(ROOT.resolve(root))) {
                citation.matcher(unwrapped(file)).results().forEach(found -> ids(found.group())
                        .forEach(id ->
                                cited.computeIfAbsent(id, x -> new TreeSet<>()).add(simpleName(file))));
            }
        }
        return cited;
    }

    /** A comment of several lines becomes one, so that a citation may be wrapped. */
    private static String unwrapped(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(String::strip)
                .map(line -> line.startsWith("* ") ? line.substring(2) : "\n" + line)
                .collect(joining(" "));
    }

    private static Map<String, Path> classes() throws IOException {
        var classes = new TreeMap<String, Path>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module :
                    modules.filter(m -> Files.isDirectory(m.resolve("src"))).toList()) {
                files(module.resolve("src")).forEach(file -> classes.put(simpleName(file), file));
            }
        }
        return classes;
    }

    private static String simpleName(Path file) {
        return file.getFileName().toString().replaceFirst("\\.\\w+$", "");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file ->
                            file.toString().endsWith(".java") || file.toString().endsWith(".md"))
                    .toList();
        }
    }
}
