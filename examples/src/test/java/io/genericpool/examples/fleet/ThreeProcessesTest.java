package io.genericpool.examples.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ThreeProcessesTest {
    @Test
    @Timeout(120)
    void theCapHoldsAndIsUsedBeforeAndAfterAKill() throws Exception {
        ThreeProcesses.Counted counted = new ThreeProcesses(new PrintStream(OutputStream.nullOutputStream())).run(2);
        assertThat(counted.most()).isEqualTo(ThreeProcesses.CAP);
        assertThat(counted.wasFull()).isTrue();
        assertThat(counted.open().get(0)).as("it was killed").isZero();
        assertThat(counted.open().stream().mapToInt(Integer::intValue).sum())
                .as("the others have what it had: %s", counted.open())
                .isEqualTo(ThreeProcesses.CAP);
    }
}
