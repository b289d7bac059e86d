package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds threads by the beginning of their names, virtual ones too. */
final class ThreadsLeft {
    private ThreadsLeft() {}

    /** Waits until there is none. */
    static void awaitNone(String prefix) {
        await().untilAsserted(() -> assertThat(of(prefix)).isEmpty());
    }

    static List<String> of(String prefix) throws Exception {
        Stream<String> platform = Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
        return Stream.concat(platform, virtual())
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /** Only a dump shows them; it names each in a line such as {@code #35 "name" virtual}. */
    private static Stream<String> virtual() throws Exception {
        if (Runtime.version().feature() < 24) {
            return Stream.empty();
        }
        Path directory = Files.createTempDirectory("threads-left");
        Path dump = directory.resolve("dump");
        try {
            dumpTo(dump);
            return Files.readAllLines(dump).stream()
                    .filter(line -> line.startsWith("#"))
                    .map(line -> line.split("\"", -1)[1]);
        } finally {
            Files.deleteIfExists(dump);
            Files.delete(directory);
        }
    }

    /** By reflection, as the tests are compiled for Java 17. */
    private static void dumpTo(Path file) throws ReflectiveOperationException, IOException {
        Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
        Class<?> format = Class.forName("com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat");
        Object bean =
                ManagementFactory.getPlatformMXBean(type.asSubclass(java.lang.management.PlatformManagedObject.class));
        Method dump = type.getMethod("dumpThreads", String.class, format);
        dump.invoke(bean, file.toString(), format.getField("TEXT_PLAIN").get(null));
    }
}
