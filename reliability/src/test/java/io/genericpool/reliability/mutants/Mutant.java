package io.genericpool.reliability.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A bug that some pool once had, or a rule of this one that is broken, as a change of core's sources. It stands in a file of
 * its own: {@code bug:} and {@code source:} say what and where, {@code test:} may name the tests that must notice it, as
 * classes below {@code io.genericpool.core}, and each change is
 * <pre>
 * &lt;&lt;&lt;&lt; internal/Slot.java
 * what stands there, in whole lines, blanks at both ends aside
 * ====
 * what the bug makes of it
 * &gt;&gt;&gt;&gt;
 * </pre>
 */
final class Mutant {
    private static final String PACKAGE = "io/genericpool/core/";

    final String name;
    final String bug;
    final String source;
    /** The classes of the tests that must notice it; empty when any of the deterministic tests may. */
    final List<String> tests;

    private final List<Change> changes;

    private record Change(String file, List<String> before, List<String> after) {}

    private Mutant(String name, Map<String, String> head, List<Change> changes) {
        this.name = name;
        this.bug = required(name, head, "bug");
        this.source = required(name, head, "source");
        this.tests = head.containsKey("test")
                ? Stream.of(head.get("test").split(", ", -1))
                        .map(test -> PACKAGE.replace('/', '.') + test)
                        .toList()
                : List.of();
        this.changes = changes;
    }

    private static String required(String name, Map<String, String> head, String key) {
        String value = head.get(key);
        if (value == null) {
            throw new IllegalArgumentException(name + " has no line '" + key + ":'");
        }
        return value;
    }

    static List<Mutant> all(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".mutant"))
                    .sorted()
                    .map(Mutant::read)
                    .toList();
        }
    }

    static Mutant read(Path file) {
        String name = file.getFileName().toString().replace(".mutant", "");
        try {
            return parse(name, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Mutant parse(String name, List<String> lines) {
        Map<String, String> head = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        List<String> target = null;
        for (String line : lines) {
            if (line.startsWith("<<<< ")) {
                changes.add(new Change(line.substring(5).strip(), new ArrayList<>(), new ArrayList<>()));
                target = changes.get(changes.size() - 1).before;
            } else if (line.equals("====")) {
                target = changes.get(changes.size() - 1).after;
            } else if (line.equals(">>>>")) {
                target = null;
            } else if (target != null) {
                target.add(line.strip());
            } else if (!line.isBlank()) {
                int colon = line.indexOf(": ");
                if (colon < 0) {
                    throw new IllegalArgumentException(name + " has a line of no kind: " + line);
                }
                head.put(line.substring(0, colon), line.substring(colon + 2).strip());
            }
        }
        if (target != null || changes.isEmpty()) {
            throw new IllegalArgumentException(name + " has no change, or one that does not end");
        }
        return new Mutant(name, head, changes);
    }

    /**
     * Puts the bug into sources.
     *
     * @param sources text of each file by its path below the source folder; files that change are replaced
     * @throws IllegalStateException when what is to change does not stand there exactly once: the sources have moved on
     */
    void applyTo(Map<String, String> sources) {
        for (Change change : changes) {
            String path = PACKAGE + change.file;
            String text = sources.get(path);
            if (text == null) {
                throw new IllegalStateException("bug " + name + " does not apply any more: no file " + path);
            }
            sources.put(path, apply(change, text));
        }
    }

    private String apply(Change change, String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        List<String> stripped = lines.stream().map(String::strip).toList();
        var places = new ArrayList<Integer>();
        for (int at = 0; at + change.before.size() <= lines.size(); at++) {
            if (stripped.subList(at, at + change.before.size()).equals(change.before)) {
                places.add(at);
            }
        }
        if (places.size() != 1) {
            throw new IllegalStateException("bug " + name + " does not apply any more: " + change.file + " has "
                    + places.size() + " times:\n" + String.join("\n", change.before));
        }
        List<String> place = lines.subList(places.get(0), places.get(0) + change.before.size());
        place.clear();
        place.addAll(change.after);
        return String.join("\n", lines) + "\n";
    }

    @Override
    public String toString() {
        return name;
    }
}
