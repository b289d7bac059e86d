package io.genericpool.fleet.simulation;

import static io.genericpool.fleet.simulation.SimulatedTime.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulation in a small form: the caps hold, and what there is gets used. */
class FleetSimulationTest {
    private static final int PROCESSES = 60;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void theCapsHoldAndAreUsed(long seed) {
        var fleet = new FleetSimulation(PROCESSES, 40, 10, 60, 15 * SECOND, seed);
        List<FleetSimulation.Phase> phases = FleetSimulation.play(fleet);
        System.out.print("seed " + seed + "\n" + FleetSimulation.table(phases));
        assertThat(phases).allSatisfy(phase -> assertThat(phase.overCap()).as(phase.name()).isZero());
        assertThat(phases.get(0).contended()).as("steady").isGreaterThan(0.9);
        assertThat(phases.get(0).elsewhere()).as("steady").isGreaterThan(0.97);
        assertThat(phases.get(1).callsPerSecond()).as("at rest").isLessThan(PROCESSES / 5.0 * 1.5);
        assertThat(phases.get(2).contended()).as("after the shift").isGreaterThan(0.9);
    }
}
