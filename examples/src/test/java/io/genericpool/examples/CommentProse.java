package io.genericpool.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The comments of main code, private ones too. Texts in quotes are no comments, even when they look so. */
final class CommentProse {
    private static final Pattern TEXT_OR_COMMENT =
            Pattern.compile("\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+'|//[^\n]*|/\\*(?s:.*?)\\*/");

    private CommentProse() {}

    /** The source files of all modules. */
    static List<Path> sources() {
        try (Stream<Path> modules = Files.list(Pages.ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(CommentProse::files)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of comments about persons where software is meant. */
    static List<String> personal(String source) {
        return TEXT_OR_COMMENT
                .matcher(source)
                .results()
                .map(found -> found.group())
                .filter(text -> text.startsWith("/"))
                .flatMap(String::lines)
                .filter(Prose::isPersonal)
                .map(String::strip)
                .toList();
    }
}
