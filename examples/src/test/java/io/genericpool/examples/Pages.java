package io.genericpool.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Markdown pages of this repository, as they stand and as a reader on a code host sees them. */
final class Pages {
    static final Path ROOT =
            Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();

    /** A fenced block of Java, and the comment before it that names its source. */
    private static final Pattern JAVA =
            Pattern.compile("(?:<!-- source: ([\\w/]+\\.java) -->\\n)?```java\\n(.*?)```", Pattern.DOTALL);

    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern LINK_TEXT = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

    private Pages() {}

    /**
     * A fenced block of Java.
     *
     * @param source the file that the comment before it names; empty without one
     */
    record JavaBlock(Path page, String source, String code) {}

    /** README first, then the others of the root, then those of docs. */
    static List<Path> all() {
        var pages = new ArrayList<Path>();
        for (String name : List.of(
                "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "RELEASING.md", "CODE_OF_CONDUCT.md")) {
            pages.add(ROOT.resolve(name));
        }
        pages.addAll(docs());
        return pages;
    }

    /** Those under docs, sorted. */
    static List<Path> docs() {
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path page(String name) {
        return ROOT.resolve(name);
    }

    /** How a page is called in messages: its path from the root. */
    static String name(Path page) {
        return ROOT.relativize(page).toString().replace('\\', '/');
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JavaBlock> javaBlocks(Path page) {
        return JAVA.matcher(text(page))
                .results()
                .map(found -> new JavaBlock(page, found.group(1) == null ? "" : found.group(1), found.group(2)))
                .toList();
    }

    /** Targets of links, those of images included, without what stands in fenced blocks. */
    static List<String> links(Path page) {
        return LINK.matcher(unfenced(page))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    static String unfenced(Path page) {
        return FENCED.matcher(text(page)).replaceAll("");
    }

    /** The anchors that a code host makes of a page's headings. */
    static List<String> anchors(Path page) {
        Map<String, Integer> seen = new HashMap<>();
        return HEADING.matcher(unfenced(page))
                .results()
                .map(found -> anchor(found.group(1)))
                .map(anchor -> {
                    int before = seen.merge(anchor, 1, Integer::sum) - 1;
                    return before == 0 ? anchor : anchor + "-" + before;
                })
                .toList();
    }

    static String anchor(String heading) {
        String words = LINK_TEXT.matcher(heading).replaceAll("$1");
        return words.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    static String onOneLine(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
