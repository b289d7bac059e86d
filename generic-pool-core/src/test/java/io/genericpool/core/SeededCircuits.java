package io.genericpool.core;

import java.util.function.DoubleSupplier;

/** Circuits for tests of other packages that leave nothing to chance: the builder's setter for it is not public. */
public final class SeededCircuits {
    private SeededCircuits() {}

    public static CircuitGovernor withChance(DoubleSupplier chance) {
        return CircuitGovernor.builder().chance(chance).build();
    }
}
