package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the modules tell a native image of their reflection is there, and is all of it. */
class NativeImageTest {
    private static final Pattern REFLECTION = Pattern.compile(
            "\\.getMethod\\(|Class\\.forName\\(|getDeclaredConstructor|newProxyInstance|getResourceAsStream");

    /** Each source with reflection, and where its metadata is; empty where it goes on without, on purpose. */
    private static final Map<String, String> SOURCES = Map.ofEntries(
            Map.entry("PoolThreads.java", "generic-pool-api"),
            Map.entry("Flight.java", "generic-pool-core"),
            Map.entry("ManagerHooks.java", ""), // classes of users: a method that is not found counts as overridden
            Map.entry("PhysicalConnection.java", ""), // classes of drivers, likewise
            Map.entry("LentMetaData.java", "contrib-jdbc"),
            Map.entry("RoutingConnection.java", "contrib-jdbc"),
            Map.entry("Assets.java", "generic-pool-console"),
            Map.entry("LedgerScript.java", "fleet-redis"),
            Map.entry("Ledger.java", "fleet-jdbc"),
            Map.entry("CombinedListener.java", "")); // as ManagerHooks

    private static final Set<String> SINCE_21 =
            Set.of("java.lang.Thread$Builder", "ofVirtual", "newThreadPerTaskExecutor");

    private static Path metadata(String module) {
        return Pages.ROOT
                .resolve(module)
                .resolve("src/main/resources/META-INF/native-image/io.genericpool")
                .resolve(module)
                .resolve("reachability-metadata.json");
    }

    private static JsonNode read(String module) throws IOException {
        return new ObjectMapper().readTree(metadata(module).toFile());
    }

    private static Set<String> modules() {
        var modules = new TreeSet<>(SOURCES.values());
        modules.remove("");
        return modules;
    }

    @Test
    void eachSourceWithReflectionIsKnown() throws IOException {
        var found = new TreeSet<String>();
        for (String module : PublishedModulesTest.published()) {
            Path sources = Pages.ROOT.resolve(module).resolve("src/main");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(file -> file.toString().matches(".*\\.(java|kt)"))
                        .toList()) {
                    if (REFLECTION.matcher(Pages.text(file)).find()) {
                        found.add(String.valueOf(file.getFileName()));
                    }
                }
            }
        }
        assertThat(found).isEqualTo(new TreeSet<>(SOURCES.keySet()));
    }

    @Test
    void whatIsNamedExists() throws Exception {
        for (String module : modules()) {
            for (JsonNode entry : read(module).path("reflection")) {
                JsonNode proxied = entry.path("type").path("proxy");
                List<String> types = new ArrayList<>();
                proxied.forEach(type -> types.add(type.asText()));
                if (types.isEmpty()) {
                    types.add(entry.path("type").asText());
                }
                for (String type : types) {
                    if (isThere(type)) {
                        checkMethods(Class.forName(type), entry.path("methods"));
                    }
                }
            }
        }
    }

    private static boolean isThere(String name) {
        return Runtime.version().feature() >= 21 || !SINCE_21.contains(name);
    }

    private static void checkMethods(Class<?> type, JsonNode methods) {
        for (JsonNode method : methods) {
            String name = method.path("name").asText();
            List<String> parameters = new ArrayList<>();
            method.path("parameterTypes").forEach(parameter -> parameters.add(parameter.asText()));
            Stream<? extends Executable> candidates = name.equals("<init>")
                    ? Arrays.stream(type.getDeclaredConstructors())
                    : Arrays.stream(type.getMethods())
                            .filter(each -> each.getName().equals(name));
            if (isThere(name)) {
                assertThat(candidates.map(each -> Arrays.stream(each.getParameterTypes())
                                .map(Class::getName)
                                .toList()))
                        .as("%s.%s", type.getName(), name)
                        .contains(parameters);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"generic-pool-console,6", "fleet-redis,1", "fleet-jdbc,1"})
    void filesThatAreReadAreIncluded(String module, int atLeast) throws IOException {
        String glob = read(module).path("resources").path(0).path("glob").asText();
        Path resources = Pages.ROOT.resolve(module).resolve("src/main/resources");
        var matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        try (Stream<Path> files = Files.walk(resources.resolve("io"))) {
            assertThat(files.filter(Files::isRegularFile).map(resources::relativize))
                    .hasSizeGreaterThanOrEqualTo(atLeast)
                    .allMatch(matcher::matches);
        }
    }
}
