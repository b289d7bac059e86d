package io.genericpool.reliability.mutants;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** A copy of core's sources, compiled elsewhere, and core's deterministic tests run against it in a JVM of their own. */
final class CoreUnderTest {
    /** Core's module, beside this one. */
    private static final Path CORE = Path.of("..", "generic-pool-core");

    /** A mutant may loop for ever where the pool would not: a run that takes longer than this counts as a hang. */
    private static final long RUN_SECONDS = Long.getLong("mutants.seconds", 240);

    private final Path directory;

    CoreUnderTest(Path directory) {
        this.directory = directory;
    }

    /** The text of each source file of core's main code, by its path. */
    static Map<String, String> sources() throws IOException {
        Path root = CORE.resolve("src/main/java");
        Map<String, String> sources = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java"))
                    .filter(f -> !f.endsWith("module-info.java"))
                    .toList()) {
                sources.put(root.relativize(file).toString().replace(File.separatorChar, '/'), Files.readString(file));
            }
        }
        return sources;
    }

    /** Where the source of one of core's tests stands. */
    static Path sourceOfTest(String test) {
        return CORE.resolve("src/test/java").resolve(test.replace('.', '/') + ".java");
    }

    /** Compiles sources. @throws IllegalStateException with javac's words when that fails */
    void compile(Map<String, String> sources) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            files.setLocation(StandardLocation.CLASS_OUTPUT, List.of(directory.toFile()));
            var units = new ArrayList<JavaFileObject>();
            sources.forEach((path, text) -> units.add(new Source(path, text)));
            var words = new StringWriter();
            var options = List.of(
                    "-proc:none", "-nowarn", "-parameters", "-classpath", System.getProperty("java.class.path"));
            if (!compiler.getTask(words, files, null, options, null, units).call()) {
                throw new IllegalStateException("does not compile:\n" + words);
            }
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String path, String text) {
            super(URI.create("mutant:///" + path), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Runs tests of core against what was compiled. @return the first that failed; empty when all passed */
    String firstFailure(List<String> tests) throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1", // short runs: compile little
                "-Xshare:auto",
                "-cp",
                classPath(),
                FirstFailure.class.getName()));
        command.addAll(tests);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(RUN_SECONDS, TimeUnit.SECONDS)) {
                return lastLine(log, FirstFailure.STARTED) + " (hangs)";
            }
        } finally {
            process.destroyForcibly();
        }
        return switch (process.exitValue()) {
            case FirstFailure.PASSED -> "";
            case FirstFailure.FAILED -> lastLine(log, FirstFailure.FAILURE);
            default ->
                throw new IllegalStateException(
                        "the tests did not run, exit value " + process.exitValue() + ":\n" + Files.readString(log));
        };
    }

    private static String lastLine(Path log, String prefix) throws IOException {
        String last = "";
        for (String line : Files.readAllLines(log)) {
            if (line.startsWith(prefix)) {
                last = line.substring(prefix.length());
            }
        }
        return last;
    }

    /** The copy before everything else, and core's tests, which this module's own class path does not have. */
    private String classPath() {
        Path tests = CORE.resolve("target/test-classes");
        if (!Files.isDirectory(tests)) {
            throw new IllegalStateException("core's tests are not compiled: no " + tests.toAbsolutePath());
        }
        return String.join(
                File.pathSeparator, directory.toString(), tests.toString(), System.getProperty("java.class.path"));
    }
}
