package io.genericpool.benchmarks.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupRunTest {
    @Test
    void itPrintsEachPolicyBothKindsOfRoundsAndTheTargets() throws Exception {
        var bytes = new ByteArrayOutputStream();
        new GroupRun(1, 1_000_000, 60).run(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        List<String> rows = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        for (String way : List.of(
                "plain, one endpoint",
                "plain, three endpoints in turn",
                "in order",
                "round robin",
                "weighted",
                "least loaded",
                "by key")) {
            assertThat(rows).anyMatch(row -> row.startsWith("| " + way + " |"));
        }
        assertThat(rows).anyMatch(row -> row.startsWith("| all are well |"));
        assertThat(rows).anyMatch(row -> row.startsWith("| one dies ten times a second |"));
        assertThat(rows).anyMatch(row -> row.contains("requests that failed because one of three members died"));
    }
}
