package io.genericpool.benchmarks.overtake;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.benchmarks.subject.Subjects;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OvertakeRunTest {
    @Test
    void itPrintsEachPoolForEachHoldAndBothTargets() throws Exception {
        var bytes = new ByteArrayOutputStream();
        String window = Subjects.OURS + ", within 1 ms";
        new OvertakeRun(List.of(Subjects.OURS, window, Subjects.BAG), new long[] {0}, 1, 20)
                .run(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        List<String> rows = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(rows).filteredOn(row -> row.startsWith("| 0 |")).hasSize(3);
        assertThat(rows).anyMatch(row -> row.contains("bag's leases beside it"));
        assertThat(rows).anyMatch(row -> row.contains("99.9% beside strict order's"));
    }
}
