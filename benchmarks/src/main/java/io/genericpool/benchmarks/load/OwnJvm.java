package io.genericpool.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A measurement in a JVM of its own: the compiler makes other code of the same classes in each one. */
public final class OwnJvm {
    private OwnJvm() {}

    /**
     * Runs a main class with the class path of this JVM.
     *
     * @return the last line that it printed
     * @throws IllegalStateException when it ends with another code than 0
     */
    public static String lastLine(Class<?> main, String... args) throws IOException, InterruptedException {
        return lastLineWith("-Xmx2g", main, args);
    }

    /** As {@link #lastLine}, with another heap. */
    public static String lastLineWith(String heap, Class<?> main, String... args)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    main.getName() + " " + List.of(args) + " ended with " + process.exitValue());
        }
        return last;
    }
}
