package io.genericpool.fleet.simulation;

import static io.genericpool.fleet.simulation.SimulatedTime.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulation in a small form: the caps hold, and what there is gets used. */
class FleetSimulationTest {
    private static final int PROCESSES = 60;

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 15", "3, 15"})
    void theCapsHoldAndAreUsed(long seed, long graceSeconds) {
        var fleet = new FleetSimulation(PROCESSES, 40, 10, 60, 0.2, graceSeconds * SECOND, seed);
        List<FleetSimulation.Phase> phases = FleetSimulation.play(fleet);
        System.out.print("seed " + seed + ", grace " + graceSeconds + " s\n" + FleetSimulation.table(phases));
        // Paused for longer than the lease and the grace, a process may wake up with connections that are others' by
        // then.
        int pause = graceSeconds > 0 ? phases.size() : phases.size() - 2;
        assertThat(phases.subList(0, pause))
                .allSatisfy(
                        phase -> assertThat(phase.overCap()).as(phase.name()).isZero());
        assertThat(phases.get(0).contended()).as("steady").isGreaterThan(0.9);
        assertThat(phases.get(0).elsewhere()).as("steady").isGreaterThan(0.97);
        assertThat(phases.get(1).callsPerSecond()).as("at rest").isLessThan(PROCESSES / 5.0 * 1.2);
        assertThat(phases.get(2).contended()).as("after the shift").isGreaterThan(0.9);
        if (graceSeconds == 0) { // else it may wait longer for those that died shortly before
            assertThat(phases.get(7).contended()).as("20 s after an outage").isGreaterThan(0.9);
        }
        for (FleetSimulation.Phase learning : phases.subList(9, 11)) { // all that time, where there is a grace
            assertThat(learning.contended())
                    .as(learning.name() + ", without data")
                    .isGreaterThan(0.75);
            assertThat(learning.elsewhere())
                    .as(learning.name() + ", without data")
                    .isGreaterThan(0.9);
        }
    }
}
