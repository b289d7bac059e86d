package io.genericpool.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Javadoc that users read: of what is public in the packages that a module exports to everyone. */
final class JavadocProse {
    private static final Pattern EXPORT = Pattern.compile("(?m)^\\s*exports ([\\w.]+);");
    private static final Pattern COMMENT =
            Pattern.compile("(?s)/\\*\\*(.*?)\\*/\\s*((?:@\\w+(?:\\([^)]*\\))?\\s+)*)([^\n]*)");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("(?m)^public .*\\b(class|interface|enum|record|@interface) ");
    private static final Pattern INLINE =
            Pattern.compile("\\{@(?:code|literal|value|link|linkplain|systemProperty|snippet)\\b([^{}]*)}");

    private JavadocProse() {}

    static Prose ofModule(String module) {
        Path kotlin = Pages.ROOT.resolve(module).resolve("src/main/kotlin");
        return Files.isDirectory(kotlin) ? ofKotlin(module, kotlin) : ofJava(module);
    }

    /** All of its KDoc, because a module of Kotlin does not say what it exports. */
    private static Prose ofKotlin(String module, Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".kt")).toList();
            return Prose.of(
                    "KDoc of " + module,
                    found.stream()
                            .flatMap(file -> COMMENT.matcher(Pages.text(file)).results())
                            .map(comment -> comment.group(1).replaceAll("(?m)^\\s*\\*\\s*$", "</p>"))
                            .map(comment -> comment.replaceAll("`[^`]*`", "Code"))
                            .flatMap(JavadocProse::paragraphs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Prose ofJava(String module) {
        Path sources = Pages.ROOT.resolve(module).resolve("src/main/java");
        Stream<String> packages = EXPORT.matcher(Pages.text(sources.resolve("module-info.java")))
                .results()
                .map(found -> found.group(1));
        return Prose.of(
                "Javadoc of " + module,
                packages.flatMap(name -> files(sources.resolve(name.replace('.', '/'))).stream())
                        .flatMap(file -> blocks(Pages.text(file))));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Paragraphs, items and tags of a source, if its type is public. */
    static Stream<String> blocks(String source) {
        var type = PUBLIC_TYPE.matcher(source);
        boolean isPackage = source.contains("\npackage ") || source.startsWith("package ");
        boolean isType = type.find();
        if (!isType && !(isPackage && source.strip().endsWith(";"))) {
            return Stream.empty();
        }
        boolean areMembersPublic =
                isType && !type.group(1).equals("class") && !type.group(1).equals("record");
        return COMMENT.matcher(source)
                .results()
                .filter(found -> isPublished(found.group(3), areMembersPublic))
                .flatMap(found -> paragraphs(found.group(1)));
    }

    private static boolean isPublished(String declaration, boolean areMembersPublic) {
        String text = declaration.strip();
        return text.startsWith("public ")
                || text.startsWith("protected ")
                || text.startsWith("package ")
                || (areMembersPublic && !text.startsWith("private "));
    }

    private static Stream<String> paragraphs(String comment) {
        String text = comment.replaceAll("(?m)^\\s*\\*? ?", "")
                .replaceAll("(?s)<pre>.*?</pre>", "")
                .replaceAll("(?m)^@(param|throws) \\S+", "\u0000")
                .replaceAll("(?m)^@(return|since|see)", "\u0000");
        text = INLINE.matcher(text).replaceAll(found -> label(found.group(1)));
        return Stream.of(text.split("\u0000|</?(?:p|ul|ol|li|table|tr|td|th|caption|dl|dt|dd|h\\d)\\b[^>]*>"))
                .map(block ->
                        block.replaceAll("<[^>]+>", "").replaceAll("\\s+", " ").strip())
                .filter(block -> !block.isEmpty() && !Prose.isFragment(block));
    }

    /** Of a link its label, if it has one: what a reader sees. */
    private static String label(String inside) {
        String[] parts = inside.strip().replaceAll("\\([^)]*\\)", "").split("\\s+", 2);
        return parts.length == 2 && parts[0].matches("[\\w.#]+") ? parts[1].replace("$", "\\$") : "Code";
    }
}
